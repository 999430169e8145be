package dev.spike.core.sales;

import java.util.Arrays;

/**
 * Cuts the rows of a block of CSV into fields, where they stand. The rule is that of RFC 4180 with
 * any separator and LF, CRLF or CR as line end: a quote opens where a field starts and is a letter
 * elsewhere; what follows it is one field up to the quote that is not doubled, behind which the
 * field ends.
 */
final class RowScanner {
  /** Both line ends are below; what else is stands in no usual export. */
  private static final long CONTROLS = Words.pattern((char) ('\r' + 1));

  private static final long QUOTES = Words.pattern('"');

  private final byte separator;
  private final long separators;
  private byte[] block = new byte[0];
  private int length;
  private int at;
  private byte[] undoubled = new byte[256];
  private long line;
  private int lineEnds;
  private int columns;
  private boolean isEmpty;
  private long seen;

  /** Takes the fields of a row. */
  interface Fields {
    /** A field; its bytes stand there only during the call. */
    void field(int column, byte[] text, int from, int count);
  }

  /** A field goes on behind its closing quote. */
  static final class LettersBehindQuote extends Exception {
    private static final long serialVersionUID = 1L;

    LettersBehindQuote() {
      super("a field goes on behind its closing quote");
    }
  }

  RowScanner(char separator) {
    this.separator = (byte) separator;
    this.separators = Words.pattern(separator);
  }

  /**
   * Starts with a block of whole rows.
   *
   * @param text has {@link RecordBlocks#PADDING} bytes behind its length, of which the first is
   *     overwritten
   */
  RowScanner over(byte[] text, int count) {
    block = text;
    length = count;
    // The last row may have no line end: here it has one, so no search needs to look for the end.
    block[length] = '\n';
    at = 0;
    line = 1;
    lineEnds = 0;
    seen = 0;
    return this;
  }

  /**
   * Gives the fields of the next row; an empty line has none.
   *
   * @return false at the end, when there was none
   */
  boolean next(Fields fields) throws LettersBehindQuote {
    line += lineEnds;
    lineEnds = 0;
    columns = 0;
    if (at >= length) {
      return false;
    }
    byte[] text = block;
    int from = at;
    int end = from;
    isEmpty = isLineEnd(text[from]);
    while (!isEmpty) {
      if (text[from] == '"') {
        end = quoted(fields, from);
        if (!endsField(text[end])) {
          throw new LettersBehindQuote();
        }
      } else {
        end = fieldEnd(text, from);
        fields.field(columns, text, from, end - from);
      }
      columns++;
      if (text[end] != separator) {
        break;
      }
      from = end + 1;
    }
    lineEnds++;
    at = isHalf(end) ? end + 2 : end + 1;
    return true;
  }

  /** The line where the row starts; after the last row, the line behind it. Counts from 1. */
  long line() {
    return line;
  }

  /** The row's fields. */
  int columns() {
    return columns;
  }

  /** Whether the row is an empty line. */
  boolean isEmpty() {
    return isEmpty;
  }

  /** Whether there was any letter beyond ASCII so far; may say so without one. */
  boolean isBeyondAscii() {
    return (seen & Words.TOPS) != 0;
  }

  private static boolean isLineEnd(byte letter) {
    return letter == '\n' || letter == '\r';
  }

  private boolean endsField(byte letter) {
    return letter == separator || isLineEnd(letter);
  }

  /** Of CRLF, both belong to the one line end. */
  private boolean isHalf(int end) {
    return block[end] == '\r' && end + 1 < length && block[end + 1] == '\n';
  }

  /** Gives a quoted field; what is behind its closing quote. */
  private int quoted(Fields fields, int open) {
    int doubled = 0;
    int from = open + 1;
    while (true) {
      int found = quoteOrLineEnd(block, from);
      if (found >= length) {
        return given(fields, open + 1, length, doubled);
      }
      if (block[found] != '"') {
        lineEnds += isHalf(found) ? 0 : 1;
        from = found + 1;
      } else if (block[found + 1] == '"') {
        doubled++;
        from = found + 2;
      } else {
        given(fields, open + 1, found, doubled);
        return found + 1;
      }
    }
  }

  private int given(Fields fields, int from, int end, int doubled) {
    if (doubled == 0) {
      fields.field(columns, block, from, end - from);
      return end;
    }
    int count = 0;
    if (undoubled.length < end - from) {
      undoubled = Arrays.copyOf(undoubled, end - from);
    }
    for (int next = from; next < end; next++) {
      undoubled[count++] = block[next];
      next += block[next] == '"' ? 1 : 0;
    }
    fields.field(columns, undoubled, 0, count);
    return end;
  }

  /** The first separator or line end; there always is the line end behind the block. */
  private int fieldEnd(byte[] text, int from) {
    int next = from;
    while (true) {
      long word = Words.at(text, next);
      seen |= word;
      long marks = Words.marks(word, separators) | Words.marksBelow(word, CONTROLS);
      if (marks == 0) {
        next += Long.BYTES;
      } else {
        int found = next + Words.first(marks);
        if (endsField(text[found])) {
          return found;
        }
        next = found + 1;
      }
    }
  }

  /** The first quote or line end; there always is the line end behind the block. */
  private int quoteOrLineEnd(byte[] text, int from) {
    int next = from;
    while (true) {
      long word = Words.at(text, next);
      seen |= word;
      long marks = Words.marks(word, QUOTES) | Words.marksBelow(word, CONTROLS);
      if (marks == 0) {
        next += Long.BYTES;
      } else {
        int found = next + Words.first(marks);
        if (text[found] == '"' || isLineEnd(text[found])) {
          return found;
        }
        next = found + 1;
      }
    }
  }
}

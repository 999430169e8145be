package dev.spike.core.sales;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Parses blocks of whole records, one after the other, in one thread at a time. */
final class BlockParser {
  private static final RowScanner.Fields UNSEEN = (column, text, from, count) -> {};

  private final RowScanner scanner;
  private final Rows rows;
  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final CharBuffer letters = CharBuffer.allocate(1 << 13);

  /** A block's outcome; lines count from its own start. */
  record Parsed(RowTally tally, long lines, @Nullable Fault fault) {}

  /**
   * What makes a block unreadable.
   *
   * @param what a clause that the number of the line ends
   */
  record Fault(String what, long line, String next) {}

  BlockParser(char separator, Rows rows) {
    this.scanner = new RowScanner(separator);
    this.rows = rows;
  }

  Rows rows() {
    return rows;
  }

  /**
   * Counts the rows of a block.
   *
   * @param block with room behind its length, as {@link RowScanner#over} wants it
   */
  Parsed parse(byte[] block, int length, boolean withHeader) {
    RowTally tally = rows.begin();
    boolean isHeader = withHeader;
    scanner.over(block, length);
    try {
      while (scanner.next(isHeader ? UNSEEN : rows)) {
        if (!scanner.isEmpty()) {
          if (!isHeader) {
            rows.end(scanner.line(), scanner.columns());
          }
          isHeader = false;
        }
      }
    } catch (RowScanner.LettersBehindQuote broken) {
      return new Parsed(tally, 0, lettersBehindQuote());
    }
    Fault fault = scanner.isBeyondAscii() ? noUtf8(block, length) : null;
    return new Parsed(tally, scanner.line() - 1, fault);
  }

  private Fault lettersBehindQuote() {
    return new Fault(
        "has letters behind the closing quote of a field, in the row of line ",
        scanner.line(),
        "Look for a quote that is never closed, or for quotes in a field that are not doubled.");
  }

  private @Nullable Fault noUtf8(byte[] block, int length) {
    ByteBuffer bytes = ByteBuffer.wrap(block, 0, length);
    utf8.reset();
    CoderResult result;
    do {
      result = utf8.decode(bytes, letters.clear(), true);
    } while (result.isOverflow());
    return result.isError()
        ? new Fault(
            "is not UTF-8 text from line ",
            RecordBlocks.lineEnds(block, bytes.position()) + 1L,
            "Export it as UTF-8, or convert it with iconv.")
        : null;
  }
}

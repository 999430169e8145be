package dev.spike.core.sales;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * Cuts CSV into blocks of whole records, so that several threads can parse them. Only quotes and
 * line ends are looked at, by the parser's own rule: a quote opens where a field starts and is a
 * letter elsewhere; what follows it is one field up to the quote that is not doubled.
 */
final class RecordBlocks {
  private static final int HEADER_BYTES_MAX = 1 << 16;
  private static final String SEPARATORS = ",;\t|";
  private static final long QUOTES = Words.pattern('"');

  /** Bytes of a buffer that stay free behind its block, for {@link RowScanner}. */
  static final int PADDING = Long.BYTES;

  private final InputStream in;
  private Optional<Character> separator;
  private byte[] tail = new byte[0];
  private boolean ended;

  /** A record that does not end. */
  static final class EndlessRecord extends Exception {
    private static final long serialVersionUID = 1L;
    private final int lines;
    private final boolean quoted;

    private EndlessRecord(int lines, boolean quoted) {
      this.lines = lines;
      this.quoted = quoted;
    }

    /** Lines of the block before the one where it opens. */
    int lines() {
      return lines;
    }

    /** Whether it is a quote that is not closed; else a line without end. */
    boolean isQuoted() {
      return quoted;
    }
  }

  /** Where a scan stands. */
  private record Scan(int cut, int openedAt) {}

  /**
   * Reads from the start of a file.
   *
   * @param in UTF-8 without byte-order mark
   * @param separator empty when it is the one that the header has most of
   */
  RecordBlocks(InputStream in, Optional<Character> separator) {
    this.in = in;
    this.separator = separator;
  }

  /** The separator; known once the first block is read. */
  char separator() {
    return separator.orElse(SEPARATORS.charAt(0));
  }

  /**
   * Fills a block with whole records, up to {@link #PADDING} bytes before its end.
   *
   * @return its bytes, 0 at the end
   * @throws EndlessRecord when a record is longer than the block, or its quote is never closed
   */
  int next(byte[] block) throws IOException, EndlessRecord {
    System.arraycopy(tail, 0, block, 0, tail.length);
    int length = tail.length;
    if (!ended) {
      int room = block.length - PADDING;
      length += in.readNBytes(block, length, room - length);
      ended = length < room;
    }
    tail = new byte[0];
    if (separator.isEmpty()) {
      separator = Optional.of(separatorOf(block, length));
    }
    Scan scan = scan(block, length);
    if (ended && scan.openedAt() < 0) {
      return length;
    }
    if (scan.cut() <= 0) {
      boolean quoted = scan.openedAt() >= 0;
      throw new EndlessRecord(quoted ? lineEnds(block, scan.openedAt()) : 0, quoted);
    }
    tail = Arrays.copyOfRange(block, scan.cut(), length);
    return scan.cut();
  }

  /** The end of the last whole record, and the quote that is open at the end, or -1. */
  private Scan scan(byte[] block, int length) {
    int cut = 0;
    int regionStart = 0;
    int closedAt = -1;
    int quote = quoteFrom(block, 0, length);
    while (quote >= 0) {
      if ((closedAt >= 0 && quote == closedAt + 1) || startsField(block, quote)) {
        cut = Math.max(cut, lastRecordEnd(block, regionStart, quote, length));
        closedAt = quoteFrom(block, quote + 1, length);
        if (closedAt < 0) {
          return new Scan(cut, quote);
        }
        regionStart = closedAt + 1;
      }
      quote = quoteFrom(block, Math.max(quote, closedAt) + 1, length);
    }
    return new Scan(Math.max(cut, lastRecordEnd(block, regionStart, length, length)), -1);
  }

  private boolean startsField(byte[] block, int at) {
    if (at == 0) {
      return true;
    }
    byte before = block[at - 1];
    return before == separator() || before == '\n' || before == '\r';
  }

  /** Behind the last line end between two places; a CR that may be half of CRLF does not count. */
  private int lastRecordEnd(byte[] block, int from, int to, int length) {
    for (int at = to - 1; at >= from; at--) {
      if (block[at] == '\n'
          || (block[at] == '\r' && (at + 1 < length ? block[at + 1] != '\n' : ended))) {
        return at + 1;
      }
    }
    return 0;
  }

  private static int quoteFrom(byte[] block, int from, int length) {
    int at = from;
    for (; at + 8 <= length; at += 8) {
      long marks = Words.marks(Words.at(block, at), QUOTES);
      if (marks != 0) {
        return at + Words.first(marks);
      }
    }
    for (; at < length; at++) {
      if (block[at] == '"') {
        return at;
      }
    }
    return -1;
  }

  /** Line ends before a place. */
  static int lineEnds(byte[] block, int before) {
    int lines = 0;
    for (int at = 0; at < before; at++) {
      boolean half = block[at] == '\r' && at + 1 < before && block[at + 1] == '\n';
      lines += block[at] == '\n' || (block[at] == '\r' && !half) ? 1 : 0;
    }
    return lines;
  }

  /** The separator that the header has most of, outside quotes. */
  private static char separatorOf(byte[] block, int length) {
    int[] counts = new int[SEPARATORS.length()];
    boolean quoted = false;
    boolean any = false;
    for (int at = 0; at < Math.min(length, HEADER_BYTES_MAX); at++) {
      int letter = block[at];
      boolean lineEnd = letter == '\n' || letter == '\r';
      if (any && !quoted && lineEnd) {
        break;
      }
      any |= !lineEnd;
      quoted ^= letter == '"';
      int candidate = SEPARATORS.indexOf(letter);
      if (candidate >= 0 && !quoted) {
        counts[candidate]++;
      }
    }
    int best = 0;
    for (int candidate = 1; candidate < counts.length; candidate++) {
      best = counts[candidate] > counts[best] ? candidate : best;
    }
    return SEPARATORS.charAt(best);
  }
}

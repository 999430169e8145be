package dev.spike.core.sales;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Text as UTF-8 without byte-order mark; UTF-16 with one is encoded anew. */
final class Utf8 extends InputStream {
  private static final int LETTERS = 1 << 14;

  private final Reader letters;
  private final CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
  private final CharBuffer in = CharBuffer.allocate(LETTERS).flip();
  private final ByteBuffer out = ByteBuffer.allocate(3 * LETTERS).flip();

  private Utf8(InputStream bytes, Charset charset) {
    this.letters =
        new InputStreamReader(
            bytes,
            charset
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT));
  }

  /**
   * Takes a byte-order mark away.
   *
   * @param in at its start; supports mark and reset
   */
  static InputStream of(InputStream in) throws IOException {
    in.mark(3);
    byte[] head = in.readNBytes(3);
    in.reset();
    int first = head.length > 1 ? ((head[0] & 0xff) << 8) | (head[1] & 0xff) : 0;
    if (first == 0xfffe || first == 0xfeff) {
      in.skipNBytes(2);
      return new Utf8(in, first == 0xfffe ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE);
    }
    if (first == 0xefbb && head.length > 2 && (head[2] & 0xff) == 0xbf) {
      in.skipNBytes(3);
    }
    return in;
  }

  @Override
  public int read() throws IOException {
    return more() ? out.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!more()) {
      return -1;
    }
    int count = Math.min(length, out.remaining());
    out.get(into, offset, count);
    return count;
  }

  /** Half of a pair stays until its other half is there; decoded text has no lonely halves. */
  private boolean more() throws IOException {
    while (!out.hasRemaining()) {
      in.compact();
      boolean ended = letters.read(in) < 0;
      in.flip();
      if (ended && !in.hasRemaining()) {
        return false;
      }
      out.clear();
      encoder.encode(in, out, ended);
      out.flip();
    }
    return true;
  }
}

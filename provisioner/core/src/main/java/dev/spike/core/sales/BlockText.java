package dev.spike.core.sales;

import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** The letters of a block of UTF-8, decoded straight into the parser's buffer. */
final class BlockText extends Reader {
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private ByteBuffer bytes = ByteBuffer.allocate(0);

  BlockText of(byte[] block, int length) {
    decoder.reset();
    bytes = ByteBuffer.wrap(block, 0, length);
    return this;
  }

  /** How many bytes were decoded; after a failure, those before what is no UTF-8. */
  int position() {
    return bytes.position();
  }

  @Override
  public int read(char[] into, int offset, int length) throws IOException {
    if (!bytes.hasRemaining()) {
      return -1;
    }
    CharBuffer letters = CharBuffer.wrap(into, offset, length);
    CoderResult result = decoder.decode(bytes, letters, true);
    if (result.isError()) {
      if (letters.position() > offset) {
        return letters.position() - offset;
      }
      result.throwException();
    }
    return letters.position() - offset;
  }

  @Override
  public void close() {
    // The block is the reader's, and where a failure stood is asked for afterwards.
  }
}

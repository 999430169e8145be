package dev.spike.core.sales;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Unpacks gzip of one or more members, as concatenated or parallel-packed files have. What follows
 * the last member and is not zeros is an error: the JDK's own stream takes a broken next member for
 * the end, and so would lose the rest of the orders without a word.
 */
final class Gunzip extends GZIPInputStream {
  private static final int TRAILER_BYTES = 8;

  Gunzip(InputStream packed, int buffer) throws IOException {
    super(new NeverDry(packed), buffer);
  }

  /**
   * Looks at what follows the last member; call at the end.
   *
   * @throws ZipException when it is more than padding
   */
  void checkEnd() throws IOException {
    int rest = inf.getRemaining() - TRAILER_BYTES;
    for (int at = len - Math.max(rest, 0); at < len; at++) {
      refuse(buf[at]);
    }
    for (int next = in.read(); next >= 0; next = in.read()) {
      refuse(next);
    }
  }

  private static void refuse(int value) throws ZipException {
    if (value != 0) {
      throw new ZipException("after its gzip data come bytes that are none");
    }
  }

  /** A pipe may have nothing to read now and more later: only its end is the end. */
  private static final class NeverDry extends FilterInputStream {
    NeverDry(InputStream in) {
      super(in);
    }

    @Override
    public int available() {
      return 1;
    }
  }
}

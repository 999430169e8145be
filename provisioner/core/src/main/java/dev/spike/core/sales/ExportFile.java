package dev.spike.core.sales;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

/** The bytes of an export: unpacked when they are gzip, counted and digested as they pass. */
final class ExportFile implements AutoCloseable {
  private static final int BUFFER = 1 << 16;
  private static final String NEXT = "Name the export's path relative to the event file.";

  private final String name;
  private final MessageDigest digest;
  private final Counted raw;
  private final InputStream content;

  private ExportFile(String name, MessageDigest digest, Counted raw, InputStream content) {
    this.name = name;
    this.digest = digest;
    this.raw = raw;
    this.content = content;
  }

  /**
   * Opens an export.
   *
   * @param name as in the event file, for messages
   * @throws TicketDataException MISSING_FILE, or BAD_DATA when it is empty or binary
   */
  static ExportFile open(String name, Path path) throws TicketDataException {
    if (!Files.exists(path)) {
      throw missing(name, "there is no such file", null);
    }
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw missing(name, "it is not a file that may be read", null);
    }
    try {
      return opened(name, path);
    } catch (IOException failed) {
      throw new TicketDataException(
          TicketDataException.Kind.BAD_DATA,
          "The ticket export " + name + " cannot be read: " + failed.getMessage() + ".",
          "Export it again, and check that it opens.",
          failed);
    }
  }

  private static ExportFile opened(String name, Path path) throws IOException, TicketDataException {
    MessageDigest sha256 = sha256();
    Counted raw = new Counted(Files.newInputStream(path));
    try {
      BufferedInputStream digested =
          new BufferedInputStream(new DigestInputStream(raw, sha256), BUFFER);
      InputStream content = digested;
      if (startsWith(digested, 0x1f, 0x8b)) {
        content = new BufferedInputStream(new GZIPInputStream(digested, BUFFER), BUFFER);
      }
      refuseNoText(name, content);
      return new ExportFile(name, sha256, raw, content);
    } catch (IOException | TicketDataException failed) {
      raw.close();
      throw failed;
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every Java platform has SHA-256", missing);
    }
  }

  private static boolean startsWith(InputStream in, int first, int second) throws IOException {
    in.mark(2);
    boolean same = in.read() == first && in.read() == second;
    in.reset();
    return same;
  }

  private static void refuseNoText(String name, InputStream content)
      throws IOException, TicketDataException {
    content.mark(8192);
    byte[] head = content.readNBytes(8192);
    content.reset();
    if (head.length == 0) {
      throw TicketDataException.bad(
          "The ticket export " + name + " is empty.", "Export it again, and check that it opens.");
    }
    boolean utf16 =
        head.length > 1 && ((head[0] & 0xff) ^ (head[1] & 0xff)) == 1 && (head[0] & 0xfe) == 0xfe;
    for (byte value : head) {
      if (value == 0 && !utf16) {
        throw TicketDataException.bad(
            "The ticket export " + name + " is binary, not text.",
            "Export it as CSV or JSON; a spreadsheet file (.xlsx) is not read.");
      }
    }
  }

  private static TicketDataException missing(
      String name, String why, @org.jspecify.annotations.Nullable Throwable cause) {
    return new TicketDataException(
        TicketDataException.Kind.MISSING_FILE,
        "The ticket export " + name + " cannot be read: " + why + ".",
        NEXT,
        cause);
  }

  String name() {
    return name;
  }

  /** The unpacked bytes; supports mark and reset. */
  InputStream content() {
    return content;
  }

  /** SHA-256 of the file's bytes; reads what is left of it. */
  String digest() {
    return "sha256:" + HexFormat.of().formatHex(digest.digest());
  }

  long bytes() {
    return raw.count;
  }

  /** Reads to the end, so that the digest is that of the whole file. */
  void drain() throws IOException {
    content.transferTo(java.io.OutputStream.nullOutputStream());
  }

  @Override
  public void close() throws IOException {
    content.close();
  }

  private static final class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      count += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int got = super.read(into, offset, length);
      count += Math.max(0, got);
      return got;
    }
  }
}

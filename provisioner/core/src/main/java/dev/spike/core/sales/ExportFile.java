package dev.spike.core.sales;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.ZipException;

/**
 * The bytes of an export, a file or standard input: unpacked when they are gzip, counted and
 * digested as they pass.
 */
final class ExportFile implements AutoCloseable {
  /** The path that means standard input. */
  static final String STANDARD_INPUT = "-";

  private static final int BUFFER = 1 << 16;
  private static final String NEXT = "Name the export's path relative to the event file.";

  private final String name;
  private final MessageDigest digest;
  private final Counted raw;
  private final Optional<Gunzip> packed;
  private final InputStream content;

  private ExportFile(
      String name,
      MessageDigest digest,
      Counted raw,
      Optional<Gunzip> packed,
      InputStream content) {
    this.name = name;
    this.digest = digest;
    this.raw = raw;
    this.packed = packed;
    this.content = content;
  }

  /** How messages call an export of that path. */
  static String named(String path) {
    return path.equals(STANDARD_INPUT) ? "on standard input" : path;
  }

  /**
   * Opens the export of a source.
   *
   * @param path as in the event file; {@code -} is standard input, which is left open
   * @param folder that it is relative to
   */
  static ExportFile of(String path, Path folder) throws TicketDataException {
    return path.equals(STANDARD_INPUT)
        ? opening(named(path), () -> new Open(System.in))
        : open(path, folder.resolve(path));
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
    if (Files.isDirectory(path)) {
      throw missing(name, "it is a folder", null);
    }
    if (!Files.isRegularFile(path)) {
      throw missing(name, "it is a pipe or device; the path \"-\" is standard input", null);
    }
    if (!Files.isReadable(path)) {
      throw missing(name, "this user may not read it", null);
    }
    return opening(name, () -> Files.newInputStream(path));
  }

  private interface Bytes {
    InputStream open() throws IOException;
  }

  private static ExportFile opening(String name, Bytes bytes) throws TicketDataException {
    try {
      return opened(name, bytes.open());
    } catch (IOException failed) {
      throw new TicketDataException(
          TicketDataException.Kind.BAD_DATA,
          "The ticket export " + name + " cannot be read: " + why(failed) + ".",
          "Export it again, and check that it opens.",
          failed);
    }
  }

  /** What broke, as far as the failure tells: some of the JDK's have no message. */
  static String why(IOException failed) {
    if (failed instanceof EOFException) {
      return "its gzip data ends in the middle";
    }
    if (failed instanceof ZipException) {
      return "its gzip data is damaged (" + failed.getMessage() + ")";
    }
    return Objects.requireNonNullElse(failed.getMessage(), failed.getClass().getSimpleName());
  }

  private static ExportFile opened(String name, InputStream in)
      throws IOException, TicketDataException {
    MessageDigest sha256 = sha256();
    Counted raw = new Counted(in);
    try {
      BufferedInputStream digested =
          new BufferedInputStream(new DigestInputStream(raw, sha256), BUFFER);
      InputStream content = digested;
      Optional<Gunzip> packed = Optional.empty();
      if (startsWith(digested, 0x1f, 0x8b)) {
        Gunzip members = new Gunzip(digested, BUFFER);
        packed = Optional.of(members);
        content = new BufferedInputStream(members, BUFFER);
      }
      refuseNoText(name, content);
      return new ExportFile(name, sha256, raw, packed, content);
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

  /**
   * Reads to the end, so that the digest is that of the whole file.
   *
   * @throws IOException also when what follows gzip data is none
   */
  void drain() throws IOException {
    content.transferTo(OutputStream.nullOutputStream());
    if (packed.isPresent()) {
      packed.get().checkEnd();
    }
  }

  @Override
  public void close() throws IOException {
    content.close();
  }

  /** Bytes of the process, which outlive the export. */
  private static final class Open extends FilterInputStream {
    Open(InputStream in) {
      super(in);
    }

    @Override
    public void close() {
      // Standard input is the process's, not the export's.
    }
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

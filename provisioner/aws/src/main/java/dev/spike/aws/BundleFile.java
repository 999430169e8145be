package dev.spike.aws;

import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarFile;
import java.util.zip.GZIPOutputStream;

/**
 * What nodes fetch: one gzip-compressed tar of {@code spike-node.jar} and {@code node/}, the files
 * of templates/node. The same files give the same bytes: names in order, no times, no owners.
 */
final class BundleFile {
  /** The system property that names the installation's folder. */
  static final String HOME = "spike.home";

  private static final int BLOCK = 512;
  private static final String JAR = "spike-node.jar";
  private static final String NODE = "node";

  /** The files of templates/node, in the order they are packed in. */
  static final List<String> NODE_FILES =
      List.of(
          "90-spike.conf",
          "README.md",
          "boot",
          "configure",
          "feed",
          "logs",
          "network",
          "router.options",
          "run",
          "serve.options",
          "spike-boot.service",
          "spike-network.service",
          "spike-router.service",
          "spike-serve.service",
          "user-data");

  private BundleFile() {}

  /** A bundle on disk; the file is temporary and the caller's to delete. */
  record Packed(Path file, String sha256) {}

  /** The folder of this installation that holds the jar. */
  static Path installed() throws ProviderException {
    Optional<Path> folder =
        Optional.ofNullable(System.getProperty(HOME)).map(home -> Path.of(home, "bundle"));
    if (folder.isEmpty() || !Files.isReadable(folder.get().resolve(JAR))) {
      throw new ProviderException(
          Kind.UNAVAILABLE,
          "the bundle for the nodes was not found",
          "Start spike with scripts/spike, which sets -D"
              + HOME
              + "=DIST where DIST/bundle/spike-node.jar is.");
    }
    return folder.get();
  }

  /** The version that a folder's jar says it has; empty when it says none. */
  static Optional<String> version(Path folder) throws IOException {
    try (JarFile jar = new JarFile(folder.resolve(JAR).toFile())) {
      return Optional.ofNullable(jar.getManifest())
          .map(manifest -> manifest.getMainAttributes().getValue("Implementation-Version"));
    }
  }

  /** Packs a folder's jar and the files of a node that this program carries. */
  static Packed pack(Path folder) throws IOException {
    Path file = Files.createTempFile("spike-bundle-", ".tar.gz");
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      try (OutputStream out =
          new GZIPOutputStream(
              new DigestOutputStream(
                  new BufferedOutputStream(Files.newOutputStream(file), 1 << 16), sha),
              1 << 16)) {
        add(out, folder.resolve(JAR));
        for (String name : NODE_FILES) {
          add(out, NODE + "/" + name, carried(name));
        }
        out.write(new byte[2 * BLOCK]);
      }
      return new Packed(file, HexFormat.of().formatHex(sha.digest()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    } catch (IOException failure) {
      Files.deleteIfExists(file);
      throw failure;
    }
  }

  private static byte[] carried(String name) throws IOException {
    try (InputStream in = BundleFile.class.getResourceAsStream("node/" + name)) {
      if (in == null) {
        throw new IOException("this program does not carry node/" + name);
      }
      return in.readAllBytes();
    }
  }

  private static void add(OutputStream out, Path jar) throws IOException {
    long bytes = Files.size(jar);
    out.write(header(JAR, bytes, false));
    try (InputStream in = Files.newInputStream(jar)) {
      if (in.transferTo(out) != bytes) {
        throw new IOException(jar + " changed while it was packed");
      }
    }
    fill(out, bytes);
  }

  /** A script is known by its first two characters. */
  private static void add(OutputStream out, String name, byte[] content) throws IOException {
    boolean script = content.length > 1 && content[0] == '#' && content[1] == '!';
    out.write(header(name, content.length, script));
    out.write(content);
    fill(out, content.length);
  }

  private static void fill(OutputStream out, long bytes) throws IOException {
    out.write(new byte[(int) ((BLOCK - bytes % BLOCK) % BLOCK)]);
  }

  /** A header block of POSIX.1-1988 (ustar). */
  private static byte[] header(String name, long bytes, boolean executable) {
    byte[] header = new byte[BLOCK];
    text(header, 0, 100, name);
    text(header, 100, 8, executable ? "0000755" : "0000644");
    text(header, 108, 8, "0000000");
    text(header, 116, 8, "0000000");
    text(header, 124, 12, String.format(java.util.Locale.ROOT, "%011o", bytes));
    text(header, 136, 12, "00000000000");
    text(header, 148, 8, "        ");
    text(header, 156, 1, "0");
    text(header, 257, 6, "ustar");
    text(header, 263, 2, "00");
    int sum = 0;
    for (byte value : header) {
      sum += value & 0xff;
    }
    text(header, 148, 7, String.format(java.util.Locale.ROOT, "%06o", sum));
    header[155] = ' ';
    return header;
  }

  private static void text(byte[] header, int at, int room, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length > room) {
      throw new IllegalArgumentException("'" + text + "' is longer than " + room + " bytes");
    }
    System.arraycopy(bytes, 0, header, at, bytes.length);
    if (bytes.length < room) {
      header[at + bytes.length] = 0;
    }
  }
}

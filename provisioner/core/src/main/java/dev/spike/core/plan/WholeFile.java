package dev.spike.core.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A file that is written beside its place first and then put there in one step: a reader sees the
 * old file or the new one, and a command that fails in between leaves the old one.
 *
 * <p>The name beside it is new each time and never followed when it is there already, so that
 * nobody who can write to the folder can turn the writing elsewhere. A link is followed, and what
 * is no file (a pipe, a device such as {@code /dev/null}) is written to as it is and never
 * replaced.
 */
public final class WholeFile implements AutoCloseable {
  private final Path place;
  private final Path beside;
  private final boolean replaceable;

  private WholeFile(Path place, Path beside, boolean replaceable) {
    this.place = place;
    this.beside = beside;
    this.replaceable = replaceable;
  }

  /**
   * Takes the place beside the file; the file itself is not touched yet.
   *
   * @throws IOException when the folder is missing or cannot be written, or the file is a folder
   */
  public static WholeFile open(Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("it is a folder");
    }
    boolean there = Files.exists(file);
    if (there && !Files.isRegularFile(file)) {
      if (!Files.isWritable(file)) {
        throw new IOException("no permission for " + file);
      }
      return new WholeFile(file, file, false);
    }
    Path place = there ? file.toRealPath() : file.toAbsolutePath();
    String mark = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    Path beside = place.resolveSibling(place.getFileName() + "." + mark + ".new");
    try {
      Files.createFile(beside);
    } catch (NoSuchFileException missing) {
      throw new IOException("no file can be made in " + place.getParent(), missing);
    }
    return new WholeFile(place, beside, true);
  }

  /** Replaces a file's content in one step. */
  public static void write(Path file, byte[] content) throws IOException {
    try (WholeFile whole = open(file)) {
      whole.publish(content);
    }
  }

  /** Writes the content and puts it in its place. */
  public void publish(byte[] content) throws IOException {
    if (!replaceable) {
      Files.write(place, content, StandardOpenOption.WRITE);
      return;
    }
    Files.write(beside, content);
    Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Gives the place beside the file up; what was published stays. */
  @Override
  public void close() throws IOException {
    if (replaceable) {
      Files.deleteIfExists(beside);
    }
  }
}

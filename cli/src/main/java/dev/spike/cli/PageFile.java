package dev.spike.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A page that is written beside its place first and then put there in one step: a reader sees the
 * old page or the new one, and a command that fails in between leaves the old one.
 */
final class PageFile implements AutoCloseable {
  private final Path file;
  private final Path beside;

  private PageFile(Path file, Path beside) {
    this.file = file;
    this.beside = beside;
  }

  /** Writes the page beside its place. */
  static PageFile stage(Path file, String page) throws CommandFailure {
    if (Files.isDirectory(file)) {
      throw cannot(file, "it is a folder");
    }
    PageFile staged = new PageFile(file, file.resolveSibling(file.getFileName() + ".new"));
    try {
      Files.writeString(staged.beside, page, StandardCharsets.UTF_8);
      return staged;
    } catch (IOException cause) {
      staged.close();
      throw cannot(file, reason(cause));
    }
  }

  /** Puts the page in its place. */
  void publish() throws CommandFailure {
    try {
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException cause) {
      throw cannot(file, reason(cause));
    }
  }

  /** Removes what was staged and not published. */
  @Override
  public void close() throws CommandFailure {
    try {
      Files.deleteIfExists(beside);
    } catch (IOException cause) {
      throw cannot(beside, reason(cause));
    }
  }

  private static CommandFailure cannot(Path file, String why) {
    return new CommandFailure(
        ExitCode.CANNOT_WRITE,
        "The page cannot be written to " + file + ": " + why + ".",
        "",
        "Name a file with --html in a folder that exists and is writable.");
  }

  private static String reason(IOException cause) {
    return switch (cause) {
      case NoSuchFileException absent -> "there is no " + absent.getFile();
      case AccessDeniedException denied -> "no permission for " + denied.getFile();
      default -> String.valueOf(cause.getMessage());
    };
  }
}

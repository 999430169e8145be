package dev.spike.cli;

import dev.spike.core.plan.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** The page of a plan on its way to its file. */
final class PageFile implements AutoCloseable {
  private final Path file;
  private final WholeFile whole;
  private final byte[] page;

  private PageFile(Path file, WholeFile whole, byte[] page) {
    this.file = file;
    this.whole = whole;
    this.page = page;
  }

  /** Finds out whether the page can be written; its file is not touched yet. */
  static PageFile stage(Path file, String page) throws CommandFailure {
    try {
      return new PageFile(file, WholeFile.open(file), page.getBytes(StandardCharsets.UTF_8));
    } catch (IOException cause) {
      throw cannot(file, reason(cause));
    }
  }

  /** Puts the page in its place. */
  void publish() throws CommandFailure {
    try {
      whole.publish(page);
    } catch (IOException cause) {
      throw cannot(file, reason(cause));
    }
  }

  @Override
  public void close() throws CommandFailure {
    try {
      whole.close();
    } catch (IOException cause) {
      throw cannot(file, reason(cause));
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

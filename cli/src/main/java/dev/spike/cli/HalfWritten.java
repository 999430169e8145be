package dev.spike.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Files that belong together and are of no use before the last of them is whole. They are removed
 * again unless they are kept, also when the process is told to end: half an export would be counted
 * as a whole one.
 */
final class HalfWritten implements AutoCloseable {
  private final List<Path> files = new ArrayList<>();
  private boolean isKept;
  private boolean isEnding;

  private HalfWritten() {}

  static HalfWritten none() {
    HalfWritten files = new HalfWritten();
    Runtime.getRuntime().addShutdownHook(new Thread(files::atEnd, "spike-half-written"));
    return files;
  }

  /**
   * Makes a file.
   *
   * @throws java.nio.file.FileAlreadyExistsException when it is there; it is left alone then
   */
  synchronized OutputStream create(Path file) throws IOException {
    if (isEnding) {
      throw new IOException("spike was told to end");
    }
    OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW);
    files.add(file);
    return out;
  }

  /** All of them are whole. */
  synchronized void keep() {
    isKept = true;
  }

  private synchronized void atEnd() {
    isEnding = true;
    try {
      remove();
    } catch (CommandFailure stays) {
      System.getLogger(HalfWritten.class.getName())
          .log(System.Logger.Level.WARNING, stays.diagnostics().getFirst().summary());
    }
  }

  @Override
  public synchronized void close() throws CommandFailure {
    remove();
  }

  private void remove() throws CommandFailure {
    if (isKept) {
      return;
    }
    for (Path file : files) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException stays) {
        throw new CommandFailure(
            ExitCode.CANNOT_WRITE,
            "The example could not be written whole, and what there is of it stays in " + file,
            stays.toString(),
            "Remove that file before running this again.");
      }
    }
    files.clear();
  }
}

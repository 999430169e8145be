package dev.spike.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Standard output, which remembers a write that failed: a print stream tells nobody, and a plan or
 * a report that is cut short must not pass for whole.
 */
final class ResultStream extends OutputStream {
  private final OutputStream to;
  private volatile @Nullable IOException lost;

  ResultStream(OutputStream to) {
    this.to = to;
  }

  static ResultStream ofProcess() {
    return new ResultStream(new FileOutputStream(FileDescriptor.out));
  }

  PrintStream printer() {
    return new PrintStream(this, true, StandardCharsets.UTF_8);
  }

  /**
   * The exit code of a command that ended with this one, after a sentence where something was lost.
   * A reader that went away, such as {@code head}, has what it wanted: that is no failure.
   */
  int ended(int code, PrintStream err) {
    IOException failure = lost;
    if (failure == null || String.valueOf(failure.getMessage()).contains("Broken pipe")) {
      return code;
    }
    err.println(
        "error: The result could not be written to standard output: " + failure.getMessage());
    err.println("  next: Send it where there is room; what the command did is done.");
    return code == ExitCode.DONE.code() ? ExitCode.CANNOT_WRITE.code() : code;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      to.write(bytes, from, length);
    } catch (IOException failure) {
      if (lost == null) {
        lost = failure;
      }
      throw failure;
    }
  }
}

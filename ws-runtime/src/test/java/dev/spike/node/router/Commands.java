package dev.spike.node.router;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs of the host from argument lists; no shell. */
final class Commands {
  private static final long SECONDS_MAX = 90;

  private Commands() {}

  record Result(int exitCode, String out) {}

  /** Runs to the end and returns what it printed. */
  static Result run(String input, List<String> command) throws IOException, InterruptedException {
    Path out = Files.createTempFile("spike-rt", ".out");
    Path in = Files.createTempFile("spike-rt", ".in");
    try {
      Files.writeString(in, input);
      Process process =
          new ProcessBuilder(command)
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new IOException(command + " did not end within " + SECONDS_MAX + " s");
      }
      return new Result(process.exitValue(), Files.readString(out, StandardCharsets.UTF_8));
    } finally {
      Files.delete(out);
      Files.delete(in);
    }
  }

  /** Runs and insists on success. */
  static String must(String... command) throws IOException, InterruptedException {
    Result result = run("", List.of(command));
    if (result.exitCode() != 0) {
      throw new IOException(
          List.of(command) + " exited with " + result.exitCode() + ": " + result.out());
    }
    return result.out();
  }
}

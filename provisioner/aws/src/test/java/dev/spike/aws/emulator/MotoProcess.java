package dev.spike.aws.emulator;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The emulator's program, listening on a free loopback port. It also ends when this JVM does,
 * however that comes about: it reads from a pipe whose other end is here.
 */
final class MotoProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final Process process;
  private final int port;

  private MotoProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /** Starts it and waits until it listens. */
  static MotoProcess start(boolean extended) throws IOException {
    List<String> command = new ArrayList<>(List.of(python().toString(), "-m", "spike_moto"));
    if (!extended) {
      command.add("--plain");
    }
    Path log = Files.createTempFile("spike-moto-", ".log");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
      builder.environment().put("PYTHONPATH", pythonSources().toString());
      builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
      builder.environment().put("MOTO_ACCOUNT_ID", MotoServer.ACCOUNT);
      Process started = builder.start();
      @Nullable String line = firstLine(started);
      if (line == null || !line.startsWith("listening ")) {
        started.destroyForcibly();
        throw new IOException("the emulator did not start; it said: " + Files.readString(log));
      }
      return new MotoProcess(started, Integer.parseInt(line.substring("listening ".length())));
    } finally {
      Files.delete(log); // the running process needs its name no more
    }
  }

  private static @Nullable String firstLine(Process started) throws IOException {
    Thread guard =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    Thread.sleep(START_LIMIT);
                    started.destroyForcibly();
                  } catch (InterruptedException ended) {
                    Thread.currentThread().interrupt();
                  }
                });
    BufferedReader output = started.inputReader(StandardCharsets.UTF_8);
    try {
      return output.readLine();
    } finally {
      guard.interrupt();
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  static Path python() {
    Path python = root().resolve("target/emulator/bin/python");
    if (!Files.isExecutable(python)) {
      throw new IllegalStateException(
          "the emulator of the AWS tests is not installed in "
              + python.getParent().getParent()
              + "; run scripts/setup.");
    }
    return python;
  }

  static Path pythonSources() {
    return root().resolve("provisioner/aws/src/test/python");
  }

  /** The project's folder, whichever module's folder the tests run in. */
  private static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("scripts/setup"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("the tests run outside the project's folder");
      }
    }
    return folder;
  }
}

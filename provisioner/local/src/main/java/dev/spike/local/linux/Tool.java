package dev.spike.local.linux;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One run of a command line tool: its argument list (never a shell's text), what it reads on
 * standard input, and how long it may take.
 */
public record Tool(List<String> words, String input, Duration timeout) {
  private static final int OUTPUT_BYTES_MAX = 4 << 20;
  private static final int MESSAGE_CHARACTERS_MAX = 400;

  public Tool {
    words = List.copyOf(words);
  }

  public static Tool of(String... words) {
    return new Tool(List.of(words), "", Duration.ofSeconds(10));
  }

  public Tool reading(String text) {
    return new Tool(words, text, timeout);
  }

  /**
   * Runs it and returns what it printed on standard output and error, at most 4 MiB.
   *
   * @throws LinuxException when it exits with another code than 0 or takes too long
   */
  public String run() throws IOException, InterruptedException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    Output output = new Output(process.getInputStream());
    Thread reader = Thread.ofVirtual().start(output);
    try {
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        process.waitFor(1, TimeUnit.SECONDS); // it ended before it read all: its exit code tells
      }
      if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new LinuxException(
            words.getFirst() + " did not end within " + timeout.toMillis() + " ms", 0);
      }
      reader.join(2000);
      if (process.exitValue() != 0) {
        throw new LinuxException(
            String.join(" ", words)
                + " ended with "
                + process.exitValue()
                + ": "
                + shortened(output.text()),
            0);
      }
      return output.text();
    } finally {
      process.destroyForcibly();
    }
  }

  private static String shortened(String text) {
    String line = text.strip().replace('\n', ' ');
    return line.length() <= MESSAGE_CHARACTERS_MAX
        ? line
        : line.substring(0, MESSAGE_CHARACTERS_MAX) + "...";
  }

  private static final class Output implements Runnable {
    private final InputStream from;
    private volatile String text = "";

    Output(InputStream from) {
      this.from = from;
    }

    @Override
    public void run() {
      try {
        text = new String(from.readNBytes(OUTPUT_BYTES_MAX), StandardCharsets.UTF_8);
      } catch (IOException e) {
        text = "its output could not be read: " + e.getMessage();
      }
    }

    String text() {
      return text;
    }
  }
}

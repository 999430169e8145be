package dev.spike.aws.emulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What exists in the emulated account, counted by another client than the adapter's: boto3. */
public final class IndependentCount {
  private static final long LIMIT_SECONDS = 60;

  private IndependentCount() {}

  /** Everything that an account does not have from the start, names by kind. */
  public static SortedMap<String, List<String>> of(MotoServer server) throws IOException {
    return run(server, List.of());
  }

  /** What carries the event's tag, names by kind. */
  public static SortedMap<String, List<String>> of(MotoServer server, String event)
      throws IOException {
    return run(server, List.of("--event", event));
  }

  /** As {@link #of(MotoServer)} without the kinds that moto as it comes cannot list. */
  public static SortedMap<String, List<String>> ofPlain(MotoServer server) throws IOException {
    return run(server, List.of("--plain"));
  }

  private static SortedMap<String, List<String>> run(MotoServer server, List<String> options)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                MotoProcess.python().toString(),
                MotoProcess.pythonSources().resolve("count_left.py").toString(),
                "--endpoint",
                server.endpoint().toString()));
    command.addAll(options);
    Path errors = Files.createTempFile("spike-count-", ".log");
    try {
      Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      boolean ended;
      try {
        ended = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      } catch (InterruptedException interrupted) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while counting", interrupted);
      }
      if (!ended || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException("the count failed: " + Files.readString(errors));
      }
      SortedMap<String, List<String>> left = new TreeMap<>();
      JsonNode kinds = new ObjectMapper().readTree(output);
      kinds
          .properties()
          .forEach(
              kind -> {
                List<String> names = new ArrayList<>();
                kind.getValue().forEach(name -> names.add(name.asText()));
                left.put(kind.getKey(), names);
              });
      return left;
    } finally {
      Files.delete(errors);
    }
  }
}

package dev.spike.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeChannel.Answer;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.ProviderException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The client outside the tier: this machine, with the bundle of this installation. */
final class LocalClient {
  private static final int OUTPUT_BYTES_MAX = 4 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<Path> AUTHORITIES =
      List.of(
          Path.of("/etc/ssl/certs/ca-certificates.crt"),
          Path.of("/etc/pki/tls/certs/ca-bundle.crt"),
          Path.of("/etc/ssl/cert.pem"));

  /** The words with what a client knows; a client has no secret of the fleet. */
  static List<String> words(NodeCommand command, String front) throws ProviderException {
    String authorities =
        AUTHORITIES.stream().filter(Files::isReadable).findFirst().map(Path::toString).orElse("");
    List<String> words = new ArrayList<>();
    for (String word : command.words()) {
      String filled = word.replace("${front}", front).replace("${ca}", authorities);
      if (filled.contains("${") || filled.isEmpty()) {
        throw new ProviderException(
            ProviderException.Kind.INVALID,
            "a client cannot run " + command.words() + ": it knows nothing of " + word,
            "Run it on a node.");
      }
      words.add(filled);
    }
    return words;
  }

  /** Runs the words and returns the JSON of their last line. */
  Answer run(List<String> words, Deadline deadline) throws ProviderException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-jar");
    command.add(BundleFile.installed().resolve("spike-node.jar").toString());
    command.addAll(words);
    Process process;
    Path errors;
    try {
      errors = Files.createTempFile("spike-client-", ".log");
      process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    } catch (IOException failure) {
      return NodeAnswer.failed("the client did not start: " + failure.getMessage(), "Check Java.");
    }
    Thread guard =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    if (!process.waitFor(deadline.left().toMillis(), TimeUnit.MILLISECONDS)) {
                      process.destroyForcibly();
                    }
                  } catch (InterruptedException ended) {
                    process.destroyForcibly();
                  }
                });
    try (InputStream printed = process.getInputStream()) {
      byte[] bytes = printed.readNBytes(OUTPUT_BYTES_MAX);
      int code = process.waitFor();
      String text = new String(bytes, StandardCharsets.UTF_8).strip();
      String last = text.substring(text.lastIndexOf('\n') + 1);
      if (last.isEmpty()) {
        return NodeAnswer.failed(
            "the client ended with " + code + ": " + Files.readString(errors).strip(),
            "Run the same command again.");
      }
      return new Answer(code, JSON.readTree(last));
    } catch (JsonProcessingException broken) {
      return NodeAnswer.failed("the client printed no JSON", "Run the same command again.");
    } catch (IOException failure) {
      return NodeAnswer.failed("the client was cut off: " + failure.getMessage(), "Try again.");
    } finally {
      guard.interrupt();
      process.destroyForcibly();
      try {
        Files.deleteIfExists(errors);
      } catch (IOException left) {
        System.getLogger(LocalClient.class.getName())
            .log(System.Logger.Level.DEBUG, "{0} stays", errors);
      }
    }
  }
}

package dev.spike.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spike.core.provider.NodeChannel.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * What {@code node/run} prints on a node: {@code spike/1 EXIT BYTES SHA256 CONTENT} on one line,
 * where CONTENT is what the command printed, compressed and in Base64, and BYTES and SHA256 are of
 * that Base64. A channel that cuts output off cannot do it unnoticed.
 */
final class NodeAnswer {
  private static final String MARK = "spike/1";
  private static final int WORDS = 5;
  private static final int BYTES_MAX = 8 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private NodeAnswer() {}

  /** The answer in an output; empty when the output is cut off or is no answer at all. */
  static Optional<Answer> whole(String output) {
    String line =
        output.lines().filter(text -> text.startsWith(MARK + " ")).reduce("", (a, b) -> b);
    String[] words = line.split(" ", -1);
    if (words.length != WORDS
        || !words[1].matches("[0-9]{1,3}")
        || !words[2].equals(Integer.toString(words[4].length()))
        || !words[3].equals(Names.hash(words[4]))) {
      return Optional.empty();
    }
    return Optional.of(answer(Integer.parseInt(words[1]), words[4]));
  }

  /** True when an output began as an answer does, so that more of it is worth asking for. */
  static boolean begun(String output) {
    return output.lines().anyMatch(text -> text.startsWith(MARK + " "));
  }

  private static Answer answer(int exitCode, String content) {
    try (GZIPInputStream unpacked =
        new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(content)))) {
      byte[] bytes = unpacked.readNBytes(BYTES_MAX + 1);
      if (bytes.length > BYTES_MAX) {
        return failed("the command printed more than " + BYTES_MAX + " bytes", "Ask for less.");
      }
      String text = new String(bytes, StandardCharsets.UTF_8).strip();
      JsonNode json = text.isEmpty() ? JSON.createObjectNode() : JSON.readTree(last(text));
      return new Answer(exitCode, json);
    } catch (JsonProcessingException broken) {
      return failed(
          "the command ended with " + exitCode + " and printed no JSON", "Look at its journal.");
    } catch (IOException | IllegalArgumentException broken) {
      return failed("what the node printed cannot be unpacked", "Run the same command again.");
    }
  }

  /** A command may print several lines; the last one is its result. */
  private static String last(String text) {
    return text.substring(text.lastIndexOf('\n') + 1);
  }

  /** An answer for a node that gave none. */
  static Answer failed(String error, String next) {
    return new Answer(-1, JSON.createObjectNode().put("error", error).put("next", next));
  }
}

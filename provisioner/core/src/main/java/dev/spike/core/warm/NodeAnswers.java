package dev.spike.core.warm;

import dev.spike.core.provider.NodeChannel;
import org.jspecify.annotations.Nullable;

/** What a check says of a node that gave no answer. */
final class NodeAnswers {
  private NodeAnswers() {}

  /** The answer of a check that could not be asked. */
  static Check.Answer failed(NodeChannel.@Nullable Answer answer, String expected) {
    String next = answer == null ? "" : answer.json().path("next").asText("");
    return Check.Answer.of(
        false,
        missing(answer),
        expected,
        next.isEmpty() ? "See the node's log; run spike status." : next);
  }

  /** "no answer", with the reason where one is known. */
  static String missing(NodeChannel.@Nullable Answer answer) {
    String error = answer == null ? "" : answer.json().path("error").asText("");
    return error.isEmpty() ? "no answer" : "no answer (" + error + ")";
  }
}

package dev.spike.core.warm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Whether every node's router works, and by the same table. */
final class RouterCheck {
  private RouterCheck() {}

  static Check.Answer ask(TierView view, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<String> nodes = view.nodes();
    Map<String, NodeChannel.Answer> answers =
        view.channel()
            .run(
                nodes,
                NodeCommand.of("router", "status", "--config", "${routerConfig}"),
                deadline.atMost(WarmChecks.COMMAND_TIME));
    NodeFindings findings = new NodeFindings();
    Set<String> digests = new TreeSet<>();
    for (String name : nodes) {
      NodeChannel.Answer answer = answers.get(name);
      String wrong = wrong(answer);
      if (!wrong.isEmpty()) {
        findings.add(name, wrong);
      } else if (answer != null) {
        digests.add(answer.json().path("tableDigest").asText());
      }
    }
    List<String> wrong = new ArrayList<>(view.wrong(Kind.ROUTER_INSTALLATION));
    wrong.addAll(findings.sentences());
    if (digests.size() > 1) {
      wrong.add(digests.size() + " different tables: " + String.join(", ", digests));
    }
    return Check.Answer.of(
        wrong.isEmpty(),
        wrong.isEmpty()
            ? nodes.size() + " nodes in native mode, table " + shortened(digests)
            : String.join("; ", wrong),
        nodes.size() + " nodes in native mode with one table",
        "Run spike warm with this plan: it installs what is missing; spike router on ends a switch"
            + " that somebody turned off.");
  }

  /** What is wrong with one node's router, empty where nothing is. */
  private static String wrong(NodeChannel.@Nullable Answer answer) {
    if (answer == null || !answer.ok()) {
      return NodeAnswers.missing(answer);
    }
    JsonNode status = answer.json();
    if (!status.path("mode").asText().equals("native")) {
      return "mode " + status.path("mode").asText("none");
    }
    if (!status.path("egress").asBoolean()) {
      return "no egress program";
    }
    if (status.path("off").asBoolean()) {
      return "switched off";
    }
    return status.path("agentFresh").asBoolean() ? "" : "no live agent";
  }

  private static String shortened(Set<String> digests) {
    String digest = String.join(",", digests);
    return digest.length() > 12 ? digest.substring(0, 12) : digest;
  }
}

package dev.spike.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.core.provider.AtOnce;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether nodes have warmed themselves. It is a state of the server and goes with it. */
final class NodeWarmUps {
  private static final Duration ANSWER = Duration.ofSeconds(2);
  private static final Duration WARM = Duration.ofMinutes(2);
  private static final Duration READY = Duration.ofSeconds(15);
  private static final Duration POLL = Duration.ofMillis(100);

  private final NodeAdmin admin;

  NodeWarmUps(EventTier tier) {
    this.admin = new NodeAdmin(tier);
  }

  static ResourceId id(String zone) {
    return new ResourceId("node-warm-up/" + zone);
  }

  List<Observed> observe(Sight sight) throws IOException, InterruptedException, ProviderException {
    List<Observed> found = new ArrayList<>();
    for (Map.Entry<String, List<String>> zone : NodeFleets.found(sight).entrySet()) {
      List<String> running =
          zone.getValue().stream()
              .filter(node -> sight.hosts().containsKey(NodeFleets.HOSTS + node))
              .filter(node -> !sight.of(NodeFleets.servePart(node)).isEmpty())
              .toList();
      List<String> warm =
          AtOnce.each(running, node -> warm(node) ? node : "").stream()
              .filter(node -> !node.isEmpty())
              .toList();
      if (!warm.isEmpty()) {
        found.add(
            new Observed(
                id(zone.getKey()),
                Kind.NODE_WARM_UP,
                Map.of("nodes", String.join(",", warm)),
                List.of()));
      }
    }
    return found;
  }

  private boolean warm(String node) throws InterruptedException {
    try {
      return admin.status(node, ANSWER).path("warm").asBoolean();
    } catch (IOException e) {
      return false; // a node that does not answer is a fault of its fleet, and not warm
    }
  }

  void converge(Resource.NodeWarmUp warmUp, NodeCommands commands, Deadline deadline)
      throws IOException, InterruptedException, ProviderException {
    List<String> cold = new ArrayList<>();
    for (String node : warmUp.nodes()) {
      if (!warm(node)) {
        cold.add(node);
      }
    }
    Map<String, NodeChannel.Answer> answers =
        commands.run(
            cold,
            NodeCommand.of("warm", "--fleet-secret", "${fleetSecret}"),
            deadline.atMost(WARM));
    for (Map.Entry<String, NodeChannel.Answer> answer : answers.entrySet()) {
      if (!answer.getValue().ok()) {
        throw new ProviderException(
            ProviderException.Kind.UNAVAILABLE,
            "node "
                + answer.getKey()
                + " did not warm up: "
                + answer.getValue().json().path("error").asText("no reason given"),
            answer
                .getValue()
                .json()
                .path("next")
                .asText("Run spike provision with this plan, then warm again."));
      }
    }
    for (String node : warmUp.nodes()) {
      Waiting.until(
          deadline.atMost(READY),
          POLL,
          "Run spike status; it says why a node is not ready.",
          () -> {
            JsonNode status = admin.status(node, ANSWER);
            return status.path("ready").asBoolean()
                ? Optional.empty()
                : Optional.of(
                    "node " + node + " is warm but not ready: " + status.path("reason").asText());
          });
    }
  }
}

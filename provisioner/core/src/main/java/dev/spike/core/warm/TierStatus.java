package dev.spike.core.warm;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ObservedState;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What exists of an event, as people read it.
 *
 * @param fronts host:port of every balancer by zone; empty when there is none
 */
public record TierStatus(ObservedState observed, List<NodeLine> nodes, Map<String, String> fronts) {
  public TierStatus {
    nodes = List.copyOf(nodes);
    fronts = Map.copyOf(fronts);
  }

  /**
   * One node.
   *
   * @param life {@code silent}, {@code draining}, {@code ready} (serves), {@code launched} (runs
   *     and is not warm), or {@code unready}
   * @param reason why it is not ready; may be empty
   */
  public record NodeLine(
      String name, String life, long connections, long sessions, String reason) {}

  /** Looks at the tier; a node that does not answer is a line, not a failure. */
  public static TierStatus read(Provider provider, EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    provider.admit(deadline);
    ObservedState observed = provider.observe(event);
    List<String> names = new ArrayList<>();
    boolean balancer = false;
    for (Observed resource : observed.resources().values()) {
      String list = resource.attributes().getOrDefault("nodes", "");
      if (resource.kind() == Kind.NODE_FLEET && !list.isEmpty()) {
        names.addAll(Arrays.asList(list.split(",", -1)));
      }
      balancer |= resource.kind() == Kind.BALANCER;
    }
    List<NodeLine> lines = new ArrayList<>();
    NodeChannel channel = provider.nodes(event);
    if (!names.isEmpty()) {
      Map<String, NodeChannel.Answer> answers =
          new TreeMap<>(channel.run(names, NodeCommand.of("status"), deadline));
      answers.forEach((name, answer) -> lines.add(line(name, answer)));
    }
    return new TierStatus(observed, lines, balancer ? channel.fronts() : Map.of());
  }

  private static NodeLine line(String name, NodeChannel.Answer answer) {
    var json = answer.json();
    if (!answer.ok()) {
      return new NodeLine(name, "silent", 0, 0, json.path("error").asText("no answer"));
    }
    String life;
    if (json.path("draining").asBoolean()) {
      life = "draining";
    } else if (json.path("ready").asBoolean()) {
      life = "ready";
    } else {
      life = json.path("warm").asBoolean() ? "unready" : "launched";
    }
    return new NodeLine(
        name,
        life,
        json.path("connections").asLong(),
        json.path("sessions").asLong(),
        json.path("reason").asText(""));
  }

  /** Live connections over all nodes that answered. */
  public long connections() {
    return nodes.stream().mapToLong(NodeLine::connections).sum();
  }
}

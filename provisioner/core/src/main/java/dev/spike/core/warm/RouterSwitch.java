package dev.spike.core.warm;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.NodeOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * The fleet-wide switch of the router, for the bad night. Switched off, every node takes each new
 * connection where the balancer puts it; connections that were forwarded before keep their peers.
 * It holds until it is switched on again, through restarts and upgrades of the router's agent.
 */
public final class RouterSwitch {
  /** What is asked of every node. */
  public enum Position {
    ON,
    OFF,
    /** Asks and changes nothing. */
    STATUS
  }

  /**
   * One node's answer.
   *
   * @param state {@code on}, {@code off}, {@code absent} (no router there) or {@code silent}
   * @param reason why it is absent or silent; may be empty
   */
  public record NodeState(String node, String state, long forwardedFlows, String reason) {}

  private final Provider provider;

  public RouterSwitch(Provider provider) {
    this.provider = provider;
  }

  /** Turns every node of the event that exists; one that does not answer is in the list. */
  public List<NodeState> turn(EventName event, Position position, Deadline deadline)
      throws ProviderException, InterruptedException {
    provider.admit(deadline);
    Set<String> nodes = new TreeSet<>(NodeOrder.BY_NAME);
    for (Observed seen : provider.observe(event).resources().values()) {
      String names = seen.attributes().getOrDefault("nodes", "");
      if (seen.kind() == Kind.NODE_FLEET && !names.isEmpty()) {
        nodes.addAll(Arrays.asList(names.split(",", -1)));
      }
    }
    List<NodeState> states = new ArrayList<>();
    if (nodes.isEmpty()) {
      return states;
    }
    NodeCommand command =
        NodeCommand.of(
            "router", position.name().toLowerCase(Locale.ROOT), "--config", "${routerConfig}");
    provider
        .nodes(event)
        .run(nodes, command, deadline)
        .forEach((node, answer) -> states.add(state(node, answer)));
    return states;
  }

  private static NodeState state(String node, NodeChannel.Answer answer) {
    if (!answer.ok()) {
      return new NodeState(node, "silent", 0, answer.json().path("error").asText("no answer"));
    }
    if (!answer.json().path("installed").asBoolean()) {
      return new NodeState(
          node, "absent", 0, answer.json().path("reason").asText("no router is attached"));
    }
    String state = answer.json().path("off").asBoolean() ? "off" : "on";
    return new NodeState(node, state, answer.json().path("pins").asLong(), "");
  }
}

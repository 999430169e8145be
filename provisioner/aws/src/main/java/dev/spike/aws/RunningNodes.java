package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Calls;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeChannel.Answer;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the nodes of an event say of themselves: where the warm stage is observed. */
final class RunningNodes {
  static final NodeCommand STATUS = NodeCommand.of("status");

  /** For a first boot with its packages. */
  private static final Duration BOOT = Duration.ofMinutes(15);

  private static final System.Logger LOG = System.getLogger(RunningNodes.class.getName());

  private final Calls calls;
  private final EventMachines machines;
  private final AwsTier.Channels channels;

  RunningNodes(AwsClients clients, EventMachines machines, AwsTier.Channels channels) {
    this.calls = clients.calls();
    this.machines = machines;
    this.channels = channels;
  }

  /** The addresses of the event's running nodes, by name. */
  SortedMap<String, String> addresses(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<String, String> addresses = new TreeMap<>();
    machines
        .nodes(event, deadline)
        .forEach(
            (name, machine) -> {
              if (machine.runs() && machine.instance().privateIpAddress() != null) {
                addresses.put(name, machine.instance().privateIpAddress());
              }
            });
    return addresses;
  }

  /**
   * What each running node answers. Where the nodes cannot be asked at all, none has an answer: a
   * tier must be removable when Systems Manager is away.
   */
  SortedMap<String, Answer> look(EventName event, NodeCommand command)
      throws ProviderException, InterruptedException {
    Deadline deadline = calls.soon();
    SortedMap<String, String> running = addresses(event, deadline);
    if (running.isEmpty()) {
      return new TreeMap<>();
    }
    try {
      return ask(event, running.keySet(), command, deadline);
    } catch (ProviderException failure) {
      LOG.log(
          System.Logger.Level.WARNING,
          "the nodes of event {0} cannot be asked: {1}",
          event,
          failure.getMessage());
      return new TreeMap<>();
    }
  }

  SortedMap<String, Answer> ask(
      EventName event, Collection<String> nodes, NodeCommand command, Deadline deadline)
      throws ProviderException, InterruptedException {
    return channels.of(event).run(nodes, command, deadline);
  }

  /** Runs a command on nodes; UNAVAILABLE with what the first that failed says. */
  void demand(
      EventName event,
      Collection<String> nodes,
      NodeCommand command,
      String what,
      Deadline deadline)
      throws ProviderException, InterruptedException {
    if (nodes.isEmpty()) {
      return;
    }
    List<String> failed = new ArrayList<>();
    String next = "Run the same command again; spike status shows the nodes.";
    for (Map.Entry<String, Answer> answer : ask(event, nodes, command, deadline).entrySet()) {
      if (!answer.getValue().ok()) {
        if (failed.isEmpty()) {
          next = answer.getValue().json().path("next").asText(next);
        }
        failed.add(answer.getKey() + ": " + error(answer.getValue()));
      }
    }
    if (!failed.isEmpty()) {
      throw new ProviderException(
          ProviderException.Kind.UNAVAILABLE, what + " failed on " + some(failed), next);
    }
  }

  /** Waits until every node's server answers, as it does once the node has booted. */
  void awaitBoot(EventName event, Collection<String> nodes, Deadline deadline)
      throws ProviderException, InterruptedException {
    until(
        event,
        nodes,
        STATUS,
        deadline.atMost(BOOT),
        answer -> answer.ok() ? Optional.empty() : Optional.of(error(answer)));
  }

  /** What keeps a node from being as hoped; empty when nothing does. */
  @FunctionalInterface
  interface Lack {
    Optional<String> of(Answer answer);
  }

  /** Asks until no node lacks anything. */
  void until(
      EventName event, Collection<String> nodes, NodeCommand command, Deadline deadline, Lack lack)
      throws ProviderException, InterruptedException {
    calls.until(
        deadline,
        "Run the same command again; a node that stays so says why in its journal.",
        () -> {
          List<String> lacking = new ArrayList<>();
          ask(event, nodes, command, deadline)
              .forEach(
                  (node, answer) ->
                      lack.of(answer).ifPresent(why -> lacking.add("node " + node + ": " + why)));
          return lacking.isEmpty() ? Optional.empty() : Optional.of(some(lacking));
        });
  }

  private static String error(Answer answer) {
    return answer.json().path("error").asText("no reason given");
  }

  private static String some(List<String> sentences) {
    int most = 5;
    return String.join("; ", sentences.subList(0, Math.min(most, sentences.size())))
        + (sentences.size() > most ? "; and " + (sentences.size() - most) + " more" : "");
  }

  /** Names by their zone, in each in the order of their numbers. */
  static SortedMap<String, List<String>> byZone(Collection<String> nodes) {
    SortedMap<String, List<String>> zones = new TreeMap<>();
    nodes.stream()
        .sorted(Machine.BY_ORDINAL)
        .forEach(
            node ->
                zones
                    .computeIfAbsent(
                        node.substring(0, Math.max(0, node.lastIndexOf('-'))),
                        zone -> new ArrayList<>())
                    .add(node));
    return zones;
  }
}

package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Calls;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.ssm.model.Target;

/**
 * Runs {@code spike-node} commands on an event's nodes through Systems Manager. A status is asked
 * for with the fleet's secret, without which a server says little.
 */
final class NodeCommands implements NodeChannel {
  private static final List<String> STATUS = List.of("status");

  /** How many values a target may have. */
  private static final int VALUES_MAX = 50;

  private final EventName event;
  private final Calls calls;
  private final EventMachines machines;
  private final Fronts fronts;
  private final Dispatch dispatch;
  private final LocalClient client;

  NodeCommands(EventName event, AwsClients clients, EventMachines machines) {
    this.event = event;
    this.calls = clients.calls();
    this.machines = machines;
    this.fronts = new Fronts(clients);
    this.dispatch = new Dispatch(clients);
    this.client = new LocalClient();
  }

  @Override
  public SortedMap<String, Answer> run(
      Collection<String> nodes, NodeCommand command, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<String, Machine> there = machines.nodes(event, deadline);
    SortedMap<String, Answer> answers = new TreeMap<>();
    SortedMap<String, String> idsByName = new TreeMap<>();
    for (String node : nodes) {
      Machine machine = there.get(node);
      if (machine == null || !machine.runs()) {
        answers.put(
            node,
            NodeAnswer.failed(
                "node " + node + (machine == null ? " is not there" : " does not run yet"),
                "Run spike provision with this plan."));
      } else {
        idsByName.put(node, machine.id());
      }
    }
    if (!idsByName.isEmpty()) {
      String script = CommandLine.script(filled(command, there));
      Map<String, Answer> byId = new TreeMap<>();
      if (idsByName.keySet().equals(there.keySet())) {
        byId.putAll(dispatch.run(targets(List.of()), idsByName.values(), script, deadline));
      } else {
        for (List<String> names : chunks(List.copyOf(idsByName.keySet()))) {
          List<String> ids = new ArrayList<>();
          names.forEach(name -> ids.add(String.valueOf(idsByName.get(name))));
          byId.putAll(dispatch.run(targets(names), ids, script, deadline));
        }
      }
      idsByName.forEach((node, id) -> answers.put(node, byId.get(id)));
    }
    return answers;
  }

  /**
   * By one tag, never by ids: those are refused as a whole while one machine of them has not
   * registered yet.
   *
   * @param names of nodes; empty for all
   */
  private List<Target> targets(List<String> names) {
    return List.of(
        names.isEmpty()
            ? tag(EventTags.EVENT, List.of(event.value()))
            : tag(
                EventTags.NAME, names.stream().map(node -> EventTags.name(event, node)).toList()));
  }

  private static Target tag(String name, List<String> values) {
    return Target.builder().key("tag:" + name).values(values).build();
  }

  private static List<List<String>> chunks(List<String> names) {
    List<List<String>> chunks = new ArrayList<>();
    for (int from = 0; from < names.size(); from += VALUES_MAX) {
      chunks.add(names.subList(from, Math.min(from + VALUES_MAX, names.size())));
    }
    return chunks;
  }

  private List<String> filled(NodeCommand command, SortedMap<String, Machine> there)
      throws ProviderException {
    SortedMap<String, String> services = new TreeMap<>();
    there.forEach(
        (name, machine) -> {
          String address = machine.instance().privateIpAddress();
          if (address != null) {
            services.put(name, address + ":" + NodeConfigurationPart.SERVICE_PORT);
          }
        });
    boolean front = command.words().stream().anyMatch(word -> word.contains("${front}"));
    try {
      return CommandLine.filled(
          command.words().equals(STATUS)
              ? NodeCommand.of("status", "--fleet-secret", "${fleetSecret}")
              : command,
          front ? front() : "",
          services);
    } catch (IllegalArgumentException unknown) {
      throw new ProviderException(
          ProviderException.Kind.INVALID,
          "the command " + command.words() + " cannot be sent: " + unknown.getMessage(),
          "Run spike provision with this plan, then the same command again.",
          unknown);
    }
  }

  private String front() throws ProviderException {
    return fronts().values().stream().findFirst().orElse("");
  }

  @Override
  public Answer runAsClient(NodeCommand command, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<String, Machine> there = machines.nodes(event, deadline);
    return client.run(
        LocalClient.words(command, filled(NodeCommand.of("${front}"), there).getFirst()), deadline);
  }

  @Override
  public Map<String, String> fronts() throws ProviderException {
    try {
      return fronts.of(event, calls.soon());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ProviderException(
          ProviderException.Kind.UNAVAILABLE,
          "looking at the balancers of event " + event + " was interrupted",
          "Run the same command again.",
          interrupted);
    }
  }
}

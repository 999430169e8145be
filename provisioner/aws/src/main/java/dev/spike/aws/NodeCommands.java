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

  /** How many instance ids one command may name. */
  private static final int IDS_MAX = 50;

  private final EventName event;
  private final Calls calls;
  private final NodeFleetPart fleets;
  private final Fronts fronts;
  private final Dispatch dispatch;
  private final LocalClient client;

  NodeCommands(EventName event, AwsClients clients, NodeFleetPart fleets) {
    this.event = event;
    this.calls = clients.calls();
    this.fleets = fleets;
    this.fronts = new Fronts(clients);
    this.dispatch = new Dispatch(clients);
    this.client = new LocalClient();
  }

  @Override
  public SortedMap<String, Answer> run(
      Collection<String> nodes, NodeCommand command, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<String, Machine> there = fleets.nodes(event, deadline);
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
      boolean all = idsByName.keySet().equals(there.keySet());
      Map<String, Answer> byId = new TreeMap<>();
      for (List<Target> targets : all ? List.of(everyNode()) : some(idsByName.values())) {
        byId.putAll(dispatch.run(targets, expected(targets, idsByName.values()), script, deadline));
      }
      idsByName.forEach((node, id) -> answers.put(node, byId.get(id)));
    }
    return answers;
  }

  private List<Target> everyNode() {
    return List.of(Target.builder().key("tag:" + EventTags.EVENT).values(event.value()).build());
  }

  private static List<List<Target>> some(Collection<String> ids) {
    List<String> all = List.copyOf(ids);
    List<List<Target>> chunks = new ArrayList<>();
    for (int from = 0; from < all.size(); from += IDS_MAX) {
      chunks.add(
          List.of(
              Target.builder()
                  .key("InstanceIds")
                  .values(all.subList(from, Math.min(from + IDS_MAX, all.size())))
                  .build()));
    }
    return chunks;
  }

  private static Collection<String> expected(List<Target> targets, Collection<String> all) {
    Target target = targets.getFirst();
    return target.key().equals("InstanceIds") ? target.values() : all;
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
    SortedMap<String, Machine> there = fleets.nodes(event, deadline);
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

package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Calls;
import dev.spike.aws.api.Ec2Tags;
import dev.spike.aws.api.MachineApi;
import dev.spike.aws.api.SharedRead;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;

/** The machines of an event as they are now. Who asks at the same time shares an answer. */
final class EventMachines {
  private static final Set<InstanceStateName> ENDING = Set.of(InstanceStateName.SHUTTING_DOWN);
  private static final String[] STATES = {
    "pending", "running", "stopping", "stopped", "shutting-down"
  };

  private static final Duration START = Duration.ofMinutes(10);

  private final Calls calls;
  private final SharedRead<EventName, List<Machine>> all;

  EventMachines(AwsClients clients) {
    this.calls = clients.calls();
    MachineApi api = new MachineApi(clients);
    this.all = new SharedRead<>((event, deadline) -> read(api, event, deadline));
  }

  private static List<Machine> read(MachineApi api, EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    return api
        .instances(
            deadline,
            Ec2Tags.tag(EventTags.EVENT, event.value()),
            Ec2Tags.filter("instance-state-name", STATES))
        .stream()
        .map(instance -> new Machine(instance, Ec2Tags.map(instance.tags())))
        .sorted(Comparator.comparing(Machine::id))
        .toList();
  }

  /** Those that are there, by id; those that end or have ended are not. */
  List<Machine> there(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    return all.of(event, deadline).stream()
        .filter(machine -> !ENDING.contains(machine.instance().state().name()))
        .toList();
  }

  /** As {@link #there}, with those that still end: they keep their interfaces until then. */
  List<Machine> thereOrEnding(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    return all.of(event, deadline);
  }

  /**
   * Those of the event's nodes by name; those that end or have no name are left out. Of two with
   * one name it is the one that stays.
   */
  SortedMap<String, Machine> nodes(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<String, Machine> nodes = new TreeMap<>();
    for (Machine machine : there(event, deadline)) {
      if (machine.serves() && machine.name().isPresent()) {
        nodes.merge(machine.name().get(), machine, (one, two) -> one.retires() ? two : one);
      }
    }
    return nodes;
  }

  /** Those that give their names away now. */
  List<Machine> retiring(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    return there(event, deadline).stream()
        .filter(machine -> machine.retires() && machine.name().isPresent())
        .toList();
  }

  /**
   * Waits until each of these nodes has a machine that runs and stays.
   *
   * @throws ProviderException UNAVAILABLE with the first that has none
   */
  void awaitRunning(EventName event, List<String> names, Deadline deadline)
      throws ProviderException, InterruptedException {
    calls.until(
        deadline.atMost(START),
        "Run the same command again: it launches what is missing.",
        () -> {
          SortedMap<String, Machine> nodes = nodes(event, deadline);
          nodes.values().removeIf(Machine::retires);
          return names.stream()
              .filter(name -> !nodes.containsKey(name) || !running(nodes, name))
              .findFirst()
              .map(
                  name ->
                      nodes.containsKey(name)
                          ? "node " + name + " does not run yet"
                          : "node " + name + " ended while it started");
        });
  }

  private static boolean running(SortedMap<String, Machine> nodes, String name) {
    Machine machine = nodes.get(name);
    return machine != null && machine.runs();
  }
}

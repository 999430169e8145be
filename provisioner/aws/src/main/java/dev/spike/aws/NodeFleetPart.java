package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.AwsErrors;
import dev.spike.aws.api.Calls;
import dev.spike.aws.api.Ec2Tags;
import dev.spike.aws.api.MachineApi;
import dev.spike.aws.api.NetworkApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.InstanceNetworkInterface;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.Volume;

/**
 * The nodes, zone by zone. Only missing names are launched; a machine that was launched and not
 * named yet, because a run ended between the two, is named first.
 */
final class NodeFleetPart implements Part, AwsTier.Machines {
  /** How many values a filter of EC2's may have. */
  private static final int FILTER_VALUES_MAX = 200;

  private static final Duration START = Duration.ofMinutes(10);

  private final Calls calls;
  private final MachineApi api;
  private final NetworkApi network;
  private final FleetLaunch launch;

  NodeFleetPart(
      AwsSettings settings,
      AwsClients clients,
      LaunchTemplatePart templates,
      CapacityReservationPart reservations,
      NodeTemplate form) {
    this.calls = clients.calls();
    this.api = new MachineApi(clients);
    this.network = new NetworkApi(clients);
    this.launch = new FleetLaunch(settings, clients, templates, reservations, form);
  }

  @Override
  public Kind kind() {
    return Kind.NODE_FLEET;
  }

  /**
   * The machines of the event's nodes by name; those that end or have no name are left out. Of two
   * with one name it is the one that stays.
   */
  SortedMap<String, Machine> nodes(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<String, Machine> nodes = new TreeMap<>();
    for (Machine machine : Machine.list(api, event, deadline)) {
      if (machine.serves() && machine.name().isPresent()) {
        nodes.merge(machine.name().get(), machine, (one, two) -> one.retires() ? two : one);
      }
    }
    return nodes;
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    SortedMap<ResourceId, List<Machine>> fleets = new TreeMap<>();
    for (Machine machine : Machine.list(api, event, calls.soon())) {
      machine
          .fleet()
          .ifPresent(id -> fleets.computeIfAbsent(id, key -> new ArrayList<>()).add(machine));
    }
    SortedMap<ResourceId, Observed> seen = new TreeMap<>();
    fleets.forEach((id, machines) -> seen.put(id, fleet(id, machines)));
    return seen;
  }

  private static Observed fleet(ResourceId id, List<Machine> machines) {
    List<String> faults = new ArrayList<>();
    TreeSet<String> staying = new TreeSet<>();
    TreeSet<String> names = new TreeSet<>(Machine.BY_ORDINAL);
    TreeSet<String> profiles = new TreeSet<>();
    for (Machine machine : machines) {
      if (machine.name().isEmpty()) {
        faults.add("machine " + machine.id() + " has no name yet");
      } else if (machine.retires()) {
        names.add(machine.name().get());
        faults.add("machine " + machine.id() + " gives its name " + machine.name().get() + " away");
      } else if (!machine.serves()) {
        faults.add("node " + machine.name().get() + " is " + machine.state());
      } else if (!staying.add(machine.name().get())) {
        faults.add("node " + machine.name().get() + " has two machines");
      } else {
        names.add(machine.name().get());
        machine.profile().ifPresent(profiles::add);
      }
    }
    Map<String, String> attributes = new HashMap<>();
    attributes.put("nodes", String.join(",", names));
    if (!profiles.isEmpty()) {
      attributes.put("profile", String.join("|", profiles));
    }
    return new Observed(id, Kind.NODE_FLEET, attributes, faults);
  }

  @Override
  public void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    Resource.NodeFleet fleet = (Resource.NodeFleet) resource;
    Desired plan = new Desired(desired);
    List<String> missing = new ArrayList<>(fleet.nodeNames());
    List<Machine> unnamed = new ArrayList<>();
    List<Machine> ending = new ArrayList<>();
    for (Machine machine : Machine.list(api, tags.event(), deadline)) {
      if (machine.fleet().filter(fleet.id()::equals).isEmpty()) {
        continue;
      }
      if (!fits(machine, fleet)) {
        ending.add(machine);
      } else if (machine.name().isEmpty()) {
        unnamed.add(machine);
      } else if (!missing.remove(machine.name().get())) {
        ending.add(machine);
      }
    }
    while (unnamed.size() > missing.size()) {
      ending.add(unnamed.removeLast());
    }
    List<String> adopting = List.copyOf(missing.subList(0, unnamed.size()));
    name(tags.event(), unnamed.stream().map(Machine::id).toList(), adopting, deadline);
    List<String> lacking = List.copyOf(missing.subList(unnamed.size(), missing.size()));
    List<String> retiring = ending.stream().filter(Machine::retires).map(Machine::id).toList();
    for (int from = 0; from < lacking.size(); from += MachineApi.BATCH_MAX) {
      List<String> batch =
          lacking.subList(from, Math.min(lacking.size(), from + MachineApi.BATCH_MAX));
      launch.launch(
          fleet,
          batch,
          retiring,
          plan,
          tags,
          deadline,
          (ids, names) -> name(tags.event(), ids, names, deadline));
    }
    awaitRunning(tags.event(), fleet.nodeNames(), deadline);
    end(ending.stream().map(Machine::id).toList(), deadline);
  }

  private static boolean fits(Machine machine, Resource.NodeFleet fleet) {
    return machine.serves()
        && !machine.retires()
        && machine.profile().filter(profile -> !profile.equals(fleet.profile())).isEmpty();
  }

  /** The machines that give their names away now. */
  List<Machine> retiring(EventName event) throws ProviderException, InterruptedException {
    return retiring(event, calls.soon());
  }

  List<Machine> retiring(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    return Machine.list(api, event, deadline).stream()
        .filter(machine -> machine.retires() && machine.name().isPresent())
        .toList();
  }

  /**
   * Launches a second machine of a node's name, unless one is there: the first is marked as the one
   * that goes, and keeps running.
   */
  void launchBeside(
      Resource.NodeFleet fleet, String node, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<Machine> going = new ArrayList<>();
    List<Machine> staying = new ArrayList<>();
    List<String> unnamed = new ArrayList<>();
    for (Machine machine : Machine.list(api, tags.event(), deadline)) {
      if (machine.fleet().filter(fleet.id()::equals).isEmpty()) {
        continue;
      }
      if (machine.name().isEmpty() && fits(machine, fleet)) {
        unnamed.add(machine.id());
      } else if (machine.name().filter(node::equals).isPresent()) {
        (machine.retires() || !machine.serves() ? going : staying).add(machine);
      }
    }
    if (going.stream().noneMatch(Machine::retires)) {
      going.addAll(staying);
      staying.clear();
    }
    for (Machine machine : going) {
      if (!machine.retires()) {
        retire(tags.event(), machine, node, deadline);
      }
    }
    if (staying.isEmpty() && !unnamed.isEmpty()) {
      name(tags.event(), unnamed.subList(0, 1), List.of(node), deadline);
    } else if (staying.isEmpty()) {
      launch.launch(
          fleet,
          List.of(node),
          going.stream().map(Machine::id).toList(),
          new Desired(desired),
          tags,
          deadline,
          (ids, names) -> name(tags.event(), ids, names, deadline));
    }
    awaitRunning(tags.event(), List.of(node), deadline);
  }

  /** Its name for Systems Manager goes too: the commands of the node are not for it. */
  private void retire(EventName event, Machine machine, String node, Deadline deadline)
      throws ProviderException, InterruptedException {
    api.tag(
        deadline,
        machine.id(),
        Map.of(
            EventTags.RETIRING,
            calls.pace().clock().instant().toString(),
            EventTags.NAME,
            EventTags.name(event, node) + " (replaced)"));
  }

  /** Ends the machines that gave a node's name away, and waits until they are gone. */
  void endRetired(EventName event, String node, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<String> ids =
        retiring(event, deadline).stream()
            .filter(machine -> machine.name().filter(node::equals).isPresent())
            .map(Machine::id)
            .toList();
    end(ids, deadline);
    awaitGone(event, machine -> ids.contains(machine.id()), deadline);
  }

  private void name(EventName event, List<String> ids, List<String> names, Deadline deadline)
      throws ProviderException, InterruptedException {
    Map<String, String> naming = new TreeMap<>();
    for (int i = 0; i < ids.size(); i++) {
      naming.put(ids.get(i), names.get(i));
    }
    AtOnce.each(
        naming.entrySet(),
        entry ->
            calls.settling(
                deadline,
                () -> {
                  api.tag(
                      deadline,
                      entry.getKey(),
                      Map.of(
                          EventTags.NODE,
                          entry.getValue(),
                          EventTags.NAME,
                          EventTags.name(event, entry.getValue())));
                  return entry;
                }));
  }

  private void awaitRunning(EventName event, List<String> names, Deadline deadline)
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

  /** Ends machines in batches and waits until they are gone, with their interfaces. */
  private void end(List<String> ids, Deadline deadline)
      throws ProviderException, InterruptedException {
    for (int from = 0; from < ids.size(); from += MachineApi.BATCH_MAX) {
      List<String> batch = ids.subList(from, Math.min(ids.size(), from + MachineApi.BATCH_MAX));
      try {
        api.terminate(deadline, batch);
      } catch (ProviderException failure) {
        if (failure.kind() != ProviderException.Kind.NOT_FOUND) {
          throw failure;
        }
        for (String id : batch) { // one of them is gone: that must not keep the others
          Calls.gone(() -> api.terminate(deadline, List.of(id)));
        }
      }
    }
  }

  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<Machine> machines =
        Machine.list(api, event, deadline).stream()
            .filter(machine -> machine.fleet().filter(id::equals).isPresent())
            .toList();
    if (machines.isEmpty()) {
      return;
    }
    end(machines.stream().map(Machine::id).toList(), deadline);
    awaitGone(event, machine -> machine.fleet().filter(id::equals).isPresent(), deadline);
    removeInterfaces(machines, deadline);
  }

  /** Those that did not go with their machines; one that is still held goes with its network. */
  private void removeInterfaces(List<Machine> machines, Deadline deadline)
      throws ProviderException, InterruptedException {
    String[] ids =
        machines.stream()
            .flatMap(machine -> machine.instance().networkInterfaces().stream())
            .map(InstanceNetworkInterface::networkInterfaceId)
            .toArray(String[]::new);
    for (int from = 0; from < ids.length; from += FILTER_VALUES_MAX) {
      String[] some = Arrays.copyOfRange(ids, from, Math.min(ids.length, from + FILTER_VALUES_MAX));
      for (NetworkInterface left :
          network.interfaces(deadline, Ec2Tags.filter("network-interface-id", some))) {
        try {
          Calls.gone(() -> api.deleteInterface(deadline, left.networkInterfaceId()));
        } catch (ProviderException failure) {
          if (AwsErrors.reason(failure) != AwsErrors.Reason.IN_USE) {
            throw failure;
          }
        }
      }
    }
  }

  private void awaitGone(
      EventName event, java.util.function.Predicate<Machine> which, Deadline deadline)
      throws ProviderException, InterruptedException {
    calls.until(
        deadline,
        "Run the same command again.",
        () ->
            Machine.ending(api, event, deadline).stream()
                .filter(which)
                .findFirst()
                .map(machine -> "machine " + machine.id() + " is " + machine.state()));
  }

  @Override
  public void kill(EventName event, String node) throws ProviderException, InterruptedException {
    Machine machine = nodes(event, calls.soon()).get(node);
    if (machine == null) {
      throw new ProviderException(
          ProviderException.Kind.NOT_FOUND,
          "node " + node + " is not running",
          "Name one of the nodes that spike status lists.");
    }
    api.terminate(calls.soon(), List.of(machine.id()));
  }

  /** Machines of no fleet, and what a machine can leave behind. */
  @Override
  public List<String> strays(EventName event) throws ProviderException, InterruptedException {
    Deadline deadline = calls.soon();
    List<String> strays = new ArrayList<>();
    for (Machine machine : Machine.list(api, event, deadline)) {
      if (machine.fleet().isEmpty()) {
        strays.add("machine " + machine.id());
      }
    }
    for (Volume volume : api.looseVolumes(deadline, tag(event))) {
      strays.add("volume " + volume.volumeId());
    }
    for (NetworkInterface left : looseInterfaces(event, deadline)) {
      strays.add("interface " + left.networkInterfaceId());
    }
    return strays;
  }

  private List<NetworkInterface> looseInterfaces(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    return network.interfaces(deadline, tag(event), Ec2Tags.filter("status", "available"));
  }

  @Override
  public void sweep(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<String> ids =
        Machine.list(api, event, deadline).stream()
            .filter(machine -> machine.fleet().isEmpty())
            .map(Machine::id)
            .toList();
    end(ids, deadline);
    awaitGone(event, machine -> ids.contains(machine.id()), deadline);
    for (Volume volume : api.looseVolumes(deadline, tag(event))) {
      Calls.gone(() -> api.deleteVolume(deadline, volume.volumeId()));
    }
    for (NetworkInterface left : looseInterfaces(event, deadline)) {
      Calls.gone(() -> api.deleteInterface(deadline, left.networkInterfaceId()));
    }
  }

  private static Filter tag(EventName event) {
    return Ec2Tags.tag(EventTags.EVENT, event.value());
  }
}

package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Calls;
import dev.spike.aws.api.MachineApi;
import dev.spike.core.provider.AtOnce;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.CloudResource;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The nodes, zone by zone. Only missing names are launched; a machine that was launched and not
 * named yet, because a run ended between the two, is named first.
 */
final class NodeFleetPart implements Part, AwsTier.Machines {
  private final Calls calls;
  private final MachineApi api;
  private final EventMachines machines;
  private final NodeNames names;
  private final MachineRemoval removal;
  private final Targets targets;
  private final FleetLaunch launch;

  NodeFleetPart(
      AwsSettings settings,
      AwsClients clients,
      EventMachines machines,
      Targets targets,
      LaunchTemplatePart templates,
      CapacityReservationPart reservations,
      NodeTemplate form) {
    this.calls = clients.calls();
    this.api = new MachineApi(clients);
    this.machines = machines;
    this.names = new NodeNames(clients);
    this.removal = new MachineRemoval(clients, machines);
    this.targets = targets;
    this.launch = new FleetLaunch(settings, clients, templates, reservations, form);
  }

  @Override
  public Kind kind() {
    return Kind.NODE_FLEET;
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    SortedMap<ResourceId, List<Machine>> fleets = new TreeMap<>();
    for (Machine machine : machines.there(event, calls.soon())) {
      machine
          .fleet()
          .ifPresent(id -> fleets.computeIfAbsent(id, key -> new ArrayList<>()).add(machine));
    }
    SortedMap<ResourceId, Observed> seen = new TreeMap<>();
    fleets.forEach((id, its) -> seen.put(id, fleet(id, its)));
    return seen;
  }

  private static Observed fleet(ResourceId id, List<Machine> its) {
    List<String> faults = new ArrayList<>();
    TreeSet<String> staying = new TreeSet<>();
    TreeSet<String> names = new TreeSet<>(Machine.BY_ORDINAL);
    TreeSet<String> profiles = new TreeSet<>();
    for (Machine machine : its) {
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
    for (Machine machine : machines.there(tags.event(), deadline)) {
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
    takeOn(unnamed.stream().map(Machine::id).toList(), adopting, desired, tags, deadline);
    List<String> lacking = List.copyOf(missing.subList(unnamed.size(), missing.size()));
    List<String> retiring = ending.stream().filter(Machine::retires).map(Machine::id).toList();
    AtOnce.each(
        batches(lacking),
        batch -> {
          launch.launch(
              fleet,
              batch,
              retiring,
              plan,
              tags,
              deadline,
              (ids, names) -> takeOn(ids, names, desired, tags, deadline));
          return batch;
        });
    machines.awaitRunning(tags.event(), fleet.nodeNames(), deadline);
    List<String> going = ending.stream().map(Machine::id).toList();
    targets.withdraw(going, tags.event(), deadline);
    removal.end(going, deadline);
  }

  /**
   * What is launched at once: naming the machines of one takes long, and none waits for another.
   */
  private static List<List<String>> batches(List<String> names) {
    List<List<String>> batches = new ArrayList<>();
    for (int from = 0; from < names.size(); from += MachineApi.BATCH_MAX) {
      batches.add(names.subList(from, Math.min(names.size(), from + MachineApi.BATCH_MAX)));
    }
    return batches;
  }

  /**
   * Names machines, which takes a call for each, and registers them as targets meanwhile. A group
   * that is made later than that finds them named.
   */
  private void takeOn(
      List<String> ids, List<String> names, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    Map<String, String> nodes = new TreeMap<>();
    for (int i = 0; i < ids.size(); i++) {
      nodes.put(ids.get(i), names.get(i));
    }
    List<CloudResource.TargetGroup> groups =
        new Desired(desired).all(CloudResource.TargetGroup.class);
    List<Calls.Attempt<List<CloudResource.TargetGroup>>> both =
        List.of(
            () -> {
              this.names.give(tags.event(), ids, names, deadline);
              return List.of();
            },
            () -> targets.enroll(nodes, groups, tags.event(), deadline));
    List<CloudResource.TargetGroup> late =
        AtOnce.each(both, Calls.Attempt::run).stream().flatMap(List::stream).toList();
    targets.enroll(nodes, late, tags.event(), deadline);
  }

  private static boolean fits(Machine machine, Resource.NodeFleet fleet) {
    return machine.serves()
        && !machine.retires()
        && machine.profile().filter(profile -> !profile.equals(fleet.profile())).isEmpty();
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
    for (Machine machine : machines.there(tags.event(), deadline)) {
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
        names.takeAway(tags.event(), machine, node, deadline);
      }
    }
    if (staying.isEmpty() && !unnamed.isEmpty()) {
      names.give(tags.event(), unnamed.subList(0, 1), List.of(node), deadline);
    } else if (staying.isEmpty()) {
      launch.launch(
          fleet,
          List.of(node),
          going.stream().map(Machine::id).toList(),
          new Desired(desired),
          tags,
          deadline,
          (ids, nodes) -> names.give(tags.event(), ids, nodes, deadline));
    }
    machines.awaitRunning(tags.event(), List.of(node), deadline);
  }

  /** Ends the machines that gave a node's name away, and waits until they are gone. */
  void endRetired(EventName event, String node, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<String> ids =
        machines.retiring(event, deadline).stream()
            .filter(machine -> machine.name().filter(node::equals).isPresent())
            .map(Machine::id)
            .toList();
    removal.end(ids, deadline);
    removal.awaitGone(event, machine -> ids.contains(machine.id()), deadline);
  }

  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<Machine> ours =
        machines.there(event, deadline).stream()
            .filter(machine -> machine.fleet().filter(id::equals).isPresent())
            .toList();
    if (ours.isEmpty()) {
      return;
    }
    removal.end(ours.stream().map(Machine::id).toList(), deadline);
    removal.awaitGone(event, machine -> machine.fleet().filter(id::equals).isPresent(), deadline);
    removal.removeInterfaces(ours, deadline);
  }

  @Override
  public void kill(EventName event, String node) throws ProviderException, InterruptedException {
    Machine machine = machines.nodes(event, calls.soon()).get(node);
    if (machine == null) {
      throw new ProviderException(
          ProviderException.Kind.NOT_FOUND,
          "node " + node + " is not running",
          "Name one of the nodes that spike status lists.");
    }
    api.terminate(calls.soon(), List.of(machine.id()));
  }

  @Override
  public List<String> strays(EventName event) throws ProviderException, InterruptedException {
    return removal.strays(event, calls.soon());
  }

  @Override
  public void sweep(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    removal.removeStrays(event, deadline);
  }
}

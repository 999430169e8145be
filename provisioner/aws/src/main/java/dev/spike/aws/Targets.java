package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.BalancerApi;
import dev.spike.aws.api.Calls;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.CloudResource;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/** Which machines the event's target groups send to: they join, and drain before they leave. */
final class Targets {
  /** A Network Load Balancer takes some minutes to find a new target well. */
  private static final Duration REGISTRATION = Duration.ofMinutes(10);

  private static final Duration DRAINED = Duration.ofMinutes(10);
  private static final Duration START = Duration.ofMinutes(10);

  private final Calls calls;
  private final BalancerApi api;
  private final Balancers balancers;
  private final EventMachines machines;

  Targets(AwsClients clients, Balancers balancers, EventMachines machines) {
    this.calls = clients.calls();
    this.api = new BalancerApi(clients);
    this.balancers = balancers;
    this.machines = machines;
  }

  /** The machines that the group sends new connections to, sick or well. */
  Set<String> registered(TargetGroup group, Deadline deadline)
      throws ProviderException, InterruptedException {
    Set<String> ids = new TreeSet<>();
    for (TargetHealthDescription target : api.targets(deadline, group.targetGroupArn())) {
      if (target.targetHealth().state() != TargetHealthStateEnum.DRAINING) {
        ids.add(target.target().id());
      }
    }
    return ids;
  }

  /**
   * Registers machines that were just launched with groups that are to send to their nodes, once
   * they run, as a target has to.
   *
   * @param nodes their names by machine id
   * @return the groups that are not there yet
   */
  List<CloudResource.TargetGroup> enroll(
      Map<String, String> nodes,
      List<CloudResource.TargetGroup> groups,
      EventName event,
      Deadline deadline)
      throws ProviderException, InterruptedException {
    if (groups.isEmpty() || nodes.isEmpty()) {
      return List.of();
    }
    calls.until(
        deadline.atMost(START),
        "Run the same command again: it registers what is missing.",
        () ->
            machines.there(event, deadline).stream()
                .filter(machine -> nodes.containsKey(machine.id()) && !machine.runs())
                .findFirst()
                .map(machine -> "machine " + machine.id() + " does not run yet"));
    SortedMap<ResourceId, Balancers.Found<TargetGroup>> there =
        balancers.targetGroups(event, deadline);
    List<CloudResource.TargetGroup> absent = new ArrayList<>();
    for (CloudResource.TargetGroup group : groups) {
      Balancers.Found<TargetGroup> found = there.get(group.id());
      Set<String> names = Set.copyOf(group.targets());
      List<String> ids =
          nodes.entrySet().stream()
              .filter(node -> names.contains(node.getValue()))
              .map(Map.Entry::getKey)
              .toList();
      if (found == null) {
        absent.add(group);
      } else if (!ids.isEmpty()) {
        calls.settled(deadline, () -> api.register(deadline, found.thing().targetGroupArn(), ids));
      }
    }
    return absent;
  }

  /** Takes machines that are about to end out of every group of the event. */
  void withdraw(Collection<String> ids, EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    if (ids.isEmpty()) {
      return;
    }
    for (Balancers.Found<TargetGroup> found : balancers.targetGroups(event, deadline).values()) {
      Set<String> going = registered(found.thing(), deadline);
      going.retainAll(ids);
      if (!going.isEmpty()) {
        Calls.gone(() -> api.deregister(deadline, found.thing().targetGroupArn(), going));
      }
    }
  }

  /** The groups of the event that are to send to a node. */
  private List<TargetGroup> groupsOf(
      String node, List<Resource> desired, EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<ResourceId, Balancers.Found<TargetGroup>> there =
        balancers.targetGroups(event, deadline);
    List<TargetGroup> groups = new ArrayList<>();
    for (CloudResource.TargetGroup group :
        new Desired(desired).all(CloudResource.TargetGroup.class)) {
      Balancers.Found<TargetGroup> found = there.get(group.id());
      if (found != null && group.targets().contains(node)) {
        groups.add(found.thing());
      }
    }
    return groups;
  }

  /**
   * Registers a node's machine beside the others. Where clients are served already, it waits until
   * the group finds it well too.
   */
  void register(String node, List<Resource> desired, EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    Machine machine = machines.nodes(event, deadline).get(node);
    if (machine == null || machine.retires()) {
      throw new ProviderException(
          ProviderException.Kind.UNAVAILABLE,
          "the new machine of node " + node + " is gone",
          "Run the same command again: it launches another.");
    }
    for (TargetGroup group : groupsOf(node, desired, event, deadline)) {
      String arn = group.targetGroupArn();
      if (!registered(group, deadline).contains(machine.id())) {
        calls.settled(deadline, () -> api.register(deadline, arn, List.of(machine.id())));
      }
      calls.until(
          deadline.atMost(REGISTRATION),
          "Run the same command again; the old node still serves. The journal of the new one says"
              + " what it lacks.",
          () -> unwell(machine.id(), api.targets(deadline, arn)));
    }
  }

  /** What a new target lacks where others are well. */
  private static Optional<String> unwell(String id, List<TargetHealthDescription> targets) {
    boolean served =
        targets.stream()
            .anyMatch(
                target ->
                    !target.target().id().equals(id)
                        && target.targetHealth().state() == TargetHealthStateEnum.HEALTHY);
    TargetHealthStateEnum state =
        targets.stream()
            .filter(target -> target.target().id().equals(id))
            .map(target -> target.targetHealth().state())
            .findFirst()
            .orElse(TargetHealthStateEnum.INITIAL);
    return switch (state) {
      case HEALTHY, UNUSED -> Optional.empty();
      case INITIAL -> Optional.of("machine " + id + " is not checked yet");
      case UNHEALTHY, UNHEALTHY_DRAINING, DRAINING, UNAVAILABLE, UNKNOWN_TO_SDK_VERSION ->
          served ? Optional.of("machine " + id + " is " + state) : Optional.empty();
    };
  }

  /** Takes the machines that give a node's name away out, and waits until they have drained. */
  void drain(String node, List<Resource> desired, EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<String> ids =
        machines.retiring(event, deadline).stream()
            .filter(machine -> machine.name().filter(node::equals).isPresent())
            .map(Machine::id)
            .toList();
    for (TargetGroup group : groupsOf(node, desired, event, deadline)) {
      Set<String> going = registered(group, deadline);
      going.retainAll(ids);
      if (!going.isEmpty()) {
        Calls.gone(() -> api.deregister(deadline, group.targetGroupArn(), going));
      }
      calls.until(
          deadline.atMost(DRAINED),
          "Run the same command again: it goes on waiting.",
          () ->
              api.targets(deadline, group.targetGroupArn()).stream()
                  .filter(
                      target ->
                          ids.contains(target.target().id())
                              && target.targetHealth().state() != TargetHealthStateEnum.UNUSED)
                  .findFirst()
                  .map(target -> "machine " + target.target().id() + " still drains"));
    }
  }
}

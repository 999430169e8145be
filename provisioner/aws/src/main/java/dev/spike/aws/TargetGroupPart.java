package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.BalancerApi;
import dev.spike.aws.api.Calls;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.CloudResource;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/**
 * The nodes that a balancer sends to. Clients keep their address, and neither a failed health check
 * nor a deregistration cuts a live connection.
 */
final class TargetGroupPart implements Part {
  private static final int CHECK_SECONDS = 10;
  private static final int CHECK_TIMEOUT_SECONDS = 6;
  private static final int CHECKS_TO_CHANGE = 2;
  private static final String DRAIN_SECONDS = "300";

  /** A Network Load Balancer takes some minutes to find a new target well. */
  private static final Duration REGISTRATION = Duration.ofMinutes(10);

  private static final Duration DRAINED = Duration.ofMinutes(10);
  private static final Duration START = Duration.ofMinutes(10);

  private static final Map<String, String> ATTRIBUTES =
      Map.of(
          "preserve_client_ip.enabled", "true",
          "deregistration_delay.timeout_seconds", DRAIN_SECONDS,
          "deregistration_delay.connection_termination.enabled", "false",
          "target_health_state.unhealthy.connection_termination.enabled", "false",
          "target_health_state.unhealthy.draining_interval_seconds", DRAIN_SECONDS);

  private final AwsSettings settings;
  private final Calls calls;
  private final BalancerApi api;
  private final Balancers balancers;
  private final Sites sites;
  private final EventMachines machines;

  TargetGroupPart(
      AwsSettings settings, AwsClients clients, Balancers balancers, EventMachines machines) {
    this.settings = settings;
    this.calls = clients.calls();
    this.api = new BalancerApi(clients);
    this.balancers = balancers;
    this.sites = new Sites(settings, clients);
    this.machines = machines;
  }

  @Override
  public Kind kind() {
    return Kind.TARGET_GROUP;
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    Deadline deadline = calls.soon();
    SortedMap<ResourceId, Observed> seen = new TreeMap<>();
    SortedMap<ResourceId, Balancers.Found<TargetGroup>> groups =
        balancers.targetGroups(event, deadline);
    if (groups.isEmpty()) {
      return seen;
    }
    Map<String, String> nodes = namesById(event, deadline);
    for (Map.Entry<ResourceId, Balancers.Found<TargetGroup>> entry : groups.entrySet()) {
      TargetGroup group = entry.getValue().thing();
      List<String> faults = new ArrayList<>();
      Set<String> targets = new TreeSet<>();
      for (String id : registered(group, deadline)) {
        String name = nodes.get(id);
        if (name == null) {
          faults.add("machine " + id + " is a target and no node");
        } else {
          targets.add(name);
        }
      }
      missing(group, deadline).forEach((name, value) -> faults.add(name + " is not " + value));
      seen.put(
          entry.getKey(),
          new Observed(
              entry.getKey(),
              Kind.TARGET_GROUP,
              Map.of(
                  "nodePort", Integer.toString(group.port()), "targets", String.join(",", targets)),
              faults));
    }
    return seen;
  }

  private Map<String, String> namesById(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    Map<String, String> names = new HashMap<>();
    machines.nodes(event, deadline).forEach((name, machine) -> names.put(machine.id(), name));
    return names;
  }

  /** The machines that the group sends new connections to, sick or well. */
  private Set<String> registered(TargetGroup group, Deadline deadline)
      throws ProviderException, InterruptedException {
    Set<String> ids = new TreeSet<>();
    for (TargetHealthDescription target : api.targets(deadline, group.targetGroupArn())) {
      if (target.targetHealth().state() != TargetHealthStateEnum.DRAINING) {
        ids.add(target.target().id());
      }
    }
    return ids;
  }

  private SortedMap<String, String> missing(TargetGroup group, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<String, String> there = api.targetGroupAttributes(deadline, group.targetGroupArn());
    SortedMap<String, String> missing = new TreeMap<>(ATTRIBUTES);
    missing.entrySet().removeIf(wanted -> wanted.getValue().equals(there.get(wanted.getKey())));
    return missing;
  }

  @Override
  public void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    CloudResource.TargetGroup wanted = (CloudResource.TargetGroup) resource;
    Balancers.Found<TargetGroup> there =
        balancers.targetGroups(tags.event(), deadline).get(wanted.id());
    TargetGroup group =
        there == null ? make(wanted, new Desired(desired), tags, deadline) : there.thing();
    SortedMap<String, String> missing =
        there == null
            ? new TreeMap<>(ATTRIBUTES)
            : calls.settling(deadline, () -> missing(group, deadline));
    if (!missing.isEmpty()) {
      calls.settled(
          deadline, () -> api.setTargetGroupAttributes(deadline, group.targetGroupArn(), missing));
    }
    Set<String> surplus = there == null ? new TreeSet<>() : registered(group, deadline);
    Set<String> names = Set.copyOf(wanted.targets());
    Set<String> lacking = new HashSet<>();
    for (Machine machine : machines.there(tags.event(), deadline)) {
      boolean named = machine.name().isPresent();
      boolean target = named && names.contains(machine.name().get());
      boolean known = surplus.contains(machine.id());
      if (target && machine.runs() && !machine.retires() && !known) {
        lacking.add(machine.id());
      } else if (known && machine.serves() && (target || !named)) {
        surplus.remove(machine.id()); // one without a name was registered by who launches it now
      }
    }
    if (!lacking.isEmpty()) {
      calls.settled(deadline, () -> api.register(deadline, group.targetGroupArn(), lacking));
    }
    if (!surplus.isEmpty()) {
      Calls.gone(() -> api.deregister(deadline, group.targetGroupArn(), surplus));
    }
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

  private TargetGroup make(
      CloudResource.TargetGroup wanted, Desired plan, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    Site site = sites.find(tags.event(), plan.zones(), deadline);
    return Calls.adopting(
        () ->
            api.createTargetGroup(
                deadline,
                CreateTargetGroupRequest.builder()
                    .name(Names.of(tags.event(), wanted.id(), Names.BALANCER_CHARS_MAX))
                    .protocol(ProtocolEnum.TCP)
                    .port(wanted.nodePort())
                    .vpcId(site.vpcId())
                    .targetType(TargetTypeEnum.INSTANCE)
                    .healthCheckEnabled(true)
                    .healthCheckProtocol(ProtocolEnum.HTTP)
                    .healthCheckPort(Integer.toString(FirewallPart.ADMIN_PORT))
                    .healthCheckPath("/readyz")
                    .healthCheckIntervalSeconds(CHECK_SECONDS)
                    .healthCheckTimeoutSeconds(CHECK_TIMEOUT_SECONDS)
                    .healthyThresholdCount(CHECKS_TO_CHANGE)
                    .unhealthyThresholdCount(CHECKS_TO_CHANGE)
                    .tags(BalancerApi.tagList(EventTags.of(tags, wanted.id(), settings)))
                    .build()),
        () ->
            Optional.ofNullable(balancers.targetGroups(tags.event(), deadline).get(wanted.id()))
                .map(Balancers.Found::thing));
  }

  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    Balancers.Found<TargetGroup> found = balancers.targetGroups(event, deadline).get(id);
    if (found != null) {
      String arn = found.thing().targetGroupArn();
      calls.freed(
          deadline,
          "target group " + found.thing().targetGroupName(),
          () -> api.deleteTargetGroup(deadline, arn),
          () -> String.join(", ", found.thing().loadBalancerArns()));
    }
  }

  @Override
  public List<String> strays(EventName event) {
    return List.of();
  }

  @Override
  public void sweep(EventName event, Deadline deadline) {}
}

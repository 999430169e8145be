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
import java.util.ArrayList;
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
  private final Targets targets;

  TargetGroupPart(
      AwsSettings settings,
      AwsClients clients,
      Balancers balancers,
      EventMachines machines,
      Targets targets) {
    this.settings = settings;
    this.calls = clients.calls();
    this.api = new BalancerApi(clients);
    this.balancers = balancers;
    this.sites = new Sites(settings, clients);
    this.machines = machines;
    this.targets = targets;
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
      Set<String> names = new TreeSet<>();
      for (String id : targets.registered(group, deadline)) {
        String name = nodes.get(id);
        if (name == null) {
          faults.add("machine " + id + " is a target and no node");
        } else {
          names.add(name);
        }
      }
      missing(group, deadline).forEach((name, value) -> faults.add(name + " is not " + value));
      seen.put(
          entry.getKey(),
          new Observed(
              entry.getKey(),
              Kind.TARGET_GROUP,
              Map.of(
                  "nodePort", Integer.toString(group.port()), "targets", String.join(",", names)),
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
    Set<String> surplus = there == null ? new TreeSet<>() : targets.registered(group, deadline);
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

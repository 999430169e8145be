package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.BalancerApi;
import dev.spike.aws.api.Calls;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;

/** What a balancer listens on. TCP: the nodes end TLS. */
final class ListenerPart implements Part {
  private static final String IDLE = "tcp.idle_timeout.seconds";

  /** What a new listener has; the observation at the end of a run sees whether that holds. */
  private static final int IDLE_SECONDS_AT_FIRST = 350;

  private final AwsSettings settings;
  private final Calls calls;
  private final BalancerApi api;
  private final Balancers balancers;

  ListenerPart(AwsSettings settings, AwsClients clients, Balancers balancers) {
    this.settings = settings;
    this.calls = clients.calls();
    this.api = new BalancerApi(clients);
    this.balancers = balancers;
  }

  @Override
  public Kind kind() {
    return Kind.LISTENER;
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    Deadline deadline = calls.soon();
    SortedMap<ResourceId, Observed> seen = new TreeMap<>();
    for (Map.Entry<ResourceId, Balancers.Found<Listener>> entry :
        balancers.listeners(event, deadline).entrySet()) {
      Listener listener = entry.getValue().thing();
      List<String> faults = new ArrayList<>();
      if (targetGroup(listener).isEmpty()) {
        faults.add("the listener sends nowhere");
      }
      if (!idle().equals(idle(listener, deadline))) {
        faults.add(IDLE + " is not " + idle());
      }
      seen.put(
          entry.getKey(),
          new Observed(
              entry.getKey(),
              Kind.LISTENER,
              Map.of("port", Integer.toString(listener.port()), "targets", ""),
              faults));
    }
    return seen;
  }

  private static String idle() {
    return Integer.toString(BalancerPart.IDLE_SECONDS);
  }

  /** What it is set to; as it should be where the endpoint does not tell. */
  private String idle(Listener listener, Deadline deadline)
      throws ProviderException, InterruptedException {
    return Offered.orElse(
        idle(),
        () -> api.listenerAttributes(deadline, listener.listenerArn()).getOrDefault(IDLE, ""));
  }

  private static String targetGroup(Listener listener) {
    return listener.defaultActions().stream()
        .map(Action::targetGroupArn)
        .filter(arn -> arn != null)
        .findFirst()
        .orElse("");
  }

  /** The ports of the event's listeners, by the balancer that they are of. */
  Map<ResourceId, Integer> ports(EventName event) throws ProviderException, InterruptedException {
    Map<ResourceId, Integer> ports = new HashMap<>();
    balancers
        .listeners(event, calls.soon())
        .forEach(
            (id, found) -> ports.put(BalancerCapacityPart.balancerOf(id), found.thing().port()));
    return ports;
  }

  @Override
  public void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    Resource.Listener wanted = (Resource.Listener) resource;
    ResourceId balancerId = BalancerCapacityPart.balancerOf(wanted.id());
    ResourceId groupId =
        new ResourceId("target-group/" + wanted.id().value().replaceFirst(".*/", ""));
    Balancers.Found<LoadBalancer> balancer =
        balancers.balancers(tags.event(), deadline).get(balancerId);
    Balancers.Found<TargetGroup> group =
        balancers.targetGroups(tags.event(), deadline).get(groupId);
    if (balancer == null || group == null) {
      throw new ProviderException(
          ProviderException.Kind.NOT_FOUND,
          (balancer == null ? balancerId : groupId) + " is not there for " + wanted.id(),
          "Run spike provision with this plan: it makes them first.");
    }
    String groupArn = group.thing().targetGroupArn();
    Action forward = Action.builder().type(ActionTypeEnum.FORWARD).targetGroupArn(groupArn).build();
    Balancers.Found<Listener> there =
        balancers.listeners(tags.event(), balancer.thing(), deadline).get(wanted.id());
    Listener listener =
        there != null
            ? there.thing()
            : calls.settling(
                deadline,
                () ->
                    Calls.adopting(
                        () ->
                            api.createListener(
                                deadline,
                                CreateListenerRequest.builder()
                                    .loadBalancerArn(balancer.thing().loadBalancerArn())
                                    .protocol(ProtocolEnum.TCP)
                                    .port(wanted.port())
                                    .defaultActions(forward)
                                    .tags(
                                        BalancerApi.tagList(
                                            EventTags.of(tags, wanted.id(), settings)))
                                    .build()),
                        () ->
                            Optional.ofNullable(
                                    balancers
                                        .listeners(tags.event(), balancer.thing(), deadline)
                                        .get(wanted.id()))
                                .map(Balancers.Found::thing)));
    if (listener.port() != wanted.port() || !targetGroup(listener).equals(groupArn)) {
      api.changeListener(
          deadline,
          ModifyListenerRequest.builder()
              .listenerArn(listener.listenerArn())
              .port(wanted.port())
              .defaultActions(forward)
              .build());
    }
    boolean asMade = there == null && BalancerPart.IDLE_SECONDS == IDLE_SECONDS_AT_FIRST;
    if (!asMade && !idle().equals(calls.settling(deadline, () -> idle(listener, deadline)))) {
      calls.settled(
          deadline, () -> api.setListenerAttribute(deadline, listener.listenerArn(), IDLE, idle()));
    }
  }

  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    Balancers.Found<LoadBalancer> balancer =
        balancers.balancers(event, deadline).get(BalancerCapacityPart.balancerOf(id));
    if (balancer == null) {
      return; // a listener goes with its balancer
    }
    Balancers.Found<Listener> found =
        balancers.listeners(event, balancer.thing(), deadline).get(id);
    if (found != null) {
      Calls.gone(() -> api.deleteListener(deadline, found.thing().listenerArn()));
    }
  }

  @Override
  public List<String> strays(EventName event) {
    return List.of();
  }

  @Override
  public void sweep(EventName event, Deadline deadline) {}
}

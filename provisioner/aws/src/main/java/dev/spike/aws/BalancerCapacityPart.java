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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CapacityReservationStateEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeCapacityReservationResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancer;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ZonalCapacityReservationState;

/**
 * The capacity that a balancer holds ready. It is whole when every zone has it provisioned and they
 * add up to what was asked; that takes up to an hour, sometimes a few.
 */
final class BalancerCapacityPart implements Part {
  private final Calls calls;
  private final BalancerApi api;
  private final Balancers balancers;

  BalancerCapacityPart(AwsClients clients, Balancers balancers) {
    this.calls = clients.calls();
    this.api = new BalancerApi(clients);
    this.balancers = balancers;
  }

  @Override
  public Kind kind() {
    return Kind.BALANCER_CAPACITY;
  }

  /** The id of the balancer that a capacity, target group or listener belongs to. */
  static ResourceId balancerOf(ResourceId id) {
    return new ResourceId("balancer/" + id.value().replaceFirst(".*/", ""));
  }

  private static ResourceId idOf(ResourceId balancer) {
    return new ResourceId("balancer-capacity/" + balancer.value().replaceFirst(".*/", ""));
  }

  private static int units(DescribeCapacityReservationResponse there) {
    return there.minimumLoadBalancerCapacity() == null
            || there.minimumLoadBalancerCapacity().capacityUnits() == null
        ? 0
        : there.minimumLoadBalancerCapacity().capacityUnits();
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    Deadline deadline = calls.soon();
    SortedMap<ResourceId, Observed> seen = new TreeMap<>();
    for (Map.Entry<ResourceId, Balancers.Found<LoadBalancer>> entry :
        balancers.balancers(event, deadline).entrySet()) {
      Optional<DescribeCapacityReservationResponse> there =
          Offered.orElse(
              Optional.empty(),
              () ->
                  Optional.of(api.capacity(deadline, entry.getValue().thing().loadBalancerArn())));
      if (there.isPresent() && units(there.get()) > 0) {
        ResourceId id = idOf(entry.getKey());
        seen.put(
            id,
            new Observed(
                id,
                Kind.BALANCER_CAPACITY,
                Map.of("units", Integer.toString(units(there.get()))),
                faults(there.get())));
      }
    }
    return seen;
  }

  private static List<String> faults(DescribeCapacityReservationResponse there) {
    List<String> faults = new ArrayList<>();
    double ready = 0;
    for (ZonalCapacityReservationState zone : there.capacityReservationState()) {
      if (zone.state().code() == CapacityReservationStateEnum.PROVISIONED) {
        ready += zone.effectiveCapacityUnits() == null ? 0 : zone.effectiveCapacityUnits();
      } else {
        faults.add(
            "capacity in "
                + zone.availabilityZone()
                + " is "
                + zone.state().codeAsString()
                + (zone.state().reason() == null ? "" : ": " + zone.state().reason()));
      }
    }
    if (faults.isEmpty() && ready < units(there)) {
      faults.add("only " + (long) ready + " of " + units(there) + " capacity units are ready");
    }
    return faults;
  }

  @Override
  public void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    CloudResource.BalancerCapacity wanted = (CloudResource.BalancerCapacity) resource;
    ResourceId balancerId = balancerOf(wanted.id());
    Balancers.Found<LoadBalancer> found =
        balancers.balancers(tags.event(), deadline).get(balancerId);
    if (found == null) {
      throw new ProviderException(
          ProviderException.Kind.NOT_FOUND,
          balancerId + " is not there to hold capacity",
          "Run spike provision with this plan: it makes the balancer first.");
    }
    String arn = found.thing().loadBalancerArn();
    int units = Math.toIntExact(wanted.units());
    calls.settled(
        deadline,
        () -> {
          if (units(api.capacity(deadline, arn)) != units) {
            api.reserve(deadline, arn, units);
          }
        });
    calls.until(
        deadline,
        "Run the same command again: the capacity is asked for and comes by itself, usually within"
            + " an hour.",
        () -> {
          DescribeCapacityReservationResponse there = api.capacity(deadline, arn);
          boolean failed =
              there.capacityReservationState().stream()
                  .anyMatch(zone -> zone.state().code() == CapacityReservationStateEnum.FAILED);
          List<String> faults = faults(there);
          if (failed) {
            throw new ProviderException(
                ProviderException.Kind.INSUFFICIENT_CAPACITY,
                wanted.id() + ": " + String.join("; ", faults),
                "Ask AWS support for capacity on this balancer, or set reserve.balancer to false,"
                    + " then plan again.");
          }
          return faults.stream().findFirst();
        });
  }

  /** A balancer without it is deleted more readily; its decreases are rationed, resets are not. */
  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    Balancers.Found<LoadBalancer> found = balancers.balancers(event, deadline).get(balancerOf(id));
    if (found == null) {
      return;
    }
    String arn = found.thing().loadBalancerArn();
    Calls.gone(
        () -> {
          if (units(api.capacity(deadline, arn)) > 0) {
            api.resetReservation(deadline, arn);
          }
        });
  }

  @Override
  public List<String> strays(EventName event) {
    return List.of();
  }

  @Override
  public void sweep(EventName event, Deadline deadline) {}
}

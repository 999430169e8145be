package dev.spike.aws.preflight;

import dev.spike.core.resource.CloudResource;
import dev.spike.core.resource.Resource;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a tier takes of an account, counted from its desired resources.
 *
 * @param nodesByZone machines by zone of the tier
 * @param profile the type of machine that was planned; empty without nodes
 * @param cacheNodes primaries and replicas of the cache
 * @param cacheZones how many zones they spread over
 * @param balancers network load balancers
 * @param targetsPerGroup the most targets of one target group
 * @param unitsPerBalancer the most capacity units that one balancer reserves; 0 for none
 * @param units all reserved capacity units
 * @param network whether a network is among the resources
 */
record Needs(
    SortedMap<String, Integer> nodesByZone,
    String profile,
    int cacheNodes,
    int cacheZones,
    int balancers,
    int targetsPerGroup,
    long unitsPerBalancer,
    long units,
    boolean network) {
  Needs {
    nodesByZone = Collections.unmodifiableSortedMap(new TreeMap<>(nodesByZone));
  }

  static Needs of(List<Resource> desired) {
    SortedMap<String, Integer> nodes = new TreeMap<>();
    all(desired, Resource.NodeFleet.class)
        .forEach(fleet -> nodes.merge(fleet.zone(), fleet.nodes(), Integer::sum));
    List<Long> units =
        all(desired, CloudResource.BalancerCapacity.class)
            .map(CloudResource.BalancerCapacity::units)
            .toList();
    return new Needs(
        nodes,
        all(desired, Resource.NodeFleet.class)
            .map(Resource.NodeFleet::profile)
            .findFirst()
            .orElse(""),
        all(desired, Resource.Cache.class)
            .mapToInt(cache -> cache.shards() * (1 + cache.replicasPerShard()))
            .sum(),
        all(desired, Resource.Cache.class).mapToInt(cache -> cache.zones().size()).max().orElse(0),
        (int) all(desired, Resource.Balancer.class).count(),
        all(desired, CloudResource.TargetGroup.class)
            .mapToInt(group -> group.targets().size())
            .max()
            .orElse(0),
        units.stream().mapToLong(Long::longValue).max().orElse(0),
        units.stream().mapToLong(Long::longValue).sum(),
        all(desired, Resource.Network.class).findAny().isPresent());
  }

  private static <R extends Resource> Stream<R> all(List<Resource> desired, Class<R> type) {
    return desired.stream().filter(type::isInstance).map(type::cast);
  }

  int nodes() {
    return nodesByZone.values().stream().mapToInt(Integer::intValue).sum();
  }

  int zones() {
    return nodesByZone.size();
  }

  int nodesPerZone() {
    return nodesByZone.values().stream().mapToInt(Integer::intValue).max().orElse(0);
  }

  /** Addresses that one zone's subnet gives away: nodes, balancers and the cache's share. */
  int addressesPerZone() {
    return nodesPerZone()
        + balancers
        + (cacheZones == 0 ? 0 : Math.ceilDiv(cacheNodes, cacheZones));
  }

  /** Nothing of stage provision is asked for: the tier is to be warmed or removed. */
  boolean isEmpty() {
    return nodesByZone.isEmpty() && cacheNodes == 0 && balancers == 0;
  }
}

package dev.spike.local;

import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.resource.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The parts of a plan that a resource's making needs to know of other resources. */
record Desired(List<Resource> resources) {
  Desired {
    resources = List.copyOf(resources);
  }

  /** The address plan, from the network's zones. */
  AddressPlan addresses() throws ProviderException {
    return new AddressPlan(only(Resource.Network.class, "network").zones());
  }

  String serviceHost() throws ProviderException {
    return only(Resource.Certificate.class, "certificate").host();
  }

  /** Where the cache's members listen: host:port each. */
  List<String> cacheNodes() throws ProviderException {
    Resource.Cache cache = only(Resource.Cache.class, "cache");
    AddressPlan addresses = addresses();
    List<String> nodes = new ArrayList<>();
    for (String member :
        CacheTopology.of(cache.zones(), cache.shards(), cache.replicasPerShard()).members()) {
      nodes.add(addresses.cache(member) + ":" + AddressPlan.CACHE_PORT);
    }
    return nodes;
  }

  /** The names of all nodes of all zones, in order. */
  List<String> nodes() {
    return resources.stream()
        .filter(Resource.NodeFleet.class::isInstance)
        .map(Resource.NodeFleet.class::cast)
        .flatMap(fleet -> fleet.nodeNames().stream())
        .toList();
  }

  private <R extends Resource> R only(Class<R> type, String what) throws ProviderException {
    Optional<R> found = resources.stream().filter(type::isInstance).map(type::cast).findFirst();
    return found.orElseThrow(
        () ->
            new ProviderException(
                Kind.INVALID,
                "the plan has no " + what + ", which other resources stand on",
                "Make the plan again with spike plan."));
  }
}

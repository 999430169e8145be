package dev.spike.core.plan;

import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.util.ArrayList;
import java.util.List;

/** The desired state of a tier on one machine: its resources, each after what it depends on. */
final class TierResources {
  /** Zones are named by letters, from a on. */
  private static final String LETTERS = "abcdef";

  private static final ResourceId NETWORK = new ResourceId("network");
  private static final ResourceId CERTIFICATE = new ResourceId("certificate");
  private static final ResourceId BUNDLE = new ResourceId("bundle");
  private static final ResourceId CACHE = new ResourceId("cache");
  private static final ResourceId BALANCER = new ResourceId("balancer");
  private static final ResourceId LISTENER = new ResourceId("listener");

  private TierResources() {}

  static List<Resource> of(
      CapacityPlan capacity, String host, int port, int heartbeatMillis, String bundleVersion) {
    List<String> zones = zones(capacity.zones());
    List<Resource> resources = new ArrayList<>();
    resources.add(new Resource.Network(NETWORK, List.of(), zones));
    resources.add(new Resource.Certificate(CERTIFICATE, List.of(), host));
    resources.add(new Resource.Bundle(BUNDLE, List.of(), bundleVersion));
    resources.add(
        new Resource.Cache(
            CACHE,
            List.of(NETWORK),
            zones,
            capacity.cache().shards(),
            capacity.cache().replicasPerShard()));
    List<Resource.NodeFleet> fleets = new ArrayList<>();
    for (String zone : zones) {
      fleets.add(
          new Resource.NodeFleet(
              new ResourceId("node-fleet/" + zone),
              List.of(NETWORK, CERTIFICATE, BUNDLE, CACHE),
              zone,
              capacity.nodesPerZone(),
              capacity.profile(),
              capacity.connectionsPerNode(),
              heartbeatMillis));
    }
    resources.addAll(fleets);
    resources.add(new Resource.Balancer(BALANCER, List.of(NETWORK), zones));
    resources.add(listener(fleets, port));
    for (Resource.NodeFleet fleet : fleets) {
      resources.add(router(fleet, List.of(fleet.id(), CACHE)));
    }
    for (Resource.NodeFleet fleet : fleets) {
      resources.add(warmUp(fleet, List.of(fleet.id(), CACHE)));
    }
    return resources;
  }

  private static Resource.Listener listener(List<Resource.NodeFleet> fleets, int port) {
    List<ResourceId> dependsOn = new ArrayList<>(List.of(BALANCER));
    List<String> targets = new ArrayList<>();
    for (Resource.NodeFleet fleet : fleets) {
      dependsOn.add(fleet.id());
      targets.addAll(fleet.nodeNames());
    }
    return new Resource.Listener(LISTENER, dependsOn, port, targets);
  }

  /** The router on one fleet. */
  static Resource.RouterInstallation router(Resource.NodeFleet fleet, List<ResourceId> dependsOn) {
    return new Resource.RouterInstallation(
        new ResourceId("router-installation/" + fleet.zone()),
        dependsOn,
        fleet.zone(),
        fleet.nodeNames());
  }

  /** The self-warm of one fleet, which follows its router. */
  static Resource.NodeWarmUp warmUp(Resource.NodeFleet fleet, List<ResourceId> dependsOn) {
    List<ResourceId> needs = new ArrayList<>(dependsOn);
    needs.add(new ResourceId("router-installation/" + fleet.zone()));
    return new Resource.NodeWarmUp(
        new ResourceId("node-warm-up/" + fleet.zone()), needs, fleet.zone(), fleet.nodeNames());
  }

  /** The names of so many zones. */
  static List<String> zones(int count) {
    return LETTERS.substring(0, count).chars().mapToObj(Character::toString).toList();
  }
}

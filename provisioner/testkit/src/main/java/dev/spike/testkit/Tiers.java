package dev.spike.testkit;

import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.util.ArrayList;
import java.util.List;

/** Builds the resources of a tier as a plan would hold them. */
public final class Tiers {
  private Tiers() {}

  /**
   * A whole tier of both stages.
   *
   * @param nodesPerZone nodes in each of the zones
   * @param zones their names
   */
  public static List<Resource> tier(int nodesPerZone, String... zones) {
    List<String> all = List.of(zones);
    List<Resource> resources = new ArrayList<>();
    resources.add(new Resource.Network(id("network"), List.of(), all));
    resources.add(new Resource.Certificate(id("certificate"), List.of(), "live.example.com"));
    resources.add(new Resource.Bundle(id("bundle"), List.of(), "0.1.0"));
    resources.add(new Resource.Cache(id("cache"), List.of(id("network")), all, 3, 1));
    resources.add(new Resource.Balancer(id("balancer"), List.of(id("network")), all));
    List<ResourceId> front = new ArrayList<>(List.of(id("balancer")));
    List<String> targets = new ArrayList<>();
    List<Resource> warm = new ArrayList<>();
    for (String zone : zones) {
      Resource.NodeFleet fleet =
          new Resource.NodeFleet(
              id("node-fleet/" + zone),
              List.of(id("network"), id("certificate"), id("bundle"), id("cache")),
              zone,
              nodesPerZone,
              "local",
              15_000,
              25_000);
      resources.add(fleet);
      front.add(fleet.id());
      targets.addAll(fleet.nodeNames());
      ResourceId router = id("router-installation/" + zone);
      warm.add(
          new Resource.RouterInstallation(
              router, List.of(fleet.id(), id("cache")), zone, fleet.nodeNames()));
      warm.add(
          new Resource.NodeWarmUp(
              id("node-warm-up/" + zone), List.of(fleet.id(), router), zone, fleet.nodeNames()));
    }
    resources.add(new Resource.Listener(id("listener"), front, 443, targets));
    resources.addAll(warm);
    return resources;
  }

  private static ResourceId id(String text) {
    return new ResourceId(text);
  }
}

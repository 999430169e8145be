package dev.spike.core.apply;

import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ObservedState;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** A small tier as desired, and as it is observed when all of it is there. */
final class Tier {
  static final EventName EVENT = new EventName("cup-final");

  private Tier() {}

  static List<Resource> desired(String... zones) {
    List<String> all = List.of(zones);
    List<Resource> resources = new ArrayList<>();
    resources.add(new Resource.Network(id("network"), List.of(), all));
    resources.add(new Resource.Certificate(id("certificate"), List.of(), "live.example.com"));
    resources.add(new Resource.Bundle(id("bundle"), List.of(), "0.1.0"));
    resources.add(new Resource.Cache(id("cache"), List.of(id("network")), all, 3, 1));
    resources.add(new Resource.Balancer(id("balancer"), List.of(id("network")), all));
    List<ResourceId> fleets = new ArrayList<>();
    List<String> targets = new ArrayList<>();
    for (String zone : zones) {
      Resource.NodeFleet fleet =
          new Resource.NodeFleet(
              id("node-fleet/" + zone),
              List.of(id("network"), id("certificate"), id("bundle"), id("cache")),
              zone,
              2,
              "local",
              15_000,
              25_000);
      fleets.add(fleet.id());
      targets.addAll(fleet.nodeNames());
      resources.add(fleet);
      resources.add(
          new Resource.RouterInstallation(
              id("router-installation/" + zone),
              List.of(fleet.id(), id("cache")),
              zone,
              fleet.nodeNames()));
    }
    fleets.add(id("balancer"));
    resources.add(new Resource.Listener(id("listener"), fleets, 443, targets));
    return resources;
  }

  static ObservedState observed(List<Resource> resources) {
    SortedMap<ResourceId, Observed> found = new TreeMap<>();
    for (Resource resource : resources) {
      found.put(
          resource.id(),
          new Observed(resource.id(), resource.kind(), resource.attributes(), List.of()));
    }
    return new ObservedState(EVENT, found, List.of());
  }

  static ObservedState with(ObservedState state, Observed changed) {
    SortedMap<ResourceId, Observed> found = new TreeMap<>(state.resources());
    found.put(changed.id(), changed);
    return new ObservedState(EVENT, found, state.strays());
  }

  static ResourceId id(String text) {
    return new ResourceId(text);
  }
}

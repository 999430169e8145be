package dev.spike.core.resource;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The resources that a tier needs where machines are rented: what on one machine is a process, a
 * rule or nothing at all is a resource of its own there.
 */
public sealed interface CloudResource extends Resource {

  /** Who may reach what: clients the service port, nodes each other and the cache. */
  record FirewallRules(
      ResourceId id, List<ResourceId> dependsOn, int servicePort, List<String> clientNetworks)
      implements CloudResource {
    public FirewallRules {
      dependsOn = List.copyOf(dependsOn);
      clientNetworks = List.copyOf(clientNetworks);
    }

    @Override
    public Kind kind() {
      return Kind.FIREWALL_RULES;
    }

    @Override
    public SortedMap<String, String> attributes() {
      return of(
          Map.of(
              "servicePort",
              Integer.toString(servicePort),
              "clientNetworks",
              String.join(",", clientNetworks.stream().sorted().toList())));
    }
  }

  /**
   * A secret that the event owns.
   *
   * @param purpose {@code cache-auth} or {@code fleet}
   */
  record Secret(ResourceId id, List<ResourceId> dependsOn, String purpose)
      implements CloudResource {
    public Secret {
      dependsOn = List.copyOf(dependsOn);
    }

    @Override
    public Kind kind() {
      return Kind.SECRET;
    }

    @Override
    public SortedMap<String, String> attributes() {
      return of(Map.of("purpose", purpose));
    }
  }

  /**
   * How machines are kept off the same hardware.
   *
   * @param strategy {@code partition} or {@code spread}
   */
  record Placement(ResourceId id, List<ResourceId> dependsOn, String strategy)
      implements CloudResource {
    public Placement {
      dependsOn = List.copyOf(dependsOn);
    }

    @Override
    public Kind kind() {
      return Kind.PLACEMENT;
    }

    @Override
    public SortedMap<String, String> attributes() {
      return of(Map.of("strategy", strategy));
    }

    @Override
    public Set<String> fixedAttributes() {
      return Set.of("strategy");
    }
  }

  /** Room for the machines of one zone, billed from the moment it is active. */
  record CapacityReservation(
      ResourceId id, List<ResourceId> dependsOn, String zone, String profile, int nodes)
      implements CloudResource {
    public CapacityReservation {
      dependsOn = List.copyOf(dependsOn);
    }

    @Override
    public Kind kind() {
      return Kind.CAPACITY_RESERVATION;
    }

    @Override
    public SortedMap<String, String> attributes() {
      return of(Map.of("profile", profile, "nodes", Integer.toString(nodes)));
    }
  }

  /** The subnet and parameter groups that a cache is created with. */
  record CacheGroups(ResourceId id, List<ResourceId> dependsOn) implements CloudResource {
    public CacheGroups {
      dependsOn = List.copyOf(dependsOn);
    }

    @Override
    public Kind kind() {
      return Kind.CACHE_GROUPS;
    }

    @Override
    public SortedMap<String, String> attributes() {
      return of(Map.of());
    }
  }

  /** What a new machine is made from: image, type, role, disks, first-boot script. */
  record LaunchTemplate(
      ResourceId id, List<ResourceId> dependsOn, String profile, String bundleVersion)
      implements CloudResource {
    public LaunchTemplate {
      dependsOn = List.copyOf(dependsOn);
    }

    @Override
    public Kind kind() {
      return Kind.LAUNCH_TEMPLATE;
    }

    @Override
    public SortedMap<String, String> attributes() {
      return of(Map.of("profile", profile, "bundleVersion", bundleVersion));
    }
  }

  /**
   * What nodes read at their start and cannot know before the cache exists. Nodes boot meanwhile
   * and wait for it.
   *
   * @param heartbeatMillis between two pings of one connection
   */
  record NodeConfiguration(
      ResourceId id,
      List<ResourceId> dependsOn,
      String host,
      int connectionsPerNode,
      int heartbeatMillis)
      implements CloudResource {
    public NodeConfiguration {
      dependsOn = List.copyOf(dependsOn);
      Resource.NodeFleet.checkHeartbeat(heartbeatMillis);
    }

    @Override
    public Kind kind() {
      return Kind.NODE_CONFIGURATION;
    }

    @Override
    public SortedMap<String, String> attributes() {
      return of(
          Map.of(
              "host",
              host,
              "connectionsPerNode",
              Integer.toString(connectionsPerNode),
              "heartbeatMillis",
              Integer.toString(heartbeatMillis)));
    }
  }

  /** Capacity that a balancer holds ready from the start. */
  record BalancerCapacity(ResourceId id, List<ResourceId> dependsOn, long units)
      implements CloudResource {
    public BalancerCapacity {
      dependsOn = List.copyOf(dependsOn);
    }

    @Override
    public Kind kind() {
      return Kind.BALANCER_CAPACITY;
    }

    @Override
    public SortedMap<String, String> attributes() {
      return of(Map.of("units", Long.toString(units)));
    }
  }

  /**
   * The nodes that a balancer sends to, registered, with their health check. It is made while they
   * are launched: a node is registered as soon as both are there.
   */
  record TargetGroup(ResourceId id, List<ResourceId> dependsOn, int nodePort, List<String> targets)
      implements CloudResource {
    public TargetGroup {
      dependsOn = List.copyOf(dependsOn);
      targets = List.copyOf(targets);
    }

    @Override
    public Kind kind() {
      return Kind.TARGET_GROUP;
    }

    @Override
    public List<ResourceId> waitsFor() {
      return dependsOn.stream()
          .filter(id -> !id.value().startsWith(Kind.NODE_FLEET.text() + "/"))
          .toList();
    }

    @Override
    public SortedMap<String, String> attributes() {
      return of(
          Map.of(
              "nodePort",
              Integer.toString(nodePort),
              "targets",
              String.join(",", targets.stream().sorted().toList())));
    }

    @Override
    public Set<String> fixedAttributes() {
      return Set.of("nodePort");
    }
  }

  private static SortedMap<String, String> of(Map<String, String> values) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }
}

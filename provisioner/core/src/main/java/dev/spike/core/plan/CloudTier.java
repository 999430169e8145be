package dev.spike.core.plan;

import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.resource.CloudResource;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * The desired state of a tier of rented machines, each resource after what it depends on. What the
 * settings give (a placement of their own, groups of the cache, secrets) is no resource: it is used
 * and never changed.
 *
 * <p>Machines do not wait for the cache, which takes longest: they boot beside it and read their
 * configuration once it is there.
 */
final class CloudTier {
  /** The port nodes serve on; the balancer's own is the service's. */
  private static final int NODE_PORT = 8443;

  private static final ResourceId NETWORK = new ResourceId("network");
  private static final ResourceId FIREWALL = new ResourceId("firewall-rules");
  private static final ResourceId CERTIFICATE = new ResourceId("certificate");
  private static final ResourceId BUNDLE = new ResourceId("bundle");
  private static final ResourceId PLACEMENT = new ResourceId("placement");
  private static final ResourceId CACHE_GROUPS = new ResourceId("cache-groups");
  private static final ResourceId CACHE = new ResourceId("cache");
  private static final ResourceId TEMPLATE = new ResourceId("launch-template");
  private static final ResourceId CONFIGURATION = new ResourceId("node-configuration");

  private final CapacityPlan capacity;
  private final int heartbeatMillis;
  private final SortedMap<String, String> settings;
  private final List<String> zones;
  private final List<Resource> resources = new ArrayList<>();
  private final List<Resource.NodeFleet> fleets = new ArrayList<>();

  private CloudTier(
      CapacityPlan capacity, SortedMap<String, String> settings, int heartbeatMillis) {
    this.capacity = capacity;
    this.heartbeatMillis = heartbeatMillis;
    this.settings = settings;
    this.zones = TierResources.zones(capacity.zones());
  }

  static List<Resource> of(
      CapacityPlan capacity,
      SortedMap<String, String> settings,
      String host,
      int port,
      int heartbeatMillis,
      String bundleVersion) {
    return new CloudTier(capacity, settings, heartbeatMillis).resources(host, port, bundleVersion);
  }

  private List<Resource> resources(String host, int port, String bundleVersion) {
    add(new Resource.Network(NETWORK, List.of(), zones));
    add(new CloudResource.FirewallRules(FIREWALL, List.of(NETWORK), NODE_PORT, clients()));
    add(new Resource.Certificate(CERTIFICATE, List.of(), host));
    List<ResourceId> secrets = new ArrayList<>();
    for (String purpose : List.of("cacheAuth", "fleet")) {
      if (!settings.containsKey("secrets." + purpose)) {
        String name = purpose.equals("cacheAuth") ? "cache-auth" : purpose;
        secrets.add(
            add(new CloudResource.Secret(new ResourceId("secret/" + name), List.of(), name)));
      }
    }
    add(new Resource.Bundle(BUNDLE, List.of(), bundleVersion));
    cache(secrets);
    machines(host, bundleVersion, secrets);
    balancers(port);
    for (Resource.NodeFleet fleet : fleets) {
      add(TierResources.router(fleet, List.of(fleet.id(), CACHE, CONFIGURATION)));
    }
    for (Resource.NodeFleet fleet : fleets) {
      add(TierResources.warmUp(fleet, List.of(fleet.id(), CACHE, CONFIGURATION)));
    }
    return resources;
  }

  private void cache(List<ResourceId> secrets) {
    List<ResourceId> needs = new ArrayList<>(List.of(NETWORK, FIREWALL));
    needs.addAll(secrets);
    if (!given("cache.parameterGroup") || !given("cache.subnetGroup")) {
      needs.add(add(new CloudResource.CacheGroups(CACHE_GROUPS, List.of(NETWORK))));
    }
    add(
        new Resource.Cache(
            CACHE, needs, zones, capacity.cache().shards(), capacity.cache().replicasPerShard()));
  }

  private void machines(String host, String bundleVersion, List<ResourceId> secrets) {
    List<ResourceId> templateNeeds = new ArrayList<>(List.of(FIREWALL, CERTIFICATE, BUNDLE));
    templateNeeds.addAll(secrets);
    String strategy = settings.getOrDefault("placement", "partition");
    if (!strategy.equals("none")) {
      templateNeeds.add(add(new CloudResource.Placement(PLACEMENT, List.of(), strategy)));
    }
    add(
        new CloudResource.LaunchTemplate(
            TEMPLATE, templateNeeds, capacity.profile(), bundleVersion));
    add(
        new CloudResource.NodeConfiguration(
            CONFIGURATION,
            List.of(CACHE, BUNDLE),
            host,
            capacity.connectionsPerNode(),
            heartbeatMillis));
    for (String zone : zones) {
      List<ResourceId> needs = new ArrayList<>(List.of(NETWORK, TEMPLATE));
      if (reserved("nodes")) {
        needs.add(
            add(
                new CloudResource.CapacityReservation(
                    new ResourceId("capacity-reservation/" + zone),
                    List.of(),
                    zone,
                    capacity.profile(),
                    capacity.nodesPerZone())));
      }
      fleets.add(
          new Resource.NodeFleet(
              new ResourceId("node-fleet/" + zone),
              needs,
              zone,
              capacity.nodesPerZone(),
              capacity.profile(),
              capacity.connectionsPerNode(),
              heartbeatMillis));
    }
    resources.addAll(fleets);
  }

  /** Several balancers share the nodes out: a node is a target of each of them. */
  private void balancers(int port) {
    List<ResourceId> fleetIds = fleets.stream().map(Resource.NodeFleet::id).toList();
    List<String> nodes = fleets.stream().flatMap(fleet -> fleet.nodeNames().stream()).toList();
    int count = capacity.balancer().balancers();
    long units = Math.max(capacity.balancer().acceptUnits(), capacity.balancer().broadcastUnits());
    for (int number = 1; number <= count; number++) {
      ResourceId balancer = new ResourceId("balancer/" + number);
      add(new Resource.Balancer(balancer, List.of(NETWORK, FIREWALL), zones));
      if (reserved("balancer")) {
        add(
            new CloudResource.BalancerCapacity(
                new ResourceId("balancer-capacity/" + number),
                List.of(balancer),
                Math.ceilDiv(units, count)));
      }
      List<ResourceId> needs = new ArrayList<>(List.of(NETWORK));
      needs.addAll(fleetIds);
      ResourceId targets =
          add(
              new CloudResource.TargetGroup(
                  new ResourceId("target-group/" + number), needs, NODE_PORT, nodes));
      add(
          new Resource.Listener(
              new ResourceId("listener/" + number), List.of(balancer, targets), port, List.of()));
    }
  }

  private List<String> clients() {
    String networks = settings.getOrDefault("allowedCidrs", "");
    return networks.isEmpty() ? List.of("0.0.0.0/0") : List.of(networks.split(",", -1));
  }

  private boolean given(String name) {
    return settings.containsKey(name);
  }

  private boolean reserved(String what) {
    return settings.getOrDefault("reserve." + what, "true").equals("true");
  }

  private ResourceId add(Resource resource) {
    resources.add(resource);
    return resource.id();
  }
}

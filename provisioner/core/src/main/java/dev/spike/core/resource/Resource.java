package dev.spike.core.resource;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One desired resource, provider-neutral. A plan holds a list of them; its JSON form is the
 * record's components plus {@code kind}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Resource.Network.class, name = "network"),
  @JsonSubTypes.Type(value = Resource.Certificate.class, name = "certificate"),
  @JsonSubTypes.Type(value = Resource.Bundle.class, name = "bundle"),
  @JsonSubTypes.Type(value = Resource.Cache.class, name = "cache"),
  @JsonSubTypes.Type(value = Resource.NodeFleet.class, name = "node-fleet"),
  @JsonSubTypes.Type(value = Resource.Balancer.class, name = "balancer"),
  @JsonSubTypes.Type(value = Resource.Listener.class, name = "listener"),
  @JsonSubTypes.Type(value = Resource.RouterInstallation.class, name = "router-installation"),
  @JsonSubTypes.Type(value = Resource.NodeWarmUp.class, name = "node-warm-up"),
  @JsonSubTypes.Type(value = CloudResource.FirewallRules.class, name = "firewall-rules"),
  @JsonSubTypes.Type(value = CloudResource.Secret.class, name = "secret"),
  @JsonSubTypes.Type(value = CloudResource.Placement.class, name = "placement"),
  @JsonSubTypes.Type(
      value = CloudResource.CapacityReservation.class,
      name = "capacity-reservation"),
  @JsonSubTypes.Type(value = CloudResource.CacheGroups.class, name = "cache-groups"),
  @JsonSubTypes.Type(value = CloudResource.LaunchTemplate.class, name = "launch-template"),
  @JsonSubTypes.Type(value = CloudResource.NodeConfiguration.class, name = "node-configuration"),
  @JsonSubTypes.Type(value = CloudResource.BalancerCapacity.class, name = "balancer-capacity"),
  @JsonSubTypes.Type(value = CloudResource.TargetGroup.class, name = "target-group")
})
public sealed interface Resource
    permits CloudResource,
        Resource.Network,
        Resource.Certificate,
        Resource.Bundle,
        Resource.Cache,
        Resource.NodeFleet,
        Resource.Balancer,
        Resource.Listener,
        Resource.RouterInstallation,
        Resource.NodeWarmUp {

  /** Its logical name within the event. */
  ResourceId id();

  /** Its kind, which fixes its stage. */
  @JsonIgnore
  Kind kind();

  /** The resources that must exist before it. */
  List<ResourceId> dependsOn();

  /**
   * Those of them that have to be whole before work on it begins; the rest it takes up as they
   * come.
   */
  @JsonIgnore
  default List<ResourceId> waitsFor() {
    return dependsOn();
  }

  /**
   * What an observation is compared with, as text by name. A provider reports the same names for
   * what it sees; a name it does not report is not compared.
   */
  @JsonIgnore
  SortedMap<String, String> attributes();

  /** The attributes that cannot be changed in place: a difference means replacement. */
  @JsonIgnore
  default Set<String> fixedAttributes() {
    return Set.of();
  }

  /** The stage whose command makes it converge. */
  @JsonProperty("stage")
  default Stage stage() {
    return kind().stage();
  }

  /** The hosts' network, one failure domain a zone. Zones are short names such as {@code a}. */
  record Network(ResourceId id, List<ResourceId> dependsOn, List<String> zones)
      implements Resource {
    public Network {
      dependsOn = List.copyOf(dependsOn);
      zones = List.copyOf(zones);
      if (zones.isEmpty() || zones.size() > 6) {
        throw new IllegalArgumentException("a network has 1 to 6 zones, not " + zones.size());
      }
    }

    @Override
    public Kind kind() {
      return Kind.NETWORK;
    }

    @Override
    public SortedMap<String, String> attributes() {
      return sorted(Map.of("zones", String.join(",", zones)));
    }
  }

  /** The server certificate for the host clients connect to. */
  record Certificate(ResourceId id, List<ResourceId> dependsOn, String host) implements Resource {
    public Certificate {
      dependsOn = List.copyOf(dependsOn);
    }

    @Override
    public Kind kind() {
      return Kind.CERTIFICATE;
    }

    @Override
    public SortedMap<String, String> attributes() {
      return sorted(Map.of("host", host));
    }
  }

  /** What is deployed to a node: the runtime with the router's object. */
  record Bundle(ResourceId id, List<ResourceId> dependsOn, String version) implements Resource {
    public Bundle {
      dependsOn = List.copyOf(dependsOn);
    }

    @Override
    public Kind kind() {
      return Kind.BUNDLE;
    }

    @Override
    public SortedMap<String, String> attributes() {
      return sorted(Map.of("version", version));
    }
  }

  /**
   * The Redis Cluster that holds all connection state. Primary {@code i} lives in zone {@code i mod
   * zones}, its replicas in the zones after it.
   */
  record Cache(
      ResourceId id,
      List<ResourceId> dependsOn,
      List<String> zones,
      int shards,
      int replicasPerShard)
      implements Resource {
    public Cache {
      dependsOn = List.copyOf(dependsOn);
      zones = List.copyOf(zones);
      if (shards < 3 || shards > 500 || replicasPerShard < 0 || replicasPerShard > 5) {
        throw new IllegalArgumentException(
            "a cache has 3 to 500 shards with 0 to 5 replicas, not "
                + shards
                + " with "
                + replicasPerShard);
      }
    }

    @Override
    public Kind kind() {
      return Kind.CACHE;
    }

    @Override
    public SortedMap<String, String> attributes() {
      return sorted(
          Map.of(
              "shards",
              Integer.toString(shards),
              "replicasPerShard",
              Integer.toString(replicasPerShard)));
    }

    @Override
    public Set<String> fixedAttributes() {
      return Set.of("shards", "replicasPerShard");
    }
  }

  /**
   * The nodes of one zone; they are named {@code zone-1} to {@code zone-N}.
   *
   * @param heartbeatMillis between two pings of one connection
   */
  record NodeFleet(
      ResourceId id,
      List<ResourceId> dependsOn,
      String zone,
      int nodes,
      String profile,
      int connectionsPerNode,
      int heartbeatMillis)
      implements Resource {
    /** What a node takes as its heartbeat, in milliseconds. */
    private static final int HEARTBEAT_MILLIS_MIN = 100;

    public NodeFleet {
      dependsOn = List.copyOf(dependsOn);
      if (nodes < 1 || nodes > 1000) {
        throw new IllegalArgumentException("a node fleet has 1 to 1000 nodes, not " + nodes);
      }
      checkHeartbeat(heartbeatMillis);
    }

    static void checkHeartbeat(int heartbeatMillis) {
      if (heartbeatMillis < HEARTBEAT_MILLIS_MIN) {
        throw new IllegalArgumentException(
            "heartbeatMillis is at least "
                + HEARTBEAT_MILLIS_MIN
                + ", not "
                + heartbeatMillis
                + "; the plan may be of an earlier spike");
      }
    }

    /** The names of its nodes, in order. */
    public List<String> nodeNames() {
      List<String> names = new ArrayList<>();
      for (int ordinal = 1; ordinal <= nodes; ordinal++) {
        names.add(zone + "-" + ordinal);
      }
      return names;
    }

    @Override
    public Kind kind() {
      return Kind.NODE_FLEET;
    }

    @Override
    public SortedMap<String, String> attributes() {
      return sorted(
          Map.of(
              "nodes",
              String.join(",", nodeNames()),
              "profile",
              profile,
              "connectionsPerNode",
              Integer.toString(connectionsPerNode),
              "heartbeatMillis",
              Integer.toString(heartbeatMillis)));
    }
  }

  /** The load balancer's front: addresses in every zone. */
  record Balancer(ResourceId id, List<ResourceId> dependsOn, List<String> zones)
      implements Resource {
    public Balancer {
      dependsOn = List.copyOf(dependsOn);
      zones = List.copyOf(zones);
    }

    @Override
    public Kind kind() {
      return Kind.BALANCER;
    }

    @Override
    public SortedMap<String, String> attributes() {
      return sorted(Map.of("zones", String.join(",", zones)));
    }
  }

  /** What the balancer listens on and the nodes it sends to, with their health checks. */
  record Listener(ResourceId id, List<ResourceId> dependsOn, int port, List<String> targets)
      implements Resource {
    public Listener {
      dependsOn = List.copyOf(dependsOn);
      targets = List.copyOf(targets);
      if (port < 1 || port > 65535) {
        throw new IllegalArgumentException("port " + port + " is not in 1..65535");
      }
    }

    @Override
    public Kind kind() {
      return Kind.LISTENER;
    }

    @Override
    public SortedMap<String, String> attributes() {
      return sorted(Map.of("port", Integer.toString(port), "targets", String.join(",", targets)));
    }
  }

  /** The connection router on every node of one zone. */
  record RouterInstallation(
      ResourceId id, List<ResourceId> dependsOn, String zone, List<String> nodes)
      implements Resource {
    public RouterInstallation {
      dependsOn = List.copyOf(dependsOn);
      nodes = List.copyOf(nodes);
    }

    @Override
    public Kind kind() {
      return Kind.ROUTER_INSTALLATION;
    }

    @Override
    public SortedMap<String, String> attributes() {
      return sorted(Map.of("nodes", String.join(",", nodes)));
    }
  }

  /** The self-warm of every node of one zone: code compiled, handshakes done, ready said. */
  record NodeWarmUp(ResourceId id, List<ResourceId> dependsOn, String zone, List<String> nodes)
      implements Resource {
    public NodeWarmUp {
      dependsOn = List.copyOf(dependsOn);
      nodes = List.copyOf(nodes);
    }

    @Override
    public Kind kind() {
      return Kind.NODE_WARM_UP;
    }

    @Override
    public SortedMap<String, String> attributes() {
      return sorted(Map.of("nodes", String.join(",", nodes)));
    }
  }

  private static SortedMap<String, String> sorted(Map<String, String> values) {
    return new TreeMap<>(values);
  }
}

package dev.spike.core.capacity;

import dev.spike.core.catalog.FigureOrigin;
import java.util.List;

/**
 * The size of the tier.
 *
 * @param profile the node profile it was computed with
 * @param estimated true when a figure of the profile was inferred from something else
 * @param nodes nodesPerZone times zones
 * @param connectionsPerNode the limit a node is configured with
 * @param binding the name of the constraint that needs most nodes
 * @param second the name of the one after it
 * @param handshakeQueueP99Millis wait for an event loop at the arrivals' peak with one zone lost
 */
public record CapacityPlan(
    String profile,
    boolean estimated,
    int zones,
    int nodesPerZone,
    int nodes,
    int connectionsPerNode,
    List<Constraint> constraints,
    String binding,
    String second,
    HandshakeBacklog handshakeBacklog,
    ReconnectStorm reconnectStorm,
    double handshakeQueueP99Millis,
    CacheSize cache,
    BalancerSize balancer) {
  public CapacityPlan {
    constraints = List.copyOf(constraints);
  }

  /** How well the limit of that name is known; an estimate where there is none of it. */
  public FigureOrigin origin(String constraint) {
    return constraints.stream()
        .filter(one -> one.name().equals(constraint))
        .map(Constraint::origin)
        .findFirst()
        .orElse(FigureOrigin.ESTIMATE);
  }

  /** What it consists of. */
  public Tier tier() {
    return new Tier(profile, nodesPerZone, nodes, cache, balancer);
  }

  /**
   * One limit of a node.
   *
   * @param demanded what the whole event asks for, in {@code unit}
   * @param perNode what one node gives at the utilisation it may reach
   * @param required demanded over perNode, rounded up
   * @param planned nodes that leave {@code required} when a zone is lost, a multiple of the zones
   * @param origin of the node's figure behind it
   */
  public record Constraint(
      String name,
      String unit,
      double demanded,
      double perNode,
      int required,
      int planned,
      FigureOrigin origin) {}

  /**
   * What waits for its handshake while the ramp is steeper than the tier is fast, one zone lost.
   *
   * @param max of the fluid
   * @param waitSeconds of the fluid
   * @param waitSecondsMax the longest that may be waited: as promised to clients, and below half of
   *     their time-out, beyond which their retries keep the tier overloaded
   * @param curve from before the ramp until after it, at most 200 points
   */
  public record HandshakeBacklog(
      double capacityPerSecond,
      long max,
      double waitSeconds,
      double waitSecondsMax,
      Simulated simulated,
      List<BacklogPoint> curve) {
    public HandshakeBacklog {
      curve = List.copyOf(curve);
    }
  }

  /**
   * The same, client by client, with time-outs and retries.
   *
   * @param max most that waited at one time
   * @param waitP99Seconds from a client's first attempt
   * @param timedOut attempts that were given up
   * @param retries attempts after a client's first
   * @param draws clients that were simulated, each standing for many
   */
  public record Simulated(
      long max, double waitP99Seconds, long timedOut, long retries, int draws) {}

  /**
   * One moment of the simulation, and the fluid beside it.
   *
   * @param seconds from the ramp's midpoint
   * @param arrivalsPerSecond attempts, retries included
   */
  public record BacklogPoint(
      double seconds, double arrivalsPerSecond, long waiting, long fluidWaiting) {}

  /**
   * What comes back when a zone is lost.
   *
   * @param perSecond lost connections over the clients' jitter
   * @param minimumJitterSeconds the smallest jitter that the survivors bear at the ramp's peak; -1
   *     when they bear none
   */
  public record ReconnectStorm(
      long lostConnections, double perSecond, double minimumJitterSeconds) {}

  /**
   * The cache's fixed form.
   *
   * @param binding what asked for that many shards
   * @param second what comes after it
   * @param constraints those that need most shards first; the calls, reads and publishes among them
   *     share one thread, and {@code commands} is their sum
   */
  public record CacheSize(
      int shards,
      int replicasPerShard,
      String binding,
      String second,
      List<CacheConstraint> constraints) {
    public CacheSize {
      constraints = List.copyOf(constraints);
    }

    /** Primaries and replicas. */
    public int nodes() {
      return shards * (1 + replicasPerShard);
    }
  }

  /**
   * One limit of a cache node.
   *
   * @param demanded what the whole event asks for, in {@code unit}
   * @param perShard what one shard gives at the utilisation it may reach
   * @param required the fewest shards of which the busiest bears its part; more than demanded over
   *     perShard, because shards hold whole partitions and channels
   * @param origin of the cache node's figure behind it
   */
  public record CacheConstraint(
      String name,
      String unit,
      double demanded,
      double perShard,
      int required,
      FigureOrigin origin) {
    /** Shards that would do if the work could be shared out evenly. */
    double fraction() {
      return demanded / perShard;
    }
  }

  /**
   * The balancers.
   *
   * @param acceptUnits capacity units while clients arrive
   * @param broadcastUnits capacity units for one message to all within a second
   */
  public record BalancerSize(int balancers, long acceptUnits, long broadcastUnits) {}
}

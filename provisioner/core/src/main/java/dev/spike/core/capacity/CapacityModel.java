package dev.spike.core.capacity;

import dev.spike.core.capacity.simulation.ConnectSimulation;
import dev.spike.core.capacity.simulation.Course;
import dev.spike.core.capacity.simulation.Crowd;
import dev.spike.core.catalog.CacheProfile;
import dev.spike.core.catalog.Figure;
import dev.spike.core.catalog.NodeProfile;
import dev.spike.core.demand.LogisticRamp;
import java.util.List;
import org.hipparchus.util.FastMath;

/** From a load and a node profile to a tier. Pure. */
public final class CapacityModel {
  /** Handshakes, bits and packets are planned at no more than this share of a node's best. */
  public static final double UTILISATION_MAX = 0.7;

  /** With shared ticket keys most who come back resume; the rest lost their ticket. */
  public static final double RESUMED_SHARE = 0.8;

  /** Thread, network and memory of a cache node are planned at no more than this share. */
  public static final double CACHE_UTILISATION_MAX = 0.6;

  /** More shards of the cache would share nothing further. */
  public static final int CACHE_SHARDS_MAX = CacheShare.PARTITIONS;

  /** What the cache is asked for, in words. */
  public static final String CACHE_CALLS =
      "a connect is %s calls, a shared read of a channel 1 and %s a missed message, a publish %s and %s a node that follows"
          .formatted(
              CacheWork.CALLS_PER_CONNECT,
              CacheWork.CALLS_PER_MISSED,
              CacheWork.CALLS_PER_PUBLISH,
              CacheWork.CALLS_PER_DELIVERY);

  /** Clients in the simulation: as many as a plan has time for. */
  private static final int SIMULATED_MAX = 40_000;

  private static final long SEED = 1;

  private final NodeProfile node;
  private final CacheProfile cacheNode;
  private final Zones zones;
  private final int cacheReplicas;
  private final Constraints constraints;

  /**
   * A model of tiers.
   *
   * @param cacheReplicas of each shard
   */
  public CapacityModel(NodeProfile node, CacheProfile cacheNode, Zones zones, int cacheReplicas) {
    this.node = node;
    this.cacheNode = cacheNode;
    this.zones = zones;
    this.cacheReplicas = cacheReplicas;
    this.constraints = new Constraints(node, zones);
  }

  /** Nodes of the whole tier for a load. */
  public int nodes(Load load) {
    return zones.nodesPerZone(constraints.of(load).getFirst().required()) * zones.count();
  }

  /** What a tier for a load consists of. */
  public Tier tier(Load load) {
    return tier(load, constraints.of(load));
  }

  private Tier tier(Load load, List<CapacityPlan.Constraint> all) {
    int nodesPerZone = zones.nodesPerZone(all.getFirst().required());
    int nodes = nodesPerZone * zones.count();
    long broadcast =
        Balancers.broadcastUnits(
            load.connections(),
            load.messagesPerSecond(),
            Wire.messageBytesBothWays(load.messageBytes()));
    long accept = Balancers.acceptUnits(load.ramp().peakPerSecond());
    return new Tier(
        node.name(),
        nodesPerZone,
        nodes,
        CacheModel.size(CacheWork.of(load, zones, nodes, cacheReplicas), cacheNode),
        new CapacityPlan.BalancerSize(
            Balancers.balancers(nodesPerZone, FastMath.max(accept, broadcast)), accept, broadcast));
  }

  /** The tier for a load, and how it was found. */
  public CapacityPlan plan(Load load) {
    List<CapacityPlan.Constraint> all = constraints.of(load);
    Tier tier = tier(load, all);
    int nodesPerZone = tier.nodesPerZone();
    NodeSpeed speed = new NodeSpeed(node);
    double arrivals = load.ramp().peakPerSecond();
    double survivorsFull = zones.survivors(nodesPerZone) * speed.full();
    double survivorsMixed = zones.survivors(nodesPerZone) * speed.mixed();
    double lost = load.connections() * zones.lostShare(tier.nodes());
    return new CapacityPlan(
        node.name(),
        node.estimated(),
        zones.count(),
        nodesPerZone,
        tier.nodes(),
        (int) node.value(Figure.CONNECTIONS_MAX),
        all,
        all.getFirst().name(),
        all.get(1).name(),
        backlog(load, survivorsFull),
        new CapacityPlan.ReconnectStorm(
            (long) FastMath.ceil(lost),
            rounded(Storm.perSecond(lost, load.jitterSeconds())),
            rounded(Storm.minimumJitterSeconds(lost, survivorsMixed, arrivals))),
        rounded(1000 * speed.queueP99Seconds(arrivals / survivorsFull)),
        tier.cache(),
        tier.balancer());
  }

  /** Nodes that are needed before a zone is lost, as a fraction; for ranking what matters. */
  public double fractionOfNodes(Load load) {
    return constraints.of(load).stream()
        .mapToDouble(constraint -> constraint.demanded() / constraint.perNode())
        .max()
        .orElse(0);
  }

  /** The fluid's answer, and beside it that of simulated clients. */
  static CapacityPlan.HandshakeBacklog backlog(Load load, double capacityPerSecond) {
    LogisticRamp ramp = load.ramp();
    Course course =
        ConnectSimulation.run(
            new Crowd(
                FastMath.max(1, load.connections()),
                load.tauSeconds(),
                load.patience().timeoutSeconds(),
                load.jitterSeconds()),
            capacityPerSecond,
            SEED,
            SIMULATED_MAX);
    return new CapacityPlan.HandshakeBacklog(
        rounded(capacityPerSecond),
        (long) FastMath.ceil(Backlog.most(ramp, capacityPerSecond)),
        rounded(Backlog.waitSeconds(ramp, capacityPerSecond)),
        rounded(load.patience().waitSecondsMax()),
        new CapacityPlan.Simulated(
            FastMath.round(course.max()),
            rounded(course.waitP99Seconds()),
            FastMath.round(course.timedOut()),
            FastMath.round(course.retries()),
            course.draws()),
        course.moments().stream()
            .map(
                moment ->
                    new CapacityPlan.BacklogPoint(
                        rounded(moment.seconds()),
                        rounded(moment.attemptsPerSecond()),
                        FastMath.round(moment.waiting()),
                        FastMath.round(Backlog.waiting(ramp, capacityPerSecond, moment.seconds()))))
            .toList());
  }

  static double rounded(double value) {
    return FastMath.rint(value * 1e4) / 1e4;
  }
}

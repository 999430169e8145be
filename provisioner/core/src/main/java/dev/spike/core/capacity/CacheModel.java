package dev.spike.core.capacity;

import dev.spike.core.catalog.CacheFigure;
import dev.spike.core.catalog.CacheProfile;
import dev.spike.core.catalog.FigureOrigin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * The cache's shards and replicas. They are fixed before the event and never moved inside it. Each
 * constraint asks for the fewest shards of which the busiest bears its part.
 */
final class CacheModel {
  /** The fewest that form a cluster which can elect. */
  static final int SHARDS_MIN = 3;

  /** A cluster has no more nodes, with its quota raised as far as it goes. */
  static final int NODES_MAX = 500;

  private static final double ROUNDING = 1e-9;

  private static final String COMMANDS = "commands";
  private static final String SESSION_CALLS = "session calls";
  private static final String CHANNEL_READS = "channel reads";
  private static final String PUBLISHED = "published messages";

  /** They share one thread: what counts is their sum. */
  private static final Set<String> PARTS = Set.of(SESSION_CALLS, CHANNEL_READS, PUBLISHED);

  private final CacheWork work;
  private final CacheProfile node;
  private final List<CapacityPlan.CacheConstraint> constraints = new ArrayList<>();

  private CacheModel(CacheWork work, CacheProfile node) {
    this.work = work;
    this.node = node;
  }

  /**
   * The cache for a load.
   *
   * @throws IllegalArgumentException when no cache is large enough, with what it lacks
   */
  static CapacityPlan.CacheSize size(CacheWork work, CacheProfile node) {
    return new CacheModel(work, node).size();
  }

  private CapacityPlan.CacheSize size() {
    shared(SESSION_CALLS, CacheFigure.CALLS_PER_SECOND, work::sessionCalls);
    shared(CHANNEL_READS, CacheFigure.CALLS_PER_SECOND, work::channelReads);
    shared(PUBLISHED, CacheFigure.CALLS_PER_SECOND, work::publishes);
    shared(COMMANDS, CacheFigure.CALLS_PER_SECOND, work::commands);
    shared("network", CacheFigure.NETWORK_BITS_PER_SECOND, work::egressBits);
    shared("memory", CacheFigure.MEMORY_BYTES, work::memoryBytes);
    connections();
    constraints.add(
        new CapacityPlan.CacheConstraint(
            "fewest of a cluster", "shards", SHARDS_MIN, 1, SHARDS_MIN, FigureOrigin.DEFAULT));
    constraints.sort(
        Comparator.comparingInt(CapacityPlan.CacheConstraint::required)
            .thenComparingDouble(CapacityPlan.CacheConstraint::fraction)
            .reversed());
    List<CapacityPlan.CacheConstraint> ranked =
        constraints.stream().filter(constraint -> !PARTS.contains(constraint.name())).toList();
    int shards = ranked.getFirst().required();
    if (shards * (1 + work.replicas()) > NODES_MAX) {
      throw new IllegalArgumentException(
          "a cache of %d shards with %d replicas each has more than the %d nodes it may have; ask for fewer replicas (service.cacheReplicas)"
              .formatted(shards, work.replicas(), NODES_MAX));
    }
    return new CapacityPlan.CacheSize(
        shards,
        work.replicas(),
        named(ranked.getFirst().name()),
        named(ranked.get(1).name()),
        constraints);
  }

  /** Of all commands, what most of them are. */
  private String named(String constraint) {
    return constraint.equals(COMMANDS)
        ? constraints.stream()
            .map(CapacityPlan.CacheConstraint::name)
            .filter(PARTS::contains)
            .findFirst()
            .map(part -> COMMANDS + ", most of them " + part)
            .orElse(COMMANDS)
        : constraint;
  }

  private void shared(String name, CacheFigure figure, ToDoubleFunction<CacheShare> part) {
    double perShard = node.value(figure) * CapacityModel.CACHE_UTILISATION_MAX;
    double demanded = part.applyAsDouble(CacheShare.WHOLE);
    for (int shards = 1; shards <= CacheShare.PARTITIONS; shards++) {
      if (part.applyAsDouble(new CacheShare(shards)) <= perShard * (1 + ROUNDING)) {
        constraints.add(
            new CapacityPlan.CacheConstraint(
                name,
                figure.unit(),
                CapacityModel.rounded(demanded),
                CapacityModel.rounded(perShard),
                shards,
                node.origin(figure)));
        return;
      }
    }
    throw new IllegalArgumentException(
        "%s ask the busiest of %d cache shards, the most that share the work, for %,.0f %s, and a %s gives %,.0f"
            .formatted(
                name,
                CacheShare.PARTITIONS,
                part.applyAsDouble(new CacheShare(CacheShare.PARTITIONS)),
                figure.unit(),
                node.name(),
                perShard));
  }

  /** Every node connects to every shard, so that more shards do not help. */
  private void connections() {
    double most = node.value(CacheFigure.CONNECTIONS_MAX);
    if (work.connections() > most) {
      throw new IllegalArgumentException(
          "%,d nodes open %,.0f connections to each cache node, and one takes %,.0f; plan for fewer and larger nodes"
              .formatted(work.nodes(), work.connections(), most));
    }
    constraints.add(
        new CapacityPlan.CacheConstraint(
            "connections",
            CacheFigure.CONNECTIONS_MAX.unit(),
            work.connections(),
            most,
            1,
            node.origin(CacheFigure.CONNECTIONS_MAX)));
  }
}

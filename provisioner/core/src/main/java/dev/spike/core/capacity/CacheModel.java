package dev.spike.core.capacity;

import dev.spike.core.catalog.Catalog;
import org.hipparchus.util.FastMath;

/** The cache's shards. They are fixed before the event and never moved inside it. */
final class CacheModel {
  private static final int SHARDS_MIN = 3;
  private static final int SHARDS_MAX = 500;
  private static final int REPLICAS = 1;
  private static final double USABLE_MAX = 0.6;

  /** A session's key, fields and subscriptions, with the cache's own overhead. */
  private static final int SESSION_BYTES = 1536;

  /** Commands when a client connects: the session, its expiry, its subscriptions. */
  private static final double COMMANDS_PER_CONNECT = 3;

  /** A node's two connections to each shard. */
  private static final int CONNECTIONS_PER_NODE = 2;

  private CacheModel() {}

  static CapacityPlan.CacheSize size(Load load, int nodes, Catalog.CacheNode node) {
    double writes =
        load.ramp().peakPerSecond() * COMMANDS_PER_CONNECT
            + load.connections() / load.heartbeatSeconds();
    double byWrites = writes / (node.operationsPerSecond() * USABLE_MAX);
    double byMemory = load.connections() * SESSION_BYTES / (node.memoryBytes() * USABLE_MAX);
    if (nodes * CONNECTIONS_PER_NODE > node.connectionsMax()) {
      throw new IllegalArgumentException(
          nodes + " nodes open more connections to each cache shard than it takes");
    }
    double most = FastMath.max(byWrites, byMemory);
    if (most > SHARDS_MAX) {
      throw new IllegalArgumentException(
          "the sessions ask for more than the " + SHARDS_MAX + " shards that a cache has");
    }
    int shards = (int) FastMath.max(SHARDS_MIN, FastMath.ceil(most));
    String binding = most <= SHARDS_MIN ? "minimum" : byWrites >= byMemory ? "writes" : "memory";
    return new CapacityPlan.CacheSize(shards, REPLICAS, binding);
  }
}

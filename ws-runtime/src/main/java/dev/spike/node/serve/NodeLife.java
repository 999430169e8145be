package dev.spike.node.serve;

import dev.spike.node.cache.CacheCluster;

/** Where the node stands: cold, warm, draining. Only ever moves forward. */
final class NodeLife {
  private final CacheCluster cache;
  private volatile boolean warm;
  private volatile boolean draining;

  NodeLife(CacheCluster cache) {
    this.cache = cache;
  }

  boolean isWarm() {
    return warm;
  }

  boolean isDraining() {
    return draining;
  }

  void warmed() {
    warm = true;
  }

  void drain() {
    draining = true;
  }

  boolean isReady() {
    return warm && !draining && cache.reachable();
  }

  /** Why the node is not ready; empty when it is. */
  String reason() {
    if (draining) {
      return "draining: the node was told to stop";
    }
    if (!cache.reachable()) {
      return "cache: no answer from the Redis Cluster, or it is not whole";
    }
    if (!warm) {
      return "cold: the self-warm has not run; use spike-node warm";
    }
    return "";
  }
}

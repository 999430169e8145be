package dev.spike.node.cache;

import dev.spike.node.config.Failure;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/** Measures how long a write takes to be on a replica: a write, then WAIT 1, timed from outside. */
public final class ReplicationLag {
  private static final Duration REACH = Duration.ofSeconds(10);
  private static final long WAIT_MILLIS = 1000;
  private static final int WARM_UP = 50;

  private ReplicationLag() {}

  /**
   * Measures every shard.
   *
   * @param samples writes over all shards
   * @return microseconds
   * @throws Failure when the cache is away or a primary has no replica in sync
   */
  public static Histogram measure(CacheCluster cache, int samples)
      throws Failure, InterruptedException {
    if (!cache.awaitReachable(REACH)) {
      throw new Failure(
          Failure.UNAVAILABLE,
          "the cache does not answer or is not whole",
          "run spike status, then spike provision to repair the cache");
    }
    Map<String, RedisClusterNode> primaries = new HashMap<>();
    Map<String, String> keys = new HashMap<>();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < Partitions.COUNT; i++) {
      String key = "spike:lag:" + Partitions.tag(i);
      RedisClusterNode primary = cache.primaryOf(key);
      if (primary != null && ids.add(primary.getNodeId())) {
        primaries.put(primary.getNodeId(), primary);
        keys.put(primary.getNodeId(), key);
      }
    }
    Histogram micros = new Histogram(10_000_000L, 3);
    int each = Math.ceilDiv(samples, Math.max(1, primaries.size()));
    for (Map.Entry<String, RedisClusterNode> shard : primaries.entrySet()) {
      try (StatefulRedisConnection<String, String> direct =
          cache.nodeClient().connect(cache.uriOf(shard.getValue()))) {
        String key = String.valueOf(keys.get(shard.getKey()));
        for (int i = -WARM_UP; i < each; i++) {
          long took = once(direct.sync(), key, shard.getValue());
          if (i >= 0) {
            micros.recordValue(Math.min(10_000_000L, took));
          }
        }
      }
    }
    return micros;
  }

  private static long once(
      RedisCommands<String, String> redis, String key, RedisClusterNode primary) throws Failure {
    long from = System.nanoTime();
    redis.set(key, Long.toString(from), SetArgs.Builder.ex(60));
    long replicas = redis.waitForReplication(1, WAIT_MILLIS);
    long took = (System.nanoTime() - from) / 1000;
    if (replicas < 1) {
      throw new Failure(
          Failure.UNAVAILABLE,
          "the primary "
              + primary.getUri().getHost()
              + " has no replica that took a write within "
              + WAIT_MILLIS
              + " ms",
          "run spike provision: it restores the missing replica");
    }
    return took;
  }
}

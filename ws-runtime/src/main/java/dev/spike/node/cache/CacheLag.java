package dev.spike.node.cache;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.config.Failure;
import dev.spike.node.config.Json;
import dev.spike.node.config.ServeConfig.CacheConfig;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Measures how long a replica takes to have what a primary was told: write, then WAIT 1. */
public final class CacheLag {
  private static final long WAIT_MILLIS_MAX = 1000;

  private CacheLag() {}

  /**
   * Takes {@code samples} samples, spread over all primaries; the answer is the command's JSON.
   *
   * @throws Failure when the cache is away, or a primary has no replica in sync
   */
  public static ObjectNode measure(CacheConfig config, int samples) throws Failure, IOException {
    Histogram micros = new Histogram(10_000_000L, 3);
    try (CacheCluster cache = new CacheCluster(config)) {
      cache.client().refreshPartitions();
      List<RedisClusterNode> primaries = new ArrayList<>();
      for (RedisClusterNode node : cache.client().getPartitions()) {
        if (node.is(RedisClusterNode.NodeFlag.UPSTREAM) && !node.hasNoSlots()) {
          primaries.add(node);
        }
      }
      if (primaries.isEmpty()) {
        throw new Failure(
            Failure.UNAVAILABLE, "the cache has no primary with slots", "provision the cache");
      }
      for (int shard = 0; shard < primaries.size(); shard++) {
        int share = (samples + shard) / primaries.size();
        sample(cache, primaries.get(shard), Math.max(1, share), micros);
      }
    } catch (RuntimeException away) {
      throw new Failure(
          Failure.UNAVAILABLE,
          "the cache cannot be reached: " + dev.spike.node.config.Log.words(away),
          "check the cache's nodes and password");
    }
    return Json.object()
        .put("samples", micros.getTotalCount())
        .put("p50Micros", micros.getValueAtPercentile(50))
        .put("p99Micros", micros.getValueAtPercentile(99))
        .put("maxMicros", micros.getMaxValue());
  }

  private static void sample(
      CacheCluster cache, RedisClusterNode primary, int count, Histogram micros) throws Failure {
    String key = "spike:lag:" + tagAt(cache, primary);
    String where = primary.getUri().getHost() + ":" + primary.getUri().getPort();
    try (StatefulRedisConnection<String, String> direct =
        cache.nodeClient().connect(cache.uriOf(primary))) {
      for (int i = 0; i < count; i++) {
        direct.sync().set(key, Long.toString(System.currentTimeMillis()), SetArgs.Builder.ex(60));
        long started = System.nanoTime();
        Long copies = direct.sync().waitForReplication(1, WAIT_MILLIS_MAX / 2);
        if (copies == null || copies < 1) {
          throw new Failure(
              Failure.FAILED,
              "the primary "
                  + where
                  + " has no replica that takes its writes within "
                  + WAIT_MILLIS_MAX / 2
                  + " ms",
              "repair the replica of this primary: spike provision");
        }
        micros.recordValue(Math.min(10_000_000L, (System.nanoTime() - started) / 1000));
      }
    }
  }

  private static String tagAt(CacheCluster cache, RedisClusterNode primary) throws Failure {
    for (int i = 0; i < Partitions.COUNT; i++) {
      RedisClusterNode owner = cache.primaryOf(Partitions.tag(i));
      if (owner != null && owner.getNodeId().equals(primary.getNodeId())) {
        return Partitions.tag(i);
      }
    }
    throw new Failure(
        Failure.FAILED,
        "the primary " + primary.getUri().getHost() + " serves too few slots to hold data",
        "rebalance the cache's slots");
  }
}

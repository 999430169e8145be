package dev.spike.node;

import dev.spike.node.cache.CacheCluster;
import dev.spike.node.cache.ReplicationLag;
import dev.spike.node.config.Json;
import dev.spike.node.config.ServeConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cache-lag}: how far replicas are behind, measured by writes of its own. */
@Command(name = "cache-lag", description = "Measure the time until a write is on a replica.")
final class CacheLagCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The node's serve configuration: it names the cache.")
  private Path config = Path.of("");

  @Option(
      names = "--samples",
      defaultValue = "200",
      description = "Writes over all shards (${DEFAULT-VALUE}).")
  private int samples;

  @Override
  public Integer call() throws Exception {
    Bounds.check("--samples", samples, 1, 100_000);
    try (CacheCluster cache = new CacheCluster(ServeConfig.read(config).cache())) {
      cache.start();
      Histogram micros = ReplicationLag.measure(cache, samples);
      System.out.println(
          Json.line(
              Json.object()
                  .put("samples", micros.getTotalCount())
                  .put("p50Micros", micros.getValueAtPercentile(50))
                  .put("p99Micros", micros.getValueAtPercentile(99))
                  .put("maxMicros", micros.getMaxValue())));
    }
    return 0;
  }
}

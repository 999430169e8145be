package dev.spike.node;

import dev.spike.node.cache.CacheLag;
import dev.spike.node.config.Json;
import dev.spike.node.config.ServeConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cache-lag}: the measured replication lag of every shard. */
@Command(name = "cache-lag", description = "Measure the cache's replication lag.")
final class CacheLagCommand implements Callable<Integer> {
  @Option(names = "--config", required = true, paramLabel = "FILE", description = "serve's file.")
  private Path config = Path.of("");

  @Option(names = "--samples", defaultValue = "200", description = "How many (1..100000).")
  private int samples;

  @Override
  public Integer call() throws Exception {
    Bounds.check("--samples", samples, 1, 100_000);
    System.out.println(Json.line(CacheLag.measure(ServeConfig.read(config).cache(), samples)));
    return 0;
  }
}

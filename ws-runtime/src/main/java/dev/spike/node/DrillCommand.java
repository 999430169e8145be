package dev.spike.node;

import dev.spike.node.client.ClientLoops;
import dev.spike.node.client.Drill;
import dev.spike.node.config.Endpoint;
import dev.spike.node.config.FleetSecret;
import dev.spike.node.config.Json;
import dev.spike.node.tls.TlsClient;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code drill}: live sessions that come back while something is broken on purpose. */
@Command(name = "drill", description = "Keep live sessions and count what a failure costs them.")
final class DrillCommand implements Callable<Integer> {
  @Option(names = "--target", required = true, converter = EndpointConverter.class)
  private Endpoint target = new Endpoint("unset", 0);

  @Option(names = "--fleet-secret", required = true, paramLabel = "FILE")
  private Path fleetSecret = Path.of("");

  @Option(names = "--sessions", required = true, description = "How many (1..20000).")
  private int sessions;

  @Option(names = "--rate", defaultValue = "20", description = "Messages per second (1..1000).")
  private int rate;

  @Option(names = "--seconds", required = true, description = "How long (6..3600).")
  private int seconds;

  @Option(names = "--channels", defaultValue = "4", description = "How many (1..64).")
  private int channels;

  @Mixin private TargetOptions options = new TargetOptions();

  @Override
  public Integer call() throws Exception {
    Bounds.check("--sessions", sessions, 1, 20_000);
    Bounds.check("--rate", rate, 1, 1000);
    Bounds.check("--seconds", seconds, 6, 3600);
    Bounds.check("--channels", channels, 1, 64);
    FleetSecret secret = FleetSecret.read(fleetSecret);
    try (TlsClient tls = options.tls();
        ClientLoops loops = new ClientLoops(2)) {
      System.out.println(
          Json.line(
              new Drill(loops, tls, target, options.host(), secret)
                  .run(sessions, rate, seconds, channels)));
    }
    return 0;
  }
}

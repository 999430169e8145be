package dev.spike.node;

import dev.spike.node.client.ClientLoops;
import dev.spike.node.client.Drill;
import dev.spike.node.config.Endpoint;
import dev.spike.node.config.FleetSecret;
import dev.spike.node.config.Json;
import dev.spike.node.tls.TlsClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code drill}: sessions that stay, and count, while somebody else breaks the tier. */
@Command(
    name = "drill",
    description = "Hold sessions while the tier is broken; count what is lost and repeated.")
final class DrillCommand implements Callable<Integer> {
  @Option(
      names = "--target",
      required = true,
      converter = EndpointConverter.class,
      paramLabel = "HOST:PORT",
      description = "Where to connect.")
  private Endpoint target = new Endpoint("unset", 0);

  @Option(names = "--sessions", required = true, description = "How many (1..15000).")
  private int sessions;

  @Option(
      names = "--rate",
      defaultValue = "200",
      description = "New connections per second (${DEFAULT-VALUE}).")
  private int rate;

  @Option(
      names = "--seconds",
      defaultValue = "30",
      description = "How long, after all are up (10..600, ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--channels",
      defaultValue = "8",
      description = "Channels they share (${DEFAULT-VALUE}).")
  private int channels;

  @Option(
      names = "--fleet-secret",
      required = true,
      paramLabel = "FILE",
      description = "File with the event's fleet secret.")
  private Path fleetSecret = Path.of("");

  @Mixin private TargetOptions options = new TargetOptions();

  @Override
  public Integer call() throws Exception {
    Bounds.check("--sessions", sessions, 1, 15_000);
    Bounds.check("--rate", rate, 1, 100_000);
    Bounds.check("--seconds", seconds, 10, 600);
    Bounds.check("--channels", channels, 1, 64);
    FleetSecret secret = FleetSecret.read(fleetSecret);
    try (TlsClient tls = options.tls();
        ClientLoops loops = new ClientLoops(2)) {
      System.out.println(
          Json.line(
              new Drill(loops, tls, target, options.host(), secret)
                  .run(sessions, rate, Duration.ofSeconds(seconds), channels)));
    }
    return 0;
  }
}

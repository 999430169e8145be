package dev.spike.node;

import dev.spike.node.client.ClientLoops;
import dev.spike.node.client.Load;
import dev.spike.node.config.Endpoint;
import dev.spike.node.config.Failure;
import dev.spike.node.config.FleetSecret;
import dev.spike.node.config.Json;
import dev.spike.node.tls.TlsClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code load}: opens many connections, holds them, and counts what they receive. */
@Command(name = "load", description = "Open and hold connections as real clients would.")
final class LoadCommand implements Callable<Integer> {
  @Option(
      names = "--target",
      required = true,
      converter = EndpointConverter.class,
      paramLabel = "HOST:PORT",
      description = "Where to connect.")
  private Endpoint target = new Endpoint("unset", 0);

  @Option(names = "--connections", required = true, description = "How many (1..100000).")
  private int connections;

  @Option(
      names = "--rate",
      defaultValue = "1000",
      description = "New connections per second (${DEFAULT-VALUE}).")
  private int rate;

  @Option(names = "--hold", defaultValue = "0", description = "Seconds to hold them open.")
  private int hold;

  @Option(
      names = "--messages",
      defaultValue = "0",
      description = "Messages to publish while they are held; needs --fleet-secret.")
  private int messages;

  @Option(
      names = "--fleet-secret",
      paramLabel = "FILE",
      description = "File with the event's fleet secret.")
  private @Nullable Path fleetSecret;

  @Mixin private TargetOptions options = new TargetOptions();

  @Override
  public Integer call() throws Exception {
    Bounds.check("--connections", connections, 1, 100_000);
    Bounds.check("--rate", rate, 1, 100_000);
    Bounds.check("--hold", hold, 0, 86_400);
    Bounds.check("--messages", messages, 0, 1_000_000);
    if (messages > 0 && fleetSecret == null) {
      throw new Failure(
          Failure.USAGE, "--messages needs --fleet-secret", "give the event's fleet secret file");
    }
    FleetSecret secret = fleetSecret == null ? null : FleetSecret.read(fleetSecret);
    try (TlsClient tls = options.tls();
        ClientLoops loops = new ClientLoops(2)) {
      System.out.println(
          Json.line(
              new Load(loops, tls, target, options.host(), secret)
                  .run(connections, rate, Duration.ofSeconds(hold), messages)));
    }
    return 0;
  }
}

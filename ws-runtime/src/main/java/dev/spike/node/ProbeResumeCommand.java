package dev.spike.node;

import dev.spike.node.client.ClientLoops;
import dev.spike.node.client.ResumeProbe;
import dev.spike.node.config.Endpoint;
import dev.spike.node.config.FleetSecret;
import dev.spike.node.config.Json;
import dev.spike.node.tls.TlsClient;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code probe resume}: cuts its own session on one node and resumes it on another. */
@Command(name = "resume", description = "Cut an own session and resume it on another node.")
final class ProbeResumeCommand implements Callable<Integer> {
  @Option(names = "--from", required = true, converter = EndpointConverter.class)
  private Endpoint from = new Endpoint("unset", 0);

  @Option(names = "--to", required = true, converter = EndpointConverter.class)
  private Endpoint to = new Endpoint("unset", 0);

  @Option(names = "--fleet-secret", required = true, paramLabel = "FILE")
  private Path fleetSecret = Path.of("");

  @Option(names = "--messages", defaultValue = "200", description = "How many (2..1000).")
  private int messages;

  @Mixin private TargetOptions options = new TargetOptions();

  @Override
  public Integer call() throws Exception {
    Bounds.check("--messages", messages, 2, 1000);
    FleetSecret secret = FleetSecret.read(fleetSecret);
    try (TlsClient tls = options.tls();
        ClientLoops loops = new ClientLoops(2)) {
      System.out.println(
          Json.line(new ResumeProbe(loops, tls, options.host(), secret).run(from, to, messages)));
    }
    return 0;
  }
}

package dev.spike.node;

import dev.spike.node.client.ClientLoops;
import dev.spike.node.client.HandshakeProbe;
import dev.spike.node.config.Endpoint;
import dev.spike.node.config.Json;
import dev.spike.node.tls.TlsClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code probe handshake}: verified TLS, upgrade and welcome, through the balancer. */
@Command(name = "handshake", description = "Verified TLS 1.3, upgrade, hello and welcome.")
final class ProbeHandshakeCommand implements Callable<Integer> {
  @Option(
      names = "--target",
      required = true,
      converter = EndpointConverter.class,
      paramLabel = "HOST:PORT",
      description = "Where to connect.")
  private Endpoint target = new Endpoint("unset", 0);

  @Option(names = "--connections", defaultValue = "1", description = "How many (1..100000).")
  private int connections;

  @Mixin private TargetOptions options = new TargetOptions();

  @Override
  public Integer call() throws Exception {
    Bounds.check("--connections", connections, 1, 100_000);
    try (TlsClient tls = options.tls();
        ClientLoops loops = new ClientLoops(2)) {
      System.out.println(
          Json.line(new HandshakeProbe(loops, tls, target, options.host()).run(connections)));
    }
    return 0;
  }
}

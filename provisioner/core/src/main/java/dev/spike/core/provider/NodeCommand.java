package dev.spike.core.provider;

import java.util.List;

/**
 * A {@code spike-node} command line, without the program's own name. Words that name a file of the
 * event are written as placeholders, so that a caller need not know a host's layout: {@code ${ca}}
 * (the certificate of the authority that clients trust), {@code ${fleetSecret}}, {@code
 * ${serveConfig}} and {@code ${routerConfig}} (of the host it runs on), {@code ${front}} (host:port
 * of the balancer), {@code ${node:NAME}} (host:port of one node's service).
 */
public record NodeCommand(List<String> words) {
  public NodeCommand {
    words = List.copyOf(words);
  }

  public static NodeCommand of(String... words) {
    return new NodeCommand(List.of(words));
  }
}

package dev.spike.core.warm;

import dev.spike.core.resource.Kind;
import java.time.Duration;
import java.util.List;

/**
 * The checks of {@code warm --verify}, in the order of their dependence. Those that run a command
 * of the bundle need the bundle: what another one says is no evidence.
 */
final class WarmChecks {
  /** How long one command of a check may take. */
  static final Duration COMMAND_TIME = Duration.ofSeconds(60);

  private WarmChecks() {}

  static List<Check> all() {
    return List.of(
        whole(
            "network", "Network is there and whole", List.of(), Kind.NETWORK, Kind.FIREWALL_RULES),
        whole("certificate", "Certificate is there, for the host", List.of(), Kind.CERTIFICATE),
        whole("bundle", "Bundle is there, of the planned version", List.of(), Kind.BUNDLE),
        whole(
            "cache",
            "Cache: state ok, all slots, every primary with a replica in sync",
            List.of("network"),
            Kind.CACHE,
            Kind.CACHE_GROUPS,
            Kind.SECRET),
        whole(
            "nodes",
            "Every planned node is there and runs",
            List.of("network"),
            Kind.NODE_FLEET,
            Kind.NODE_CONFIGURATION,
            Kind.LAUNCH_TEMPLATE,
            Kind.PLACEMENT,
            Kind.CAPACITY_RESERVATION),
        new Check(
            "cache-lag",
            "Cache: replication lag",
            List.of("bundle", "cache", "nodes", "certificate"),
            NodeChecks::cacheLag),
        new Check(
            "nodes-ready",
            "Every node is warm, ready and of the planned profile",
            List.of("bundle", "nodes", "cache"),
            NodeChecks::nodesReady),
        whole(
            "balancer",
            "Balancer is there, listens, knows its targets, and has its capacity ready",
            List.of("network"),
            Kind.BALANCER,
            Kind.LISTENER,
            Kind.TARGET_GROUP,
            Kind.BALANCER_CAPACITY),
        new Check(
            "router",
            "Router: native mode and one table on every node",
            List.of("bundle", "nodes"),
            RouterCheck::ask),
        new Check(
            "handshake",
            "TLS and upgrade through the balancer, with the event's certificate and host",
            List.of("balancer", "nodes-ready", "certificate"),
            FrontChecks::handshake),
        new Check(
            "spread",
            "Connections spread over all nodes",
            List.of("handshake"),
            FrontChecks::spread),
        new Check(
            "resume",
            "A session cut on one node resumes on another, nothing lost",
            List.of("nodes-ready", "cache", "certificate"),
            NodeChecks::resume));
  }

  private static Check whole(String id, String title, List<String> needs, Kind... kinds) {
    return new Check(
        id,
        title,
        needs,
        (view, deadline) -> {
          List<String> wrong = view.wrong(kinds);
          long planned = view.planned(kinds);
          return Check.Answer.of(
              wrong.isEmpty() && planned > 0,
              wrong.isEmpty()
                  ? planned + " of " + planned + " resources whole"
                  : String.join("; ", wrong),
              planned + " of " + planned + " resources whole",
              "Run spike provision with this plan: it repairs only what is missing.");
        });
  }
}

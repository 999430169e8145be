package dev.spike.core.warm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The checks of {@code warm --verify}, in the order of their dependence. Those that run a command
 * of the bundle need the bundle: what another one says is no evidence.
 */
final class WarmChecks {
  /** Connections opened through the balancer for the handshake and spread checks, for each node. */
  private static final int PROBES_PER_NODE = 20;

  /** And at most this many, however large the tier. */
  private static final int PROBES_MAX = 2000;

  private static final int RESUME_MESSAGES = 200;
  private static final int LAG_SAMPLES = 200;

  /**
   * Replication slower than this does not keep up: what a lost primary takes with it grows by as
   * much. Far above what an idle tier shows, so that a busy CI runner does not fail a sound one.
   */
  private static final double LAG_P99_MICROS_MAX = 250_000;

  private static final Duration COMMAND_TIME = Duration.ofSeconds(60);

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
            WarmChecks::cacheLag),
        new Check(
            "nodes-ready",
            "Every node is warm, ready and of the planned profile",
            List.of("bundle", "nodes", "cache"),
            WarmChecks::nodesReady),
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
            WarmChecks::router),
        new Check(
            "handshake",
            "TLS and upgrade through the balancer, with the event's certificate and host",
            List.of("balancer", "nodes-ready", "certificate"),
            WarmChecks::handshake),
        new Check(
            "spread",
            "Connections spread over all nodes",
            List.of("handshake"),
            WarmChecks::spread),
        new Check(
            "resume",
            "A session cut on one node resumes on another, nothing lost",
            List.of("nodes-ready", "cache", "certificate"),
            WarmChecks::resume));
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
              wrong.isEmpty() ? planned + " of " + planned + " whole" : String.join("; ", wrong),
              planned + " of " + planned + " whole",
              "Run spike provision with this plan: it repairs only what is missing.");
        });
  }

  private static Check.Answer cacheLag(TierView view, Deadline deadline)
      throws ProviderException, InterruptedException {
    String node = view.nodes().getFirst();
    NodeChannel.Answer answer =
        view.channel()
            .run(
                List.of(node),
                NodeCommand.of(
                    "cache-lag",
                    "--config",
                    "${serveConfig}",
                    "--samples",
                    Integer.toString(LAG_SAMPLES)),
                deadline.atMost(COMMAND_TIME))
            .get(node);
    String expected = "p99 at most " + millis(LAG_P99_MICROS_MAX) + " ms on every shard";
    if (answer == null || !answer.ok()) {
      return failed(answer, expected);
    }
    double p99 = answer.json().path("p99Micros").asDouble(Double.MAX_VALUE);
    return Check.Answer.of(
        p99 <= LAG_P99_MICROS_MAX,
        "p50 "
            + millis(answer.json().path("p50Micros").asDouble())
            + " ms, p99 "
            + millis(p99)
            + " ms over "
            + answer.json().path("samples").asInt()
            + " writes",
        expected,
        "Look for a busy or remote replica; run spike status for the cache's faults.");
  }

  private static Check.Answer nodesReady(TierView view, Deadline deadline)
      throws ProviderException, InterruptedException {
    Map<String, Integer> planned = new TreeMap<>();
    for (Resource resource : view.plan().resources()) {
      if (resource instanceof Resource.NodeFleet fleet) {
        fleet.nodeNames().forEach(name -> planned.put(name, fleet.connectionsPerNode()));
      }
    }
    Map<String, NodeChannel.Answer> answers =
        view.channel()
            .run(planned.keySet(), NodeCommand.of("status"), deadline.atMost(COMMAND_TIME));
    List<String> wrong = new ArrayList<>();
    planned.forEach(
        (name, connections) -> {
          NodeChannel.Answer answer = answers.get(name);
          if (answer == null || !answer.ok()) {
            wrong.add(name + " does not answer" + errorOf(answer));
          } else if (!answer.json().path("warm").asBoolean()) {
            wrong.add(name + " is not warm");
          } else if (!answer.json().path("ready").asBoolean()) {
            wrong.add(name + " is not ready: " + answer.json().path("reason").asText());
          } else if (answer.json().path("profile").path("connections").asInt() != connections) {
            wrong.add(
                name
                    + " holds "
                    + answer.json().path("profile").path("connections").asInt()
                    + " connections, not "
                    + connections);
          } else {
            tracking(answer.json(), connections).ifPresent(why -> wrong.add(name + why));
          }
        });
    return Check.Answer.of(
        wrong.isEmpty(),
        wrong.isEmpty() ? planned.size() + " nodes warm and ready" : String.join("; ", wrong),
        planned.size() + " nodes warm and ready",
        "Run spike warm with this plan; a node that stays unready says why in its log.");
  }

  /**
   * What a node's network card lacks to track the planned connections, where it tells: EC2 drops
   * what goes beyond the allowance without a word.
   */
  private static Optional<String> tracking(JsonNode status, int connections) {
    JsonNode allowance = status.path("trackingAllowance");
    if (!allowance.isObject()) {
      return Optional.empty();
    }
    if (allowance.path("exceeded").asLong() > 0) {
      return Optional.of(
          "'s network card refused "
              + allowance.path("exceeded").asLong()
              + " times to track a connection");
    }
    long room = allowance.path("available").asLong() + status.path("connections").asLong();
    return room >= connections
        ? Optional.empty()
        : Optional.of(
            "'s network card has room for " + room + " tracked connections, not " + connections);
  }

  private static Check.Answer router(TierView view, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<String> nodes = view.nodes();
    Map<String, NodeChannel.Answer> answers =
        view.channel()
            .run(
                nodes,
                NodeCommand.of("router", "status", "--config", "${routerConfig}"),
                deadline.atMost(COMMAND_TIME));
    List<String> wrong = new ArrayList<>(view.wrong(Kind.ROUTER_INSTALLATION));
    Set<String> digests = new TreeSet<>();
    for (String name : nodes) {
      NodeChannel.Answer answer = answers.get(name);
      if (answer == null || !answer.ok()) {
        wrong.add(name + " does not answer" + errorOf(answer));
        continue;
      }
      JsonNode status = answer.json();
      if (!status.path("mode").asText().equals("native")) {
        wrong.add(name + " is in mode " + status.path("mode").asText("none"));
      } else if (!status.path("egress").asBoolean()) {
        wrong.add(name + " has no egress program");
      } else if (status.path("off").asBoolean()) {
        wrong.add(name + " is switched off");
      } else if (!status.path("agentFresh").asBoolean()) {
        wrong.add(name + " has no live agent");
      } else {
        digests.add(status.path("tableDigest").asText());
      }
    }
    if (digests.size() > 1) {
      wrong.add(digests.size() + " different tables: " + String.join(", ", digests));
    }
    return Check.Answer.of(
        wrong.isEmpty(),
        wrong.isEmpty()
            ? nodes.size() + " nodes in native mode, table " + shortened(digests)
            : String.join("; ", wrong),
        nodes.size() + " nodes in native mode with one table",
        "Run spike warm with this plan: it installs what is missing; spike router on ends a switch"
            + " that somebody turned off.");
  }

  private static Check.Answer handshake(TierView view, Deadline deadline)
      throws ProviderException, InterruptedException {
    int probes = probes(view);
    String host = view.plan().service().host();
    String expected = probes + " of " + probes + " over TLSv1.3, certificate for " + host;
    NodeChannel.Answer answer = probe(view, probes, deadline);
    if (!answer.ok()) {
      return failed(answer, expected);
    }
    JsonNode json = answer.json();
    int succeeded = json.path("succeeded").asInt();
    boolean named = false;
    for (JsonNode name : json.path("certificate").path("names")) {
      named |= name.asText().equals(host);
    }
    boolean good = succeeded == probes && named && json.path("tls").asText().equals("TLSv1.3");
    return Check.Answer.of(
        good,
        succeeded
            + " of "
            + probes
            + " over "
            + json.path("tls").asText("no TLS")
            + ", certificate "
            + (named ? "for " + host : "for " + json.path("certificate").path("names"))
            + ", p99 "
            + json.path("p99Millis").asText()
            + " ms"
            + (json.path("failed").isEmpty() ? "" : ", failures " + json.path("failed")),
        expected,
        "Look at the failures named; spike status shows the targets the balancer has taken out.");
  }

  private static Check.Answer spread(TierView view, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<String> nodes = view.nodes();
    NodeChannel.Answer answer = probe(view, probes(view), deadline);
    double fair = (double) probes(view) / nodes.size();
    long least = Math.max(1, (long) (fair * 0.3));
    long most = (long) Math.ceil(fair * 2.2);
    String expected =
        "each of " + nodes.size() + " nodes between " + least + " and " + most + " connections";
    if (!answer.ok()) {
      return failed(answer, expected);
    }
    JsonNode counts = answer.json().path("nodes");
    boolean good = true;
    List<String> seen = new ArrayList<>();
    for (String name : nodes) {
      long count = counts.path(name).asLong(0);
      good &= nodes.size() == 1 ? count > 0 : count >= least && count <= most;
      seen.add(name + " " + count);
    }
    return Check.Answer.of(
        good,
        String.join(", ", seen),
        expected,
        "Look for a node that the balancer's health check has taken out, or a router that forwards"
            + " too much.");
  }

  private static Check.Answer resume(TierView view, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<String> nodes = view.nodes();
    String from = nodes.getFirst();
    String to = nodes.getLast();
    NodeChannel.Answer answer =
        view.channel()
            .run(
                List.of(from),
                NodeCommand.of(
                    "probe",
                    "resume",
                    "--from",
                    "${node:" + from + "}",
                    "--to",
                    "${node:" + to + "}",
                    "--host",
                    view.plan().service().host(),
                    "--ca",
                    "${ca}",
                    "--fleet-secret",
                    "${fleetSecret}",
                    "--messages",
                    Integer.toString(RESUME_MESSAGES)),
                deadline.atMost(COMMAND_TIME))
            .get(from);
    String expected =
        RESUME_MESSAGES + " of " + RESUME_MESSAGES + " messages once each, across the cut";
    if (answer == null || !answer.ok()) {
      return failed(answer, expected);
    }
    JsonNode json = answer.json();
    int received = json.path("received").asInt();
    int lost = json.path("lost").asInt(-1);
    int repeated = json.path("repeated").asInt(-1);
    boolean good =
        json.path("resumed").asBoolean()
            && json.path("recovered").asBoolean()
            && lost == 0
            && repeated == 0
            && received == RESUME_MESSAGES;
    return Check.Answer.of(
        good,
        json.path("fromNode").asText(from)
            + " to "
            + json.path("toNode").asText(to)
            + ": "
            + received
            + " of "
            + RESUME_MESSAGES
            + " messages, "
            + lost
            + " lost, "
            + repeated
            + " repeated, resumed in "
            + json.path("resumeMillis").asText()
            + " ms",
        expected,
        "See the logs of both nodes and the cache's state.");
  }

  private static NodeChannel.Answer probe(TierView view, int probes, Deadline deadline)
      throws ProviderException, InterruptedException {
    return view.channel()
        .runAsClient(
            NodeCommand.of(
                "probe",
                "handshake",
                "--target",
                "${front}",
                "--host",
                view.plan().service().host(),
                "--ca",
                "${ca}",
                "--connections",
                Integer.toString(probes)),
            deadline.atMost(COMMAND_TIME));
  }

  private static int probes(TierView view) {
    return Math.min(PROBES_MAX, view.nodes().size() * PROBES_PER_NODE);
  }

  private static Check.Answer failed(
      NodeChannel.@org.jspecify.annotations.Nullable Answer answer, String expected) {
    String next = answer == null ? "" : answer.json().path("next").asText("");
    return Check.Answer.of(
        false,
        "no answer" + errorOf(answer),
        expected,
        next.isEmpty() ? "See the node's log; run spike status." : next);
  }

  private static String errorOf(NodeChannel.@org.jspecify.annotations.Nullable Answer answer) {
    String error = answer == null ? "" : answer.json().path("error").asText("");
    return error.isEmpty() ? "" : ": " + error;
  }

  private static String shortened(Set<String> digests) {
    String digest = String.join(",", digests);
    return digest.length() > 12 ? digest.substring(0, 12) : digest;
  }

  private static String millis(double micros) {
    return String.format(java.util.Locale.ROOT, "%.2f", micros / 1000);
  }
}

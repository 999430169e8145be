package dev.spike.core.warm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.Resource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The checks that ask the nodes themselves. */
final class NodeChecks {
  private static final int RESUME_MESSAGES = 200;
  private static final int LAG_SAMPLES = 200;

  /**
   * Replication slower than this does not keep up: what a lost primary takes with it grows by as
   * much. Far above what an idle tier shows, so that a busy CI runner does not fail a sound one.
   */
  private static final double LAG_P99_MICROS_MAX = 250_000;

  private NodeChecks() {}

  static Check.Answer cacheLag(TierView view, Deadline deadline)
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
                deadline.atMost(WarmChecks.COMMAND_TIME))
            .get(node);
    String expected = "p99 at most " + millis(LAG_P99_MICROS_MAX) + " ms on every shard";
    if (answer == null || !answer.ok()) {
      return NodeAnswers.failed(answer, expected);
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

  static Check.Answer nodesReady(TierView view, Deadline deadline)
      throws ProviderException, InterruptedException {
    Map<String, Integer> planned = new TreeMap<>();
    for (Resource resource : view.plan().resources()) {
      if (resource instanceof Resource.NodeFleet fleet) {
        fleet.nodeNames().forEach(name -> planned.put(name, fleet.connectionsPerNode()));
      }
    }
    Map<String, NodeChannel.Answer> answers =
        view.channel()
            .run(
                planned.keySet(),
                NodeCommand.of("status"),
                deadline.atMost(WarmChecks.COMMAND_TIME));
    NodeFindings wrong = new NodeFindings();
    planned.forEach(
        (name, connections) -> {
          NodeChannel.Answer answer = answers.get(name);
          if (answer == null || !answer.ok()) {
            wrong.add(name, NodeAnswers.missing(answer));
          } else if (!answer.json().path("warm").asBoolean()) {
            wrong.add(name, "not warm");
          } else if (!answer.json().path("ready").asBoolean()) {
            wrong.add(name, "not ready (" + answer.json().path("reason").asText() + ")");
          } else if (answer.json().path("profile").path("connections").asInt() != connections) {
            wrong.add(
                name,
                "made for "
                    + answer.json().path("profile").path("connections").asInt()
                    + " connections, not "
                    + connections);
          } else {
            tracking(answer.json(), connections).ifPresent(why -> wrong.add(name, why));
          }
        });
    return Check.Answer.of(
        wrong.isEmpty(),
        wrong.isEmpty()
            ? planned.size() + " nodes warm and ready"
            : String.join("; ", wrong.sentences()),
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
          "the network card refused "
              + allowance.path("exceeded").asLong()
              + " times to track a connection");
    }
    long room = allowance.path("available").asLong() + status.path("connections").asLong();
    return room >= connections
        ? Optional.empty()
        : Optional.of(
            "the network card has room for " + room + " tracked connections, not " + connections);
  }

  static Check.Answer resume(TierView view, Deadline deadline)
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
                deadline.atMost(WarmChecks.COMMAND_TIME))
            .get(from);
    String expected =
        RESUME_MESSAGES + " of " + RESUME_MESSAGES + " messages once each, across the cut";
    if (answer == null || !answer.ok()) {
      return NodeAnswers.failed(answer, expected);
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

  private static String millis(double micros) {
    return String.format(Locale.ROOT, "%.2f", micros / 1000);
  }
}

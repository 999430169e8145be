package dev.spike.core.warm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.ProviderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The checks that come as clients do, through the balancer. */
final class FrontChecks {
  /** Connections opened for each node: enough that a node which is left out shows. */
  private static final int PROBES_PER_NODE = 20;

  /** And at most this many: what the largest tier that is planned takes, 250 nodes in six zones. */
  private static final int PROBES_MAX = 30_000;

  /** Beside a command's own time, so that a large tier's many probes are not given up half way. */
  private static final Duration TIME_OF_A_PROBE = Duration.ofMillis(10);

  /** So many kinds of failure are told. */
  private static final int FAILURES_TOLD = 3;

  private FrontChecks() {}

  static Check.Answer handshake(TierView view, Deadline deadline)
      throws ProviderException, InterruptedException {
    int probes = probes(view);
    String host = view.plan().service().host();
    String expected = probes + " of " + probes + " over TLSv1.3, certificate for " + host;
    NodeChannel.Answer answer = probe(view, probes, deadline);
    if (!answer.ok()) {
      return NodeAnswers.failed(answer, expected);
    }
    JsonNode json = answer.json();
    int succeeded = json.path("succeeded").asInt();
    boolean named = false;
    List<String> names = new ArrayList<>();
    for (JsonNode name : json.path("certificate").path("names")) {
      named |= name.asText().equals(host);
      names.add(name.asText());
    }
    boolean good = succeeded == probes && named && json.path("tls").asText().equals("TLSv1.3");
    List<String> seen = new ArrayList<>();
    seen.add(succeeded + " of " + probes);
    if (json.path("tls").isTextual()) {
      seen.add("over " + json.path("tls").asText());
      if (names.isEmpty()) {
        names.add("no name");
      }
      seen.add("certificate for " + (named ? host : String.join(" and ", names)));
    }
    if (succeeded > 0) {
      seen.add("p99 " + json.path("p99Millis").asText() + " ms");
    }
    return Check.Answer.of(
        good,
        String.join(", ", seen) + failures(json.path("failed")),
        expected,
        "Look at the failures named; spike status shows the targets the balancer has taken out.");
  }

  /** What failed and how often, the most frequent first as the probe counts them. */
  private static String failures(JsonNode failed) {
    List<String> told = new ArrayList<>();
    for (JsonNode failure : failed) {
      if (told.size() == FAILURES_TOLD) {
        told.add((failed.size() - FAILURES_TOLD) + " other kinds of failure");
        break;
      }
      told.add(failure.path("count").asText() + " times " + failure.path("error").asText());
    }
    return told.isEmpty() ? "" : "; " + String.join("; ", told);
  }

  static Check.Answer spread(TierView view, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<String> nodes = view.nodes();
    int probes = probes(view);
    NodeChannel.Answer answer = probe(view, probes, deadline);
    Spread bounds = Spread.of(nodes.size(), probes);
    String expected =
        "each of "
            + nodes.size()
            + " nodes between "
            + bounds.least()
            + " and "
            + bounds.most()
            + " connections";
    if (!answer.ok()) {
      return NodeAnswers.failed(answer, expected);
    }
    Map<String, Long> counts = new LinkedHashMap<>();
    nodes.forEach(name -> counts.put(name, answer.json().path("nodes").path(name).asLong(0)));
    return Check.Answer.of(
        bounds.holds(counts.values()),
        bounds.told(counts),
        expected,
        "Look for a node that the balancer's health check has taken out, or a router that forwards"
            + " too much.");
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
            deadline.atMost(WarmChecks.COMMAND_TIME.plus(TIME_OF_A_PROBE.multipliedBy(probes))));
  }

  private static int probes(TierView view) {
    return Math.min(PROBES_MAX, view.nodes().size() * PROBES_PER_NODE);
  }
}

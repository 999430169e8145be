package dev.spike.core.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ObservedState;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a tier says before it goes.
 *
 * @param standingSince when the first of what is paid by the hour came to be
 * @param logs the last lines of each node's log; empty where logs are kept elsewhere
 * @param statuses what each node last said of itself: its counts of connections and sessions
 */
public record LastWords(
    EventName event,
    Optional<Instant> standingSince,
    SortedMap<String, String> logs,
    SortedMap<String, JsonNode> statuses) {
  private static final Duration TIME = Duration.ofSeconds(45);

  public LastWords {
    logs = Collections.unmodifiableSortedMap(new TreeMap<>(logs));
    statuses = Collections.unmodifiableSortedMap(new TreeMap<>(statuses));
  }

  /** Asks the tier. */
  static LastWords of(Provider provider, ObservedState observed, Deadline deadline)
      throws ProviderException, InterruptedException {
    EventName event = observed.event();
    List<String> nodes = nodes(observed);
    SortedMap<String, JsonNode> statuses = new TreeMap<>();
    SortedMap<String, String> logs = new TreeMap<>();
    if (!nodes.isEmpty()) {
      Deadline end = deadline.atMost(TIME);
      logs.putAll(provider.lastLogs(event, nodes, end));
      if (!logs.isEmpty()) {
        for (Map.Entry<String, NodeChannel.Answer> answer :
            provider.nodes(event).run(nodes, NodeCommand.of("status"), end).entrySet()) {
          statuses.put(answer.getKey(), answer.getValue().json());
        }
      }
    }
    return new LastWords(event, provider.standingSince(event), logs, statuses);
  }

  /** The names of all nodes that were observed. */
  static List<String> nodes(ObservedState observed) {
    List<String> nodes = new ArrayList<>();
    for (Observed resource : observed.resources().values()) {
      String names = resource.attributes().getOrDefault("nodes", "");
      if (resource.kind() == Kind.NODE_FLEET && !names.isEmpty()) {
        nodes.addAll(Arrays.asList(names.split(",", -1)));
      }
    }
    return nodes;
  }
}

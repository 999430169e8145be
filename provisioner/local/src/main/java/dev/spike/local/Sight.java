package dev.spike.local;

import dev.spike.local.linux.EventProcess;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The hosts and processes of an event at one moment. */
record Sight(NavigableMap<String, Hosts.Seen> hosts, List<EventProcess> processes) {
  Sight {
    hosts = Collections.unmodifiableNavigableMap(new TreeMap<>(hosts));
    processes = List.copyOf(processes);
  }

  /**
   * The processes of a part, without those that they started themselves, which carry the same
   * variables: the health checks run nft for a moment, a cache member forks to copy its data.
   */
  List<EventProcess> of(String part) {
    List<EventProcess> all =
        processes.stream().filter(p -> p.variable(Launch.PART).equals(part)).toList();
    Set<Long> ids = new HashSet<>();
    all.forEach(p -> ids.add(p.pid()));
    return all.stream()
        .filter(p -> p.handle().parent().filter(parent -> ids.contains(parent.pid())).isEmpty())
        .toList();
  }

  List<EventProcess> ofResource(String id) {
    return processes.stream().filter(p -> p.variable(Launch.RESOURCE).equals(id)).toList();
  }

  /** What follows the prefix in the names of hosts and parts: {@code a-1} for {@code node-a-1}. */
  NavigableSet<String> names(String prefix) {
    NavigableSet<String> names = new TreeSet<>();
    for (String host : hosts.keySet()) {
      if (host.startsWith(prefix)) {
        names.add(host.substring(prefix.length()));
      }
    }
    for (EventProcess process : processes) {
      String part = process.variable(Launch.PART);
      if (part.startsWith(prefix) && part.contains("/")) {
        names.add(part.substring(prefix.length(), part.indexOf('/')));
      }
    }
    return names;
  }

  /** The zones in the network's order, from the fabric or else from any process; may be empty. */
  List<String> zones() {
    Hosts.Seen fabric = hosts.get(NamespaceHosts.FABRIC);
    String text = fabric == null ? "" : fabric.tags().getOrDefault("zones", "");
    if (text.isEmpty()) {
      text =
          processes.stream()
              .map(p -> p.variable(Launch.ZONES))
              .filter(zones -> !zones.isEmpty())
              .findFirst()
              .orElse("");
    }
    return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
  }

  /** Attributes kept with processes and hosts; those that do not agree are joined, to differ. */
  static Map<String, String> merged(List<Map<String, String>> all, List<String> names) {
    Map<String, String> merged = new TreeMap<>();
    for (String name : names) {
      NavigableSet<String> values = new TreeSet<>();
      all.stream().filter(m -> m.containsKey(name)).forEach(m -> values.add(m.get(name)));
      if (!values.isEmpty()) {
        merged.put(name, String.join("|", values));
      }
    }
    return merged;
  }
}

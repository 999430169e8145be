package dev.spike.node.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.config.Json;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts by name, for nodes and for errors; the number of names is bounded. */
final class Tally {
  private static final int NAMES_MAX = 200;
  private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

  void add(String name) {
    String kept = counts.size() >= NAMES_MAX && !counts.containsKey(name) ? "other" : name;
    counts.computeIfAbsent(kept, _ -> new AtomicInteger()).incrementAndGet();
  }

  int total() {
    return counts.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  /** {"name": count}, sorted by name. */
  ObjectNode byName() {
    ObjectNode object = Json.object();
    counts.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> object.put(entry.getKey(), entry.getValue().get()));
    return object;
  }

  /** [{"error", "count"}], sorted by error. */
  ArrayNode errors() {
    ArrayNode array = Json.array();
    counts.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry ->
                array
                    .addObject()
                    .put("error", entry.getKey())
                    .put("count", entry.getValue().get()));
    return array;
  }
}

package dev.spike.node.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.config.Json;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts by name, for nodes and for errors; the number of names is bounded. */
final class Tally {
  /** More nodes than a tier can have. */
  private static final int NODES_MAX = 10_000;

  private static final int ERRORS_MAX = 200;

  private final int namesMax;
  private final Map<String, AtomicInteger> counts = new ConcurrentHashMap<>();

  private Tally(int namesMax) {
    this.namesMax = namesMax;
  }

  /** For the names of nodes. */
  static Tally ofNodes() {
    return new Tally(NODES_MAX);
  }

  /** For errors in words, which other programs may make up. */
  static Tally ofErrors() {
    return new Tally(ERRORS_MAX);
  }

  void add(String name) {
    String kept = counts.size() >= namesMax && !counts.containsKey(name) ? "other" : name;
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

  /** [{"error", "count"}], the most frequent first. */
  ArrayNode errors() {
    ArrayNode array = Json.array();
    counts.entrySet().stream()
        .sorted(
            Comparator.comparingLong(
                    (Map.Entry<String, AtomicInteger> entry) -> -entry.getValue().get())
                .thenComparing(Map.Entry::getKey))
        .forEach(
            entry ->
                array
                    .addObject()
                    .put("error", entry.getKey())
                    .put("count", entry.getValue().get()));
    return array;
  }
}

package dev.spike.aws;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.core.provider.ProviderException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The numbers by which routers know nodes. A number is given up with its machine and not used again
 * while others are free: a peer that still knows it would send flows to a stranger.
 */
final class RouterNumbers {
  /** The largest number that a router's tables have room for. */
  static final int MAX = 1023;

  private final Map<String, Integer> known = new TreeMap<>();
  private final Set<Integer> taken = new TreeSet<>();
  private int last;

  private RouterNumbers(int last) {
    this.last = last;
  }

  /**
   * Those of a tier.
   *
   * @param nodes {@code [{id, name, address}]}
   * @param last the number given last, 0 for none
   */
  static RouterNumbers of(JsonNode nodes, int last) {
    RouterNumbers numbers = new RouterNumbers(last);
    for (JsonNode node : nodes) {
      int number = node.path("id").asInt();
      numbers.known.put(key(node.path("name").asText(), node.path("address").asText()), number);
      numbers.taken.add(number);
    }
    return numbers;
  }

  private static String key(String name, String address) {
    return name + " " + address;
  }

  /** A node's number; a fresh one where it has none. INVALID when all are taken. */
  int of(String name, String address) throws ProviderException {
    Integer number = known.get(key(name, address));
    if (number != null) {
      return number;
    }
    for (int tries = 0; tries < MAX; tries++) {
      last = last % MAX + 1;
      if (taken.add(last)) {
        return last;
      }
    }
    throw new ProviderException(
        ProviderException.Kind.INVALID,
        "a router knows at most " + MAX + " nodes",
        "Plan with fewer, larger nodes.");
  }

  /** The number given last. */
  int last() {
    return last;
  }
}

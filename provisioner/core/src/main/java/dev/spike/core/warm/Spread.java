package dev.spike.core.warm;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.hipparchus.distribution.discrete.PoissonDistribution;

/**
 * How many of the probes each node may get where the balancer and the router do what they should.
 *
 * <p>A balancer picks a node by a hash of the flow, so of {@code probes} spread over {@code nodes}
 * a node gets a number that is Poisson with mean {@code probes / nodes}. A sound tier must not fail
 * for chance: the bounds are those that all nodes together keep but once in ten thousand runs, and
 * never narrower than 0.3 and 2.2 times the mean, since zones and loads are not quite alike.
 *
 * @param least connections that every node must have got
 * @param most connections that no node may have exceeded
 */
record Spread(long least, long most) {
  /** The chance of calling a sound tier unsound. */
  private static final double FALSE_ALARM = 1e-4;

  /** So many nodes are told one by one. */
  private static final int EACH = 12;

  /** The bounds for {@code probes} connections over {@code nodes} nodes, both at least 1. */
  static Spread of(int nodes, int probes) {
    if (nodes == 1) {
      return new Spread(1, probes);
    }
    double mean = (double) probes / nodes;
    PoissonDistribution chance = new PoissonDistribution(mean);
    double tail = FALSE_ALARM / (2.0 * nodes);
    // P(X < least) <= tail and P(X > most) <= tail
    long least = Math.min((long) (0.3 * mean), chance.inverseCumulativeProbability(tail));
    long most =
        Math.max((long) Math.ceil(2.2 * mean), chance.inverseCumulativeProbability(1 - tail));
    return new Spread(Math.max(1, least), most);
  }

  /** Whether every one of these numbers is within the bounds. */
  boolean holds(Iterable<Long> counts) {
    for (long count : counts) {
      if (count < least || count > most) {
        return false;
      }
    }
    return true;
  }

  /** Connections by node, of many nodes only the least, the most and what is outside the bounds. */
  String told(Map<String, Long> counts) {
    if (counts.size() <= EACH) {
      List<String> each = new ArrayList<>();
      counts.forEach((node, count) -> each.add(node + " " + count));
      return String.join(", ", each);
    }
    NodeFindings outside = new NodeFindings();
    counts.forEach(
        (node, count) -> {
          if (count < least || count > most) {
            outside.add(node, count + " connections");
          }
        });
    String range =
        "between "
            + Collections.min(counts.values())
            + " and "
            + Collections.max(counts.values())
            + " a node";
    return outside.isEmpty() ? range : range + "; " + String.join("; ", outside.sentences());
  }
}

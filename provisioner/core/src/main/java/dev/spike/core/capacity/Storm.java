package dev.spike.core.capacity;

import org.hipparchus.util.FastMath;

/** What comes back at once when a share of the tier is lost. */
public final class Storm {
  private Storm() {}

  /** Reconnects per second: L / J, spread evenly over the clients' jitter. */
  public static double perSecond(double lostConnections, double jitterSeconds) {
    return lostConnections / jitterSeconds;
  }

  /**
   * The smallest jitter that the survivors bear: L / (C - lambda); -1 when they bear none.
   *
   * @param survivorsPerSecond C, their handshakes per second
   * @param arrivalsPerSecond lambda, who comes at that time anyway
   */
  public static double minimumJitterSeconds(
      double lostConnections, double survivorsPerSecond, double arrivalsPerSecond) {
    double spare = survivorsPerSecond - arrivalsPerSecond;
    return spare > 0 ? lostConnections / spare : -1;
  }

  /**
   * Survivors that bear what one lost node held beside what else there is, m in m = a + x / (m +
   * 1): of m + 1 nodes one is lost, and its share 1 / (m + 1) of all comes back to m.
   *
   * @param nodesForArrivals a, nodes that who comes anyway needs
   * @param nodesForAll x, nodes that all connections would need if they came back at once
   */
  static double survivorsOfOneNode(double nodesForArrivals, double nodesForAll) {
    double less = 1 - nodesForArrivals;
    return (FastMath.sqrt(less * less + 4 * (nodesForArrivals + nodesForAll)) - less) / 2;
  }
}

package dev.spike.core.capacity;

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
}

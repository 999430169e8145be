package dev.spike.core.capacity;

import dev.spike.core.demand.LogisticRamp;

/**
 * What the tier must bear.
 *
 * @param connections at one time
 * @param tauSeconds of the ramp in which they all arrive
 * @param jitterSeconds over which clients spread a reconnect
 * @param heartbeatSeconds between pings of one connection
 * @param messagesPerSecond to one connection
 */
public record Load(
    double connections,
    double tauSeconds,
    double jitterSeconds,
    double heartbeatSeconds,
    double messagesPerSecond,
    int messageBytes) {

  /** Variance over mean of recorded arrivals, the middle of 10 to 34. */
  public static final double PEAKEDNESS = 20;

  LogisticRamp ramp() {
    return new LogisticRamp(connections, tauSeconds);
  }

  /** The same load with another number of connections. */
  public Load withConnections(double other) {
    return new Load(
        other, tauSeconds, jitterSeconds, heartbeatSeconds, messagesPerSecond, messageBytes);
  }
}

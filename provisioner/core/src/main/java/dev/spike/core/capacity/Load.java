package dev.spike.core.capacity;

import dev.spike.core.demand.DemandModel;
import dev.spike.core.demand.LogisticRamp;

/**
 * What the tier must bear.
 *
 * @param connections at one time
 * @param tauSeconds of the ramp in which they all arrive
 * @param patience how long clients wait
 * @param heartbeatSeconds between pings of one connection
 * @param messagesPerSecond to one connection
 */
public record Load(
    double connections,
    double tauSeconds,
    Patience patience,
    double heartbeatSeconds,
    double messagesPerSecond,
    int messageBytes) {

  /** Variance over mean of recorded arrivals, the middle of 10 to 34. */
  public static final double PEAKEDNESS = DemandModel.PEAKEDNESS;

  /**
   * How long clients wait.
   *
   * @param jitterSeconds over which clients spread a reconnect
   * @param timeoutSeconds after which a client gives a handshake up
   * @param promisedSeconds within which 99 of 100 handshakes are to be done
   */
  public record Patience(double jitterSeconds, double timeoutSeconds, double promisedSeconds) {
    /** The longest that one may wait: as promised, and below half of the time-out. */
    double waitSecondsMax() {
      return Math.min(promisedSeconds, timeoutSeconds / 2);
    }
  }

  LogisticRamp ramp() {
    return new LogisticRamp(connections, tauSeconds);
  }

  public double jitterSeconds() {
    return patience.jitterSeconds();
  }

  /** The same load with another number of connections. */
  public Load withConnections(double other) {
    return new Load(other, tauSeconds, patience, heartbeatSeconds, messagesPerSecond, messageBytes);
  }

  /** The same load on another ramp. */
  public Load withTau(double otherSeconds) {
    return new Load(
        connections, otherSeconds, patience, heartbeatSeconds, messagesPerSecond, messageBytes);
  }

  /** The same load with reconnects spread over another time. */
  public Load withJitter(double otherSeconds) {
    return new Load(
        connections,
        tauSeconds,
        new Patience(otherSeconds, patience.timeoutSeconds(), patience.promisedSeconds()),
        heartbeatSeconds,
        messagesPerSecond,
        messageBytes);
  }
}

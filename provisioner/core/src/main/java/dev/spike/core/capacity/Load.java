package dev.spike.core.capacity;

import dev.spike.core.demand.DemandModel;
import dev.spike.core.demand.LogisticRamp;

/**
 * What the tier must bear.
 *
 * @param connections at one time
 * @param tauSeconds of the ramp in which they all arrive
 * @param patience how long clients wait
 * @param traffic what goes over them
 */
public record Load(double connections, double tauSeconds, Patience patience, Traffic traffic) {

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

  /**
   * What goes over the connections.
   *
   * @param heartbeatSeconds between pings of one connection
   * @param messagesPerSecond to one connection, over all its channels
   * @param channels in which they are published
   * @param channelsPerConnection how many of them one connection follows, at most {@code channels}
   * @param acknowledgeSeconds between acknowledgements of one connection
   * @param skipMissed whether clients that come back go on with the next message and ask for none
   *     that they missed
   */
  public record Traffic(
      double heartbeatSeconds,
      double messagesPerSecond,
      int messageBytes,
      int channels,
      double channelsPerConnection,
      double acknowledgeSeconds,
      boolean skipMissed) {
    /** Where clients that come back ask for what they missed. */
    public Traffic(
        double heartbeatSeconds,
        double messagesPerSecond,
        int messageBytes,
        int channels,
        double channelsPerConnection,
        double acknowledgeSeconds) {
      this(
          heartbeatSeconds,
          messagesPerSecond,
          messageBytes,
          channels,
          channelsPerConnection,
          acknowledgeSeconds,
          false);
    }

    public Traffic {
      if (channels < 1 || channelsPerConnection > channels) {
        throw new IllegalArgumentException(
            "a connection cannot follow "
                + channelsPerConnection
                + " of "
                + channels
                + " channels");
      }
    }

    /** Messages published in one channel each second: what each of its followers gets of it. */
    double publishedPerChannel() {
      return messagesPerSecond / channelsPerConnection;
    }
  }

  LogisticRamp ramp() {
    return new LogisticRamp(connections, tauSeconds);
  }

  public double jitterSeconds() {
    return patience.jitterSeconds();
  }

  public double heartbeatSeconds() {
    return traffic.heartbeatSeconds();
  }

  public double messagesPerSecond() {
    return traffic.messagesPerSecond();
  }

  public int messageBytes() {
    return traffic.messageBytes();
  }

  /** The same load with another number of connections. */
  public Load withConnections(double other) {
    return new Load(other, tauSeconds, patience, traffic);
  }

  /** The same load on another ramp. */
  public Load withTau(double otherSeconds) {
    return new Load(connections, otherSeconds, patience, traffic);
  }

  /** The same load with reconnects spread over another time. */
  public Load withJitter(double otherSeconds) {
    return new Load(
        connections,
        tauSeconds,
        new Patience(otherSeconds, patience.timeoutSeconds(), patience.promisedSeconds()),
        traffic);
  }
}

package dev.spike.core.capacity;

import org.hipparchus.util.FastMath;

/** Capacity units of a TCP network load balancer, by bytes. */
public final class Balancers {
  /** One unit carries 2.2 Mbit/s. */
  static final double UNIT_BITS_PER_SECOND = 2.2e6;

  /** As reported of the default quota of reserved units; nothing here has measured it. */
  public static final int UNITS_PER_BALANCER_MAX = 45_000;

  /** The default quota of targets in a zone. */
  public static final int TARGETS_PER_ZONE_MAX = 500;

  private Balancers() {}

  /** Units while so many connect in a second. */
  public static long acceptUnits(double arrivalsPerSecond) {
    return units(Wire.connectBytes(arrivalsPerSecond));
  }

  /**
   * Units for one message to all connections within a second, or for what is sent all the time
   * where that is more.
   *
   * @param messagesPerSecond to each connection; 0 sends nothing
   * @param messageBytes of one on the wire, with what TCP sends back
   */
  public static long broadcastUnits(
      double connections, double messagesPerSecond, double messageBytes) {
    double sent = messagesPerSecond > 0 ? FastMath.max(1, messagesPerSecond) : 0;
    return units(connections * messageBytes * sent);
  }

  /** How many balancers: by targets in a zone and by units, which stand for bandwidth. */
  static int balancers(int nodesPerZone, long units) {
    double byUnits = FastMath.ceil(units / (double) UNITS_PER_BALANCER_MAX);
    double byTargets = FastMath.ceil(nodesPerZone / (double) TARGETS_PER_ZONE_MAX);
    return (int) FastMath.max(1, FastMath.max(byUnits, byTargets));
  }

  private static long units(double bytesPerSecond) {
    return (long) FastMath.ceil(bytesPerSecond * 8 / UNIT_BITS_PER_SECOND);
  }
}

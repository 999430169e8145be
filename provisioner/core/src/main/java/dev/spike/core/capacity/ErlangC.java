package dev.spike.core.capacity;

import org.hipparchus.util.FastMath;

/** M/M/c: Poisson arrivals, c servers, exponential service. */
public final class ErlangC {
  private ErlangC() {}

  /**
   * The probability that an arrival waits: C(c, a) by the recursion of Erlang's B.
   *
   * @param offered a = arrival rate x service time, below c
   */
  public static double waits(int servers, double offered) {
    double blocked = 1;
    for (int server = 1; server <= servers; server++) {
      blocked = offered * blocked / (server + offered * blocked);
    }
    double utilisation = offered / servers;
    return blocked / (1 - utilisation * (1 - blocked));
  }

  /**
   * The wait that one arrival in a hundred exceeds: ln(C / 0.01) / (c mu - lambda), not below 0;
   * infinite when the servers are never idle.
   *
   * @param serviceSeconds 1 / mu
   * @param utilisation lambda / (c mu)
   */
  public static double waitP99Seconds(int servers, double serviceSeconds, double utilisation) {
    if (utilisation >= 1) {
      return Double.POSITIVE_INFINITY;
    }
    double spare = servers / serviceSeconds * (1 - utilisation);
    double waits = waits(servers, servers * utilisation);
    return waits <= 0.01 ? 0 : FastMath.log(waits / 0.01) / spare;
  }
}

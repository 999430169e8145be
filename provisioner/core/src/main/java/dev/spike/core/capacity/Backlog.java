package dev.spike.core.capacity;

import dev.spike.core.demand.LogisticRamp;
import org.hipparchus.util.FastMath;

/**
 * What waits when a logistic ramp is steeper than the tier is fast; a fluid, so no chance in it.
 */
public final class Backlog {
  private Backlog() {}

  /**
   * The most that wait at one time: N (sqrt(1-r) - r acosh(1/sqrt(r))) with r = C / (N / 4 tau), 0
   * from r = 1 on.
   *
   * @param capacityPerSecond C, above 0
   */
  public static double most(LogisticRamp ramp, double capacityPerSecond) {
    if (!(capacityPerSecond > 0)) {
      throw new IllegalArgumentException("a capacity of " + capacityPerSecond + " a second");
    }
    double share = capacityPerSecond / ramp.peakPerSecond();
    if (!(share < 1)) {
      return 0;
    }
    return ramp.arrivals()
        * (FastMath.sqrt(1 - share) - share * FastMath.acosh(1 / FastMath.sqrt(share)));
  }

  /** How long the last of them waits: most / C. */
  public static double waitSeconds(LogisticRamp ramp, double capacityPerSecond) {
    return most(ramp, capacityPerSecond) / capacityPerSecond;
  }
}

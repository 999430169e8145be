package dev.spike.core.capacity;

import dev.spike.core.demand.LogisticRamp;
import org.hipparchus.util.FastMath;

/**
 * What waits when a logistic ramp is steeper than the tier is fast; a fluid, so no chance in it.
 */
public final class Backlog {
  private static final int HALVINGS = 60;

  private Backlog() {}

  /**
   * The most that wait at one time: N (sqrt(1-r) - r acosh(1/sqrt(r))) with r = C / (N / 4 tau), 0
   * from r = 1 on.
   *
   * @param capacityPerSecond C, above 0
   */
  public static double most(LogisticRamp ramp, double capacityPerSecond) {
    double share = share(ramp, capacityPerSecond);
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

  /**
   * What waits at a time: A(t) - A(s) - C (t - s), not below 0, with A the arrivals up to a time
   * and s = -2 tau acosh(1/sqrt(r)) the instant at which arrivals outrun the tier.
   *
   * @param seconds t, from the ramp's midpoint
   */
  public static double waiting(LogisticRamp ramp, double capacityPerSecond, double seconds) {
    double share = share(ramp, capacityPerSecond);
    if (!(share < 1)) {
      return 0;
    }
    double since = -2 * ramp.tauSeconds() * FastMath.acosh(1 / FastMath.sqrt(share));
    if (seconds <= since) {
      return 0;
    }
    double come = ramp.upTo(seconds) - ramp.upTo(since);
    return FastMath.max(0, come - capacityPerSecond * (seconds - since));
  }

  /** The least capacity with which nobody waits longer; found by halving, waits fall with it. */
  public static double capacityForWait(LogisticRamp ramp, double seconds) {
    double slow = 0;
    double fast = ramp.peakPerSecond();
    for (int halving = 0; halving < HALVINGS; halving++) {
      double middle = (slow + fast) / 2;
      if (middle > 0 && waitSeconds(ramp, middle) <= seconds) {
        fast = middle;
      } else {
        slow = middle;
      }
    }
    return fast;
  }

  private static double share(LogisticRamp ramp, double capacityPerSecond) {
    if (!(capacityPerSecond > 0)) {
      throw new IllegalArgumentException("a capacity of " + capacityPerSecond + " a second");
    }
    return capacityPerSecond / ramp.peakPerSecond();
  }
}

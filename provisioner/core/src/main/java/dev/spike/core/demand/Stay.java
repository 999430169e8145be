package dev.spike.core.demand;

import org.hipparchus.special.Erf;
import org.hipparchus.util.FastMath;

/**
 * How long a connection lasts: a lognormal time of its own, cut short by the end of the event,
 * after which half of those who are left are gone in every {@code halfGoneSeconds}.
 *
 * @param meanSeconds of its own time; infinite when all stay to the end
 * @param cv of its own time; 0 is exactly the mean
 * @param endSeconds the end of the event, from its start
 */
record Stay(double meanSeconds, double cv, double endSeconds, double halfGoneSeconds) {
  private static final double SQRT_2 = FastMath.sqrt(2.0);

  Stay {
    if (!(meanSeconds > 0) || cv < 0 || !(halfGoneSeconds > 0)) {
      throw new IllegalArgumentException(
          "a stay of " + meanSeconds + " s, cv " + cv + ", half gone in " + halfGoneSeconds);
    }
  }

  /** The share of connections whose own time is longer than that: P(S > seconds). */
  double own(double seconds) {
    if (Double.isInfinite(meanSeconds) || seconds <= 0) {
      return 1;
    }
    if (cv == 0) {
      return seconds < meanSeconds ? 1 : 0;
    }
    double variance = FastMath.log1p(cv * cv);
    double middle = FastMath.log(meanSeconds) - variance / 2;
    return 0.5 * Erf.erfc((FastMath.log(seconds) - middle) / (FastMath.sqrt(variance) * SQRT_2));
  }

  /** The share of those who were there at the end, or came after it, and are left so much later. */
  double afterEnd(double seconds) {
    return seconds <= 0 ? 1 : FastMath.pow(0.5, seconds / halfGoneSeconds);
  }
}

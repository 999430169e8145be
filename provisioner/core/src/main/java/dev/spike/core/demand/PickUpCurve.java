package dev.spike.core.demand;

import java.time.Duration;
import org.hipparchus.random.RandomDataGenerator;
import org.hipparchus.util.FastMath;

/**
 * The share of final sales that is normally reached a given time before the event. Between its
 * points it is linear in the logarithm of the time left.
 *
 * @param hoursLeft falling, the last above 0
 * @param share rising, as long as {@code hoursLeft}
 * @param weight how many observations the share is worth: share ~ Beta(share * weight, ...)
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, never handed out for writing
public record PickUpCurve(double[] hoursLeft, double[] share, double weight) {

  /**
   * Where no past event is given: an on-sale burst, a long tail, and a last rush in which 48 hours
   * bring a quarter of all sales, between the mildest seen and the 40 % that one broadcaster
   * gained.
   */
  public static final PickUpCurve PRIOR =
      new PickUpCurve(
          new double[] {24 * 120, 24 * 60, 24 * 30, 24 * 14, 24 * 7, 72, 48, 24, 12, 2, 0.25},
          new double[] {0.20, 0.33, 0.43, 0.52, 0.60, 0.70, 0.75, 0.84, 0.91, 0.98, 1},
          30);

  /** The expected share, 1 from the last point on. */
  public double expected(Duration left) {
    double hours = left.toSeconds() / 3600.0;
    if (hours >= hoursLeft[0]) {
      return share[0];
    }
    for (int point = 1; point < hoursLeft.length; point++) {
      if (hours >= hoursLeft[point]) {
        double step =
            FastMath.log(hoursLeft[point - 1] / hours)
                / FastMath.log(hoursLeft[point - 1] / hoursLeft[point]);
        return share[point - 1] + step * (share[point] - share[point - 1]);
      }
    }
    return 1;
  }

  /** One draw of the share, never below a fiftieth. */
  double draw(Duration left, RandomDataGenerator random) {
    double mean = expected(left);
    return mean >= 1 ? 1 : FastMath.max(0.02, random.nextBeta(mean * weight, (1 - mean) * weight));
  }
}

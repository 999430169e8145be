package dev.spike.core.demand;

import java.time.Duration;
import java.util.List;
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
public record PickUpCurve(List<Double> hoursLeft, List<Double> share, double weight) {
  public PickUpCurve {
    hoursLeft = List.copyOf(hoursLeft);
    share = List.copyOf(share);
  }

  /**
   * Where no past event is given: an on-sale burst, a long tail, and a last rush in which 48 hours
   * bring a quarter of all sales, between the mildest seen and the 40 % that one broadcaster
   * gained.
   */
  public static final PickUpCurve PRIOR =
      new PickUpCurve(
          List.of(2880.0, 1440.0, 720.0, 336.0, 168.0, 72.0, 48.0, 24.0, 12.0, 2.0, 0.25),
          List.of(0.20, 0.33, 0.43, 0.52, 0.60, 0.70, 0.75, 0.84, 0.91, 0.98, 1.0),
          30);

  /** The expected share, 1 from the last point on. */
  public double expected(Duration left) {
    double hours = left.toSeconds() / 3600.0;
    if (hours >= hoursLeft.get(0)) {
      return share.get(0);
    }
    for (int point = 1; point < hoursLeft.size(); point++) {
      if (hours >= hoursLeft.get(point)) {
        double step =
            FastMath.log(hoursLeft.get(point - 1) / hours)
                / FastMath.log(hoursLeft.get(point - 1) / hoursLeft.get(point));
        return share.get(point - 1) + step * (share.get(point) - share.get(point - 1));
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

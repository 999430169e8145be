package dev.spike.core.demand;

import java.time.Duration;
import java.util.List;
import org.hipparchus.util.FastMath;

/**
 * The share of final sales that is reached a given time before the event, as a logit-normal.
 * Between its points its middle and its spread are linear in the logarithm of the time left.
 *
 * @param hoursLeft falling, the last above 0
 * @param share the median, rising, as long as {@code hoursLeft}
 * @param spread the standard deviation of the share's logit, as long as {@code hoursLeft}
 */
public record PickUpCurve(List<Double> hoursLeft, List<Double> share, List<Double> spread) {
  /** A share below this says nothing of the final sales. */
  static final double SHARE_MIN = 0.02;

  public PickUpCurve {
    hoursLeft = List.copyOf(hoursLeft);
    share = List.copyOf(share);
    spread = List.copyOf(spread);
    if (hoursLeft.isEmpty()
        || hoursLeft.size() != share.size()
        || hoursLeft.size() != spread.size()) {
      throw new IllegalArgumentException("a pick-up curve needs a share and a spread per point");
    }
  }

  /** The share in the middle of what it may be; 1 from the last point on. */
  public double expected(Duration left) {
    return isOver(left) ? 1 : between(left, share);
  }

  /**
   * The share that many standard deviations of its logit from the middle: logistic(logit(middle) +
   * deviation * spread), never below a fiftieth.
   */
  public double at(Duration left, double deviation) {
    return at(left, new double[] {deviation})[0];
  }

  /** The share at each of many deviations. */
  double[] at(Duration left, double[] deviations) {
    double[] shares = new double[deviations.length];
    double middle = expected(left);
    double logit = middle >= 1 ? Double.POSITIVE_INFINITY : logit(middle);
    double spreadThen = middle >= 1 ? 0 : between(left, spread);
    for (int draw = 0; draw < shares.length; draw++) {
      shares[draw] =
          FastMath.max(SHARE_MIN, 1 / (1 + FastMath.exp(-logit - deviations[draw] * spreadThen)));
    }
    return shares;
  }

  static double logit(double share) {
    return FastMath.log(share / (1 - share));
  }

  private boolean isOver(Duration left) {
    return hours(left) < hoursLeft.getLast();
  }

  private double between(Duration left, List<Double> values) {
    double hours = hours(left);
    if (hours >= hoursLeft.getFirst()) {
      return values.getFirst();
    }
    for (int point = 1; point < hoursLeft.size(); point++) {
      if (hours >= hoursLeft.get(point)) {
        double step =
            FastMath.log(hoursLeft.get(point - 1) / hours)
                / FastMath.log(hoursLeft.get(point - 1) / hoursLeft.get(point));
        return values.get(point - 1) + step * (values.get(point) - values.get(point - 1));
      }
    }
    return values.getLast();
  }

  private static double hours(Duration left) {
    return (double) left.toSeconds() / 3600.0;
  }
}

package dev.spike.core.demand;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.hipparchus.util.FastMath;

/**
 * Quantiles of the connections over time. In each draw as many come as in the draws of demand, all
 * earlier or later by one normal time, and the count of each instant is over-dispersed: a negative
 * binomial of variance over mean z, drawn as its continuous limit, the Gamma, by Wilson and
 * Hilferty's cube (The distribution of chi-square, PNAS 17(12) 1931).
 */
final class ConcurrencyFan {
  private final EventCourse course;
  private final double[] totals;
  private final Draws draws;

  /**
   * A fan around a course.
   *
   * @param totals connections of each draw
   */
  ConcurrencyFan(EventCourse course, double[] totals, Draws draws) {
    this.course = course;
    this.totals = totals;
    this.draws = draws;
  }

  List<DemandForecast.ConcurrencyPoint> points(double timingSeconds, double peakedness) {
    double[] early = draws.normal("timing");
    double[] noise = draws.normal("over-dispersion");
    List<DemandForecast.ConcurrencyPoint> points = new ArrayList<>();
    double[] then = new double[totals.length];
    for (long time : course.concurrencyTimes()) {
      for (int draw = 0; draw < then.length; draw++) {
        double share =
            course.planned() == 0
                ? 0
                : shifted((double) time + early[draw] * timingSeconds) / course.planned();
        then[draw] = overDispersed(totals[draw] * share, peakedness, noise[draw]);
      }
      Quantiles quantiles = Draws.quantiles(then);
      Instant at = course.at((double) time);
      points.add(
          new DemandForecast.ConcurrencyPoint(
              at,
              FastMath.round(course.concurrency().at((double) time)),
              quantiles.p50(),
              quantiles.p90(),
              quantiles.p99()));
    }
    return points;
  }

  /** The course at a time; after its last instant it stays as it was, before its first it is 0. */
  private double shifted(double time) {
    return course.concurrency().at(FastMath.min(time, course.concurrency().to()));
  }

  /** The value of a Gamma of that mean, with variance z times the mean, so far from its middle. */
  static double overDispersed(double mean, double peakedness, double deviations) {
    if (mean <= 0) {
      return 0;
    }
    double ninth = peakedness / (9 * mean);
    double root = FastMath.max(0, 1 - ninth + deviations * FastMath.sqrt(ninth));
    return mean * root * root * root;
  }
}

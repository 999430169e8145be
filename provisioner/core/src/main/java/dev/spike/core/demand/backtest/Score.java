package dev.spike.core.demand.backtest;

import org.hipparchus.util.FastMath;

/**
 * How well quantiles fitted what came.
 *
 * @param minutes compared
 * @param p50 at that quantile
 * @param p90 at that quantile
 * @param p99 at that quantile
 */
public record Score(int minutes, Fit p50, Fit p90, Fit p99) {

  /**
   * At one quantile.
   *
   * @param covered the share of minutes that were not above it; right when it is the quantile's own
   * @param pinball the mean loss per minute, in the unit of the recording: of a count y and the
   *     quantile q at probability p, p (y - q) above and (1 - p) (q - y) below (Koenker and
   *     Bassett, Regression quantiles, Econometrica 46(1) 1978)
   */
  public record Fit(double covered, double pinball) {}

  /** The mean of the three losses. */
  public double pinball() {
    return (p50.pinball() + p90.pinball() + p99.pinball()) / 3;
  }

  /** How far the worst of the three coverages is from its quantile, from 0 to 1. */
  public double missed() {
    return FastMath.max(
        FastMath.abs(p50.covered() - 0.5),
        FastMath.max(FastMath.abs(p90.covered() - 0.9), FastMath.abs(p99.covered() - 0.99)));
  }

  /** Adds up minute by minute. */
  static final class Tally {
    private static final double[] PROBABILITIES = {0.5, 0.9, 0.99};

    private final double[] covered = new double[3];
    private final double[] loss = new double[3];
    private int minutes;

    void add(double count, MinuteQuantiles forecast) {
      double[] quantiles = {forecast.p50(), forecast.p90(), forecast.p99()};
      for (int at = 0; at < 3; at++) {
        double above = count - quantiles[at];
        covered[at] += above <= 0 ? 1 : 0;
        loss[at] += above > 0 ? PROBABILITIES[at] * above : (PROBABILITIES[at] - 1) * above;
      }
      minutes++;
    }

    void addAll(Tally other) {
      for (int at = 0; at < 3; at++) {
        covered[at] += other.covered[at];
        loss[at] += other.loss[at];
      }
      minutes += other.minutes;
    }

    int minutes() {
      return minutes;
    }

    Score score() {
      return new Score(minutes, fit(0), fit(1), fit(2));
    }

    private Fit fit(int at) {
      return minutes == 0
          ? new Fit(Double.NaN, Double.NaN)
          : new Fit(covered[at] / minutes, loss[at] / minutes);
    }
  }
}

package dev.spike.core.demand;

import java.time.Duration;
import org.hipparchus.util.FastMath;

/**
 * Arrivals whose number by time t is N / (1 + exp(-(t - t0) / tau)); their rate is N/(4 tau)
 * sech^2((t - t0)/(2 tau)). Times are seconds from the midpoint.
 *
 * @param arrivals N
 * @param tauSeconds tau
 */
public record LogisticRamp(double arrivals, double tauSeconds) {
  private static final double TWO_LN_9 = 2 * FastMath.log(9.0);

  public LogisticRamp {
    if (arrivals < 0 || tauSeconds <= 0) {
      throw new IllegalArgumentException("a ramp of " + arrivals + " with tau " + tauSeconds);
    }
  }

  /** A ramp that goes from 10 % to 90 % in that time: tau = within / (2 ln 9). */
  public static LogisticRamp within(double arrivals, Duration within) {
    return new LogisticRamp(arrivals, within.toMillis() / 1000.0 / TWO_LN_9);
  }

  /** This ramp, or where that is steeper the ramp of as many with that steepest second. */
  LogisticRamp atLeast(double otherPeakPerSecond) {
    return otherPeakPerSecond > peakPerSecond()
        ? new LogisticRamp(arrivals, arrivals / (4 * otherPeakPerSecond))
        : this;
  }

  /** Arrivals in the steepest second: N / (4 tau). */
  public double peakPerSecond() {
    return arrivals / (4 * tauSeconds);
  }

  /** Arrivals per second at a time. */
  public double perSecond(double time) {
    double cosh = FastMath.cosh(FastMath.max(-300, FastMath.min(300, time / (2 * tauSeconds))));
    return peakPerSecond() / (cosh * cosh);
  }

  /** Arrivals up to a time. */
  public double upTo(double time) {
    return arrivals / (1 + FastMath.exp(FastMath.max(-300, FastMath.min(300, -time / tauSeconds))));
  }
}

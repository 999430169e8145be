package dev.spike.core.demand;

import org.hipparchus.util.FastMath;

/**
 * The arrivals that a recorded curve of connections tells of: m'(t) + m(t) / mean stay, and never
 * less than none. With exponential stays that is exact (Mt/M/infinity); else it is near.
 */
final class RecordedArrivals implements ArrivalCurve {
  private final double from;
  private final double step;
  private final double[] rates;

  /**
   * Arrivals.
   *
   * @param from its first instant, seconds from the event's start
   * @param step between its values
   * @param rates arrivals per second, each for one step
   */
  RecordedArrivals(double from, double step, double[] rates) {
    this.from = from;
    this.step = step;
    this.rates = rates;
  }

  static RecordedArrivals of(ConcurrencyCurve curve, double meanStaySeconds) {
    double[] values = curve.values();
    double[] rates = new double[values.length - 1];
    for (int index = 0; index < rates.length; index++) {
      double slope = (values[index + 1] - values[index]) / curve.step();
      double leaving = (values[index + 1] + values[index]) / 2 / meanStaySeconds;
      rates[index] = FastMath.max(0, slope + leaving);
    }
    return new RecordedArrivals(curve.from(), curve.step(), rates);
  }

  @Override
  public double perSecond(double time) {
    double index = FastMath.floor((time - from) / step);
    return index < 0 || index >= rates.length ? 0 : rates[(int) index];
  }

  @Override
  public double between(double start, double end) {
    double arrivals = 0;
    for (int index = 0; index < rates.length; index++) {
      double low = FastMath.max(start, from + index * step);
      double high = FastMath.min(end, from + (index + 1) * step);
      arrivals += rates[index] * FastMath.max(0, high - low);
    }
    return arrivals;
  }

  @Override
  public double peakPerSecond() {
    double peak = 0;
    for (double rate : rates) {
      peak = FastMath.max(peak, rate);
    }
    return peak;
  }

  @Override
  public RecordedArrivals times(double factor) {
    double[] scaled = rates.clone();
    for (int index = 0; index < scaled.length; index++) {
      scaled[index] *= factor;
    }
    return new RecordedArrivals(from, step, scaled);
  }
}

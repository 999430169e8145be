package dev.spike.core.demand;

import org.hipparchus.util.FastMath;

/**
 * Expected connections over time by Mt/G/infinity: m(t) = integral of lambda(u) P(stay > t - u) du
 * (Eick, Massey and Whitt, The physics of the Mt/G/infinity queue, Operations Research 41(4) 1993).
 * The integral is a sum over cells whose arrivals are exact, so that a ramp steeper than a cell
 * loses nobody. Nobody is there before its first instant.
 */
final class ConcurrencyCurve {
  private static final int CELLS = 2000;

  private final double from;
  private final double step;
  private final double[] values;

  /**
   * A curve.
   *
   * @param from its first instant, seconds from the event's start
   * @param step between its values
   * @param values connections, from {@code from} on
   */
  ConcurrencyCurve(double from, double step, double[] values) {
    this.from = from;
    this.step = step;
    this.values = values;
  }

  double from() {
    return from;
  }

  double step() {
    return step;
  }

  double[] values() {
    return values;
  }

  /** The connections that arrivals make of themselves between two times. */
  static ConcurrencyCurve of(ArrivalCurve arrivals, Stay stay, double from, double to) {
    double step = (to - from) / CELLS;
    double[] own = new double[CELLS + 1];
    double[] afterEnd = new double[CELLS + 1];
    double[] count = new double[CELLS];
    for (int cell = 0; cell < CELLS; cell++) {
      double age = (cell + 0.5) * step;
      own[cell] = stay.own(age);
      afterEnd[cell] = stay.afterEnd(age);
      count[cell] = arrivals.between(from + cell * step, from + (cell + 1) * step);
    }
    double[] values = new double[CELLS + 1];
    for (int at = 1; at <= CELLS; at++) {
      values[at] = present(at, count, own, afterEnd, stay, from, step);
    }
    return new ConcurrencyCurve(from, step, values);
  }

  private static double present(
      int at,
      double[] count,
      double[] own,
      double[] afterEnd,
      Stay stay,
      double from,
      double step) {
    double before = 0;
    double after = 0;
    for (int cell = 0; cell < at; cell++) {
      int age = at - cell - 1;
      if (from + (cell + 0.5) * step < stay.endSeconds()) {
        before += count[cell] * own[age];
      } else {
        after += count[cell] * own[age] * afterEnd[age];
      }
    }
    return before * stay.afterEnd(from + at * step - stay.endSeconds()) + after;
  }

  /** Its last instant. */
  double to() {
    return from + step * (values.length - 1);
  }

  /** The instant of its maximum. */
  double peakTime() {
    int largest = 0;
    for (int index = 1; index < values.length; index++) {
      largest = values[index] > values[largest] ? index : largest;
    }
    return from + largest * step;
  }

  /** How far it has risen and fallen since its first instant, added up. */
  ConcurrencyCurve moved() {
    double[] moved = new double[values.length];
    for (int index = 1; index < values.length; index++) {
      moved[index] = moved[index - 1] + FastMath.abs(values[index] - values[index - 1]);
    }
    return new ConcurrencyCurve(from, step, moved);
  }

  /** This curve times a factor. */
  ConcurrencyCurve times(double factor) {
    double[] scaled = values.clone();
    for (int index = 0; index < scaled.length; index++) {
      scaled[index] *= factor;
    }
    return new ConcurrencyCurve(from, step, scaled);
  }

  /** Connections at a time, 0 outside of the curve. */
  double at(double time) {
    double position = (time - from) / step;
    if (position < 0 || position > values.length - 1) {
      return 0;
    }
    int below = (int) FastMath.min(values.length - 2, FastMath.floor(position));
    double part = position - below;
    return values[below] * (1 - part) + values[below + 1] * part;
  }

  /** The largest factor on this curve's connections under which it and the other stay below. */
  double largestFactor(ConcurrencyCurve other, double connections) {
    double factor = Double.POSITIVE_INFINITY;
    for (int index = 0; index < values.length; index++) {
      if (values[index] > 0) {
        factor = FastMath.min(factor, (connections - other.values[index]) / values[index]);
      }
    }
    return Double.isInfinite(factor) ? 0 : FastMath.max(0, factor);
  }

  /** This curve times a factor, and the other. */
  ConcurrencyCurve plus(double factor, ConcurrencyCurve other) {
    double[] sum = new double[values.length];
    for (int index = 0; index < sum.length; index++) {
      sum[index] = values[index] * factor + other.values[index];
    }
    return new ConcurrencyCurve(from, step, sum);
  }
}

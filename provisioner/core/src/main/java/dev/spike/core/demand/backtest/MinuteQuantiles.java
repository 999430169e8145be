package dev.spike.core.demand.backtest;

/** What a minute's count is forecast to stay below: in half, nine and 99 of a hundred cases. */
public record MinuteQuantiles(double p50, double p90, double p99) {
  public MinuteQuantiles {
    if (!(p50 <= p90 && p90 <= p99)) {
      throw new IllegalArgumentException("quantiles must rise: " + p50 + ", " + p90 + ", " + p99);
    }
  }

  /** One number for all three, as of one who is sure. */
  static MinuteQuantiles point(double count) {
    return new MinuteQuantiles(count, count, count);
  }
}

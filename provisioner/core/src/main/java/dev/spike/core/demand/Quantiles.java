package dev.spike.core.demand;

/** Three quantiles of a count; {@code p99} is exceeded in one draw out of a hundred. */
public record Quantiles(long p50, long p90, long p99) {
  public Quantiles {
    if (p50 < 0 || p90 < p50 || p99 < p90) {
      throw new IllegalArgumentException(
          "quantiles must rise from 0: " + p50 + ", " + p90 + ", " + p99);
    }
  }

  /** The quantile of that name: p50, p90 or p99. */
  public long at(String confidence) {
    return switch (confidence) {
      case "p50" -> p50;
      case "p90" -> p90;
      case "p99" -> p99;
      default -> throw new IllegalArgumentException("'" + confidence + "' is not p50, p90 or p99");
    };
  }
}

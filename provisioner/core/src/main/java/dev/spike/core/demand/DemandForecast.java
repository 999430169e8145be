package dev.spike.core.demand;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How many connections come, and when. All counts are those of the full event, unless they say
 * scaled.
 *
 * @param connections most at one time
 * @param confidence the quantile the plan covers, such as {@code p99}
 * @param planned that quantile
 * @param scale what the planned number is multiplied with for the tier that is built; 1 is all
 * @param scaled planned times scale, the connections the tier is built for
 * @param rampTauSeconds of the logistic ramp: 10 % to 90 % take 2 ln 9 of it
 * @param arrivalPeakPerSecond the ramp's steepest second, planned / (4 tau)
 * @param scaledArrivalPeakPerSecond that times scale
 * @param concurrency the expected curve around the event, its maximum is the planned number
 * @param surgeFactor planned over the ordinary day's connections, where those are known
 */
public record DemandForecast(
    Quantiles connections,
    String confidence,
    long planned,
    double scale,
    long scaled,
    double rampTauSeconds,
    double arrivalPeakPerSecond,
    double scaledArrivalPeakPerSecond,
    List<ConcurrencyPoint> concurrency,
    @Nullable Double surgeFactor,
    List<ProductDemand> products) {
  public DemandForecast {
    concurrency = List.copyOf(concurrency);
    products = List.copyOf(products);
  }

  /** Expected connections at one instant. */
  public record ConcurrencyPoint(Instant at, long connections) {}

  /**
   * One product's share.
   *
   * @param sold tickets up to the instant of the plan
   */
  public record ProductDemand(
      String product, long sold, Quantiles finalSales, Quantiles connections) {}
}

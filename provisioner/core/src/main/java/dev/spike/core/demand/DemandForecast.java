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
 * @param rampTauSeconds of the steep ramp that capacity is planned for, at least as steep as the
 *     expected arrivals: 10 % to 90 % take 2 ln 9 of it
 * @param arrivalPeakPerSecond that ramp's steepest second, planned / (4 tau)
 * @param scaledArrivalPeakPerSecond that times scale
 * @param concurrency the expected curve around the event, its maximum is the planned number
 * @param surgeFactor planned over the ordinary day's connections, where those are known
 * @param surgePercent the same in percent: 400 times the ordinary day is 40,000 %
 * @param sales tickets of all products from the first sale to the start, at most 120 points
 * @param ramps the expected arrivals, part by part; empty where a recorded curve is the model
 * @param arrivals their rate, at most 240 points, denser where it is steep
 * @param mixturePeakPerSecond the largest rate of the expected arrivals
 * @param peakedness variance over mean of arrivals
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
    @Nullable Double surgePercent,
    List<ProductDemand> products,
    List<SalesPoint> sales,
    List<RampShare> ramps,
    List<ArrivalPoint> arrivals,
    double mixturePeakPerSecond,
    double peakedness) {
  public DemandForecast {
    concurrency = List.copyOf(concurrency);
    products = List.copyOf(products);
    sales = List.copyOf(sales);
    ramps = List.copyOf(ramps);
    arrivals = List.copyOf(arrivals);
  }

  /**
   * Connections at one instant.
   *
   * @param connections expected, where the planned number comes
   * @param p50 over all draws of how many come and how early, with over-dispersion
   */
  public record ConcurrencyPoint(Instant at, long connections, long p50, long p90, long p99) {}

  /**
   * Tickets of all products sold by an instant.
   *
   * @param sold counted; null after the plan's instant
   */
  public record SalesPoint(Instant at, @Nullable Long sold, long p50, long p90, long p99) {}

  /**
   * One logistic ramp of the expected arrivals.
   *
   * @param connections that arrive in it
   * @param at its midpoint, its steepest second
   */
  public record RampShare(String name, long connections, double tauSeconds, Instant at) {}

  /** Expected arrivals per second at an instant, where the planned number comes. */
  public record ArrivalPoint(Instant at, double perSecond) {}

  /**
   * One product's share.
   *
   * @param sold tickets up to the instant of the plan
   */
  public record ProductDemand(
      String product, long sold, Quantiles finalSales, Quantiles connections) {}
}

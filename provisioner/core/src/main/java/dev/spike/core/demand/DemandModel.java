package dev.spike.core.demand;

import dev.spike.core.spec.EventSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.hipparchus.util.FastMath;

/**
 * Connections N = sum over products of (final sales x show rate x connections per ticket) x
 * uninvited factor, and besides whoever comes at all times ({@code demand.arrivals.base}). Pure:
 * the same inputs and seed give the same numbers on every machine, because all of its mathematics
 * is Hipparchus' own.
 *
 * @param products what is sold, by name
 * @param sales tickets up to {@code asOf}, by product and epoch minute
 * @param recorded the curve that {@code demand.arrivals} names, where it names one
 */
public record DemandModel(
    EventSpec.Event event,
    EventSpec.Demand demand,
    SortedMap<String, EventSpec.Product> products,
    SortedMap<String, SortedMap<Long, Long>> sales,
    PickUp pickUp,
    Optional<RecordedCurve> recorded,
    Instant asOf) {

  /** Variance over mean of recorded arrivals, the middle of 10 to 34. */
  public static final double PEAKEDNESS = 20;

  /**
   * How much earlier or later than expected the crowd comes: the standard deviation of midpoints of
   * 4 to 11 minutes after kick-off, read as the middle 80 %.
   */
  public static final double TIMING_SECONDS = 7 * 60 / 2.563;

  /**
   * Every input at one value.
   *
   * @param pickUp how many standard deviations of its logit the share of final sales reached is
   *     above its middle, by product; absent is 0
   */
  public record Middle(SortedMap<String, Double> pickUp, double uninvited) {}

  /** The time from the instant of the plan to the start. */
  public Duration left() {
    return Duration.between(asOf, event.startsAt());
  }

  /**
   * The forecast.
   *
   * @param count of draws of the Monte Carlo
   * @param scale of the tier that is built
   */
  public DemandForecast forecast(long seed, int count, double scale) {
    Draws draws = new Draws(seed, count);
    SalesForecast sold = sold();
    double[] deviations = draws.normal("pick-up");
    double[] uninvited = draws.of("uninvited", demand.uninvited());
    double[] total = new double[count];
    Arrays.fill(total, EventCourse.mostOfBase(event, demand.arrivals()));
    List<DemandForecast.ProductDemand> byProduct = new ArrayList<>();
    for (String name : products.keySet()) {
      EventSpec.Product kind = product(name);
      double[] finalSales = sold.finalSales(name, deviations);
      double[] connections =
          connections(
              finalSales,
              draws.of(name + "/show", kind.showRate()),
              draws.of(name + "/each", kind.connectionsPerTicket()),
              uninvited);
      for (int draw = 0; draw < count; draw++) {
        total[draw] += connections[draw];
      }
      byProduct.add(
          new DemandForecast.ProductDemand(
              name, sold.sold(name), Draws.quantiles(finalSales), Draws.quantiles(connections)));
    }
    return forecast(draws, total, byProduct, sold.series(deviations), scale);
  }

  private static double[] connections(
      double[] sales, double[] show, double[] each, double[] uninvited) {
    double[] connections = new double[sales.length];
    for (int draw = 0; draw < connections.length; draw++) {
      connections[draw] = sales[draw] * show[draw] * each[draw] * uninvited[draw];
    }
    return connections;
  }

  private DemandForecast forecast(
      Draws draws,
      double[] total,
      List<DemandForecast.ProductDemand> byProduct,
      List<DemandForecast.SalesPoint> sales,
      double scale) {
    Quantiles connections = Draws.quantiles(total);
    long planned = connections.at(demand.confidence());
    EventCourse course = course(planned);
    LogisticRamp ramp = ramp(course);
    Optional<Double> surge = demand.baseline().map(ordinary -> (double) planned / ordinary);
    return new DemandForecast(
        connections,
        demand.confidence(),
        planned,
        scale,
        (long) FastMath.ceil((double) planned * scale),
        Draws.rounded(ramp.tauSeconds()),
        Draws.rounded(ramp.peakPerSecond()),
        Draws.rounded(ramp.peakPerSecond() * scale),
        new ConcurrencyFan(course, total, draws).points(TIMING_SECONDS, PEAKEDNESS),
        surge.map(Draws::rounded).orElse(null),
        surge.map(factor -> Draws.rounded(factor * 100)).orElse(null),
        byProduct,
        sales,
        course.ramps(),
        course.arrivalPoints(),
        Draws.rounded(course.arrivals().peakPerSecond()),
        PEAKEDNESS);
  }

  /**
   * The ramp that capacity is planned for: all connections within {@code demand.arrivals.within},
   * or as steep as the expected arrivals are where these are steeper.
   */
  public LogisticRamp ramp(long planned) {
    return ramp(course(planned));
  }

  private LogisticRamp ramp(EventCourse course) {
    return LogisticRamp.within(course.planned(), demand.within())
        .atLeast(course.arrivals().peakPerSecond());
  }

  private EventCourse course(long planned) {
    return EventCourse.of(event, demand.arrivals(), recorded, (double) planned);
  }

  private SalesForecast sold() {
    return new SalesForecast(event.startsAt(), asOf, products, sales, pickUp);
  }

  /** Expected connections with every input at its middle; for moving one input at a time. */
  public double expected(Middle middle) {
    SalesForecast sold = sold();
    double total = 0;
    for (String name : products.keySet()) {
      EventSpec.Product kind = product(name);
      total +=
          sold.finalSales(name, middle.pickUp().getOrDefault(name, 0.0))[0]
              * kind.showRate().mean()
              * kind.connectionsPerTicket().mean();
    }
    return total * middle.uninvited() + EventCourse.mostOfBase(event, demand.arrivals());
  }

  /** A product's final sales when sales are so many standard deviations earlier than expected. */
  public double finalSales(String product, double deviation) {
    return sold().finalSales(product, deviation)[0];
  }

  /** Every input's middle. */
  public Middle middle() {
    return new Middle(new TreeMap<>(), demand.uninvited().mean());
  }

  /** The same model with one product's inputs replaced. */
  public DemandModel with(String name, EventSpec.Product product) {
    SortedMap<String, EventSpec.Product> changed = new TreeMap<>(products);
    changed.put(name, product);
    return new DemandModel(event, demand, changed, sales, pickUp, recorded, asOf);
  }

  private EventSpec.Product product(String name) {
    EventSpec.Product product = products.get(name);
    if (product == null) {
      throw new IllegalArgumentException("no product '" + name + "'");
    }
    return product;
  }
}

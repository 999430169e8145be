package dev.spike.core.demand;

import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.function.ToDoubleFunction;
import org.hipparchus.random.RandomDataGenerator;
import org.hipparchus.util.FastMath;

/**
 * Connections N = sum over products of (final sales x show rate x connections per ticket) x
 * uninvited factor. Pure: the same inputs and seed give the same numbers on every machine, because
 * all of its mathematics is Hipparchus' own.
 *
 * @param products what is sold, by name
 * @param sold tickets up to {@code asOf}, by name
 */
public record DemandModel(
    EventSpec.Event event,
    EventSpec.Demand demand,
    SortedMap<String, EventSpec.Product> products,
    SortedMap<String, Long> sold,
    PickUpCurve pickUp,
    Instant asOf) {

  /** The middle of every input, from which single inputs are moved. */
  public record Middle(double pickUpShare, double uninvited) {}

  private Duration left() {
    return Duration.between(asOf, event.startsAt());
  }

  /**
   * The forecast.
   *
   * @param draws of the Monte Carlo
   * @param scale of the tier that is built
   */
  public DemandForecast forecast(long seed, int draws, double scale) {
    List<String> names = List.copyOf(products.keySet());
    double[][] sales = new double[names.size()][draws];
    double[][] connections = new double[names.size()][draws];
    double[] total = new double[draws];
    double[] shares = draws(seed, "pick-up", draws, random -> pickUp.draw(left(), random));
    double[] uninvited =
        draws(seed, "uninvited", draws, random -> draw(demand.uninvited(), random));
    for (int product = 0; product < names.size(); product++) {
      String name = names.get(product);
      EventSpec.Product kind = product(name);
      double[] show = draws(seed, name + "/show", draws, random -> draw(kind.showRate(), random));
      double[] each =
          draws(seed, name + "/each", draws, random -> draw(kind.connectionsPerTicket(), random));
      for (int draw = 0; draw < draws; draw++) {
        sales[product][draw] = finalSales(name, shares[draw]);
        connections[product][draw] =
            sales[product][draw] * show[draw] * each[draw] * uninvited[draw];
        total[draw] += connections[product][draw];
      }
    }
    List<DemandForecast.ProductDemand> byProduct = new ArrayList<>();
    for (int product = 0; product < names.size(); product++) {
      byProduct.add(
          new DemandForecast.ProductDemand(
              names.get(product),
              sold(names.get(product)),
              quantiles(sales[product]),
              quantiles(connections[product])));
    }
    return forecast(quantiles(total), byProduct, scale);
  }

  private DemandForecast forecast(
      Quantiles connections, List<DemandForecast.ProductDemand> byProduct, double scale) {
    long planned = connections.at(demand.confidence());
    LogisticRamp ramp = LogisticRamp.within((double) planned, demand.within());
    return new DemandForecast(
        connections,
        demand.confidence(),
        planned,
        scale,
        (long) FastMath.ceil((double) planned * scale),
        rounded(ramp.tauSeconds()),
        rounded(ramp.peakPerSecond()),
        rounded(ramp.peakPerSecond() * scale),
        new ConcurrencyCurve(event, demand.within(), demand.endSurge(), planned).points(),
        demand.baseline().map(ordinary -> rounded((double) planned / ordinary)).orElse(null),
        byProduct);
  }

  /** Expected connections with every input at its middle; for moving one input at a time. */
  public double expected(Middle middle) {
    double total = 0;
    for (String name : products.keySet()) {
      EventSpec.Product kind = product(name);
      total +=
          finalSales(name, middle.pickUpShare())
              * kind.showRate().mean()
              * kind.connectionsPerTicket().mean();
    }
    return total * middle.uninvited();
  }

  /** Every input's middle. */
  public Middle middle() {
    return new Middle(pickUp.expected(left()), demand.uninvited().mean());
  }

  /** The same model with one product's inputs replaced. */
  public DemandModel with(String name, EventSpec.Product product) {
    SortedMap<String, EventSpec.Product> changed = new java.util.TreeMap<>(products);
    changed.put(name, product);
    return new DemandModel(event, demand, changed, sold, pickUp, asOf);
  }

  private EventSpec.Product product(String name) {
    EventSpec.Product product = products.get(name);
    if (product == null) {
      throw new IllegalArgumentException("no product '" + name + "'");
    }
    return product;
  }

  private long sold(String name) {
    return sold.getOrDefault(name, 0L);
  }

  /** Sold over the share reached, never above the capacity, never below what is sold. */
  private double finalSales(String name, double share) {
    double grown = sold(name) / share;
    double bounded = FastMath.min(grown, (double) product(name).capacity().orElse(Long.MAX_VALUE));
    return FastMath.rint(FastMath.max(bounded, (double) sold(name)));
  }

  /** Each input has its own stream of numbers, so that adding a product leaves others' draws. */
  private static double[] draws(
      long seed, String input, int count, ToDoubleFunction<RandomDataGenerator> draw) {
    RandomDataGenerator random =
        new RandomDataGenerator(seed * 0x9E3779B97F4A7C15L + input.hashCode());
    double[] values = new double[count];
    for (int index = 0; index < count; index++) {
      values[index] = draw.applyAsDouble(random);
    }
    return values;
  }

  /** One draw of a quantity. */
  static double draw(Quantity quantity, RandomDataGenerator random) {
    return switch (quantity) {
      case Quantity.Exact exact -> exact.mean();
      case Quantity.Share share ->
          random.nextBeta(share.mean() * share.weight(), (1 - share.mean()) * share.weight());
      case Quantity.Factor factor -> {
        double variance = FastMath.log1p(factor.cv() * factor.cv());
        // Not nextLogNormal: it takes the spread first and refuses a mean below 1.
        double middle = FastMath.log(factor.mean()) - variance / 2;
        yield FastMath.exp(random.nextNormal(middle, FastMath.sqrt(variance)));
      }
    };
  }

  /** The nearest ranks, rounded up to whole numbers. */
  static Quantiles quantiles(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Quantiles(rank(sorted, 50), rank(sorted, 90), rank(sorted, 99));
  }

  private static long rank(double[] sorted, int percent) {
    int index = (int) FastMath.ceil(sorted.length * (percent / 100.0)) - 1;
    return (long) FastMath.ceil(sorted[FastMath.max(0, index)] - 1e-6);
  }

  /** Four digits after the point are more than any of this is known to. */
  static double rounded(double value) {
    return FastMath.rint(value * 1e4) / 1e4;
  }
}

package dev.spike.core.demand;

import dev.spike.core.spec.EventSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.hipparchus.util.FastMath;

/**
 * Final sales: what is sold over the share of final sales that is reached, never above the capacity
 * and never below what is sold. All products are early or late together, because what makes sales
 * late is the event's and not the product's.
 */
final class SalesForecast {
  private static final int POINTS = 59;

  private final Instant startsAt;
  private final Instant asOf;
  private final SortedMap<String, EventSpec.Product> products;
  private final SortedMap<String, SortedMap<Long, Long>> sales;
  private final PickUp pickUp;
  private final SortedMap<String, Long> sold = new TreeMap<>();

  /**
   * A forecast.
   *
   * @param sales by product and epoch minute, up to {@code asOf}
   */
  SalesForecast(
      Instant startsAt,
      Instant asOf,
      SortedMap<String, EventSpec.Product> products,
      SortedMap<String, SortedMap<Long, Long>> sales,
      PickUp pickUp) {
    this.startsAt = startsAt;
    this.asOf = asOf;
    this.products = products;
    this.sales = sales;
    this.pickUp = pickUp;
    products.keySet().forEach(product -> sold.put(product, soldSoFar(product)));
  }

  private long soldSoFar(String product) {
    SortedMap<Long, Long> minutes = sales.get(product);
    return minutes == null ? 0 : minutes.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Tickets of a product up to the instant of the plan. */
  long sold(String product) {
    return sold.getOrDefault(product, 0L);
  }

  /** Final sales when sales are so many standard deviations earlier than in the middle. */
  double[] finalSales(String product, double... deviations) {
    return soldBy(product, growth(pickUp.of(product), Duration.ZERO, deviations));
  }

  private double[] soldBy(String product, double[] growth) {
    double soFar = (double) sold(product);
    EventSpec.Product kind = products.get(product);
    double capacity =
        kind == null ? Double.MAX_VALUE : (double) kind.capacity().orElse(Long.MAX_VALUE);
    double[] then = new double[growth.length];
    for (int draw = 0; draw < then.length; draw++) {
      then[draw] = FastMath.rint(FastMath.max(soFar, FastMath.min(capacity, soFar * growth[draw])));
    }
    return then;
  }

  /** Sales when so much time is left over sales at the instant of the plan. */
  private double[] growth(PickUpCurve curve, Duration leftThen, double[] deviations) {
    double[] now = curve.at(Duration.between(asOf, startsAt), deviations);
    double[] growth = curve.at(leftThen, deviations);
    for (int draw = 0; draw < growth.length; draw++) {
      growth[draw] /= now[draw];
    }
    return growth;
  }

  /**
   * From the first sale to the start: what was sold, then what will be. In no draw a ticket that is
   * sold is taken back, though the curve's spread falls as the start comes near.
   */
  List<DemandForecast.SalesPoint> series(double[] deviations) {
    List<DemandForecast.SalesPoint> points = new ArrayList<>(past());
    double leftSeconds = (double) Duration.between(asOf, startsAt).toSeconds();
    TreeSet<Instant> instants = new TreeSet<>();
    for (int point = 1; point <= POINTS; point++) {
      double part = 1 - (double) point / POINTS;
      instants.add(startsAt.minusSeconds(FastMath.round(leftSeconds * part * part)));
    }
    double[] last = total(Duration.ZERO, deviations);
    double[] before = new double[deviations.length];
    for (Instant at : instants.tailSet(asOf, false)) {
      double[] then = total(Duration.between(at, startsAt), deviations);
      for (int draw = 0; draw < then.length; draw++) {
        before[draw] = FastMath.max(before[draw], then[draw]);
        then[draw] = FastMath.min(before[draw], last[draw]);
      }
      Quantiles quantiles = Draws.quantiles(then);
      points.add(
          new DemandForecast.SalesPoint(
              at, null, quantiles.p50(), quantiles.p90(), quantiles.p99()));
    }
    return points;
  }

  private double[] total(Duration leftThen, double[] deviations) {
    double[] total = new double[deviations.length];
    IdentityHashMap<PickUpCurve, double[]> growths = new IdentityHashMap<>();
    for (String product : products.keySet()) {
      double[] growth =
          growths.computeIfAbsent(pickUp.of(product), curve -> growth(curve, leftThen, deviations));
      double[] then = soldBy(product, growth);
      for (int draw = 0; draw < total.length; draw++) {
        total[draw] += then[draw];
      }
    }
    return total;
  }

  private List<DemandForecast.SalesPoint> past() {
    long first =
        sales.values().stream()
            .filter(minutes -> !minutes.isEmpty())
            .mapToLong(minutes -> minutes.firstKey())
            .min()
            .orElse(FastMath.floorDiv(asOf.getEpochSecond(), 60L));
    double span = (double) FastMath.max(60, asOf.getEpochSecond() - first * 60);
    long[] binned = new long[POINTS + 1];
    for (SortedMap<Long, Long> minutes : sales.values()) {
      minutes.forEach(
          (minute, count) -> {
            double part = (double) (minute - first) * 60 / span;
            binned[(int) FastMath.min(POINTS, FastMath.ceil(part * POINTS))] += count;
          });
    }
    List<DemandForecast.SalesPoint> points = new ArrayList<>();
    long all = 0;
    for (int point = 0; point <= POINTS; point++) {
      all += binned[point];
      Instant at = Instant.ofEpochSecond(first * 60 + FastMath.round(span * point / POINTS));
      points.add(new DemandForecast.SalesPoint(at, all, all, all, all));
    }
    return points;
  }
}

package dev.spike.core.demand;

import dev.spike.core.sales.PastEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.hipparchus.util.FastMath;

/**
 * Learns how sales pick up from events that are over. At each lead time the logit of the share that
 * an event had reached is one observation of a normal whose mean and variance are not known; what
 * was believed before is the conjugate prior, worth one event for the mean and two for the variance
 * (Gelman et al., Bayesian Data Analysis, 3.3). So one past event moves the curve half the way, and
 * the spread is that over events as soon as there are some.
 */
final class PickUpLearning {
  /** An event, or a product of one, that sold fewer says nothing of the usual course. */
  static final long TICKETS_MIN = 100;

  /** Events that the prior's mean is worth. */
  private static final double MEAN_WEIGHT = 1;

  /** Events that the prior's variance is worth. */
  private static final double VARIANCE_WEIGHT = 2;

  /** The nearest to none or all that a share is taken for. */
  private static final double SHARE_MARGIN = 0.001;

  private PickUpLearning() {}

  /** The course of all products together, and of each that a past event had, too. */
  static PickUp of(PickUp prior, List<PastEvent> past) {
    List<PastEvent> used = past.stream().filter(event -> isTold(whole(event), event)).toList();
    if (used.isEmpty()) {
      return prior;
    }
    List<List<Double>> shares = new ArrayList<>();
    TreeSet<String> products = new TreeSet<>();
    for (PastEvent event : used) {
      shares.add(shares(prior.pooled(), whole(event), event.startsAt()));
      products.addAll(event.sales().byProduct().keySet());
    }
    PickUpCurve pooled = blended(prior.pooled(), shares);
    SortedMap<String, PickUpCurve> byProduct = new TreeMap<>();
    for (String product : products) {
      List<List<Double>> ofProduct = new ArrayList<>();
      for (PastEvent event : used) {
        SortedMap<Long, Long> sales = event.sales().byProduct().get(product);
        if (sales != null && isTold(sales, event)) {
          ofProduct.add(shares(prior.pooled(), sales, event.startsAt()));
        }
      }
      if (!ofProduct.isEmpty()) {
        byProduct.put(product, blended(pooled, ofProduct));
      }
    }
    return new PickUp(pooled, byProduct, used.stream().map(PastEvent::name).toList());
  }

  private static SortedMap<Long, Long> whole(PastEvent event) {
    SortedMap<Long, Long> whole = new TreeMap<>();
    event
        .sales()
        .byProduct()
        .values()
        .forEach(
            minutes -> minutes.forEach((minute, count) -> whole.merge(minute, count, Long::sum)));
    return whole;
  }

  private static boolean isTold(SortedMap<Long, Long> sales, PastEvent event) {
    return sold(sales, event.startsAt()) >= TICKETS_MIN;
  }

  /** Tickets sold in the minutes before an instant. */
  private static long sold(SortedMap<Long, Long> sales, Instant until) {
    return sales.headMap(FastMath.floorDiv(until.getEpochSecond(), 60L)).values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  /**
   * The share of the sales before the start that was reached at each of the curve's points; NaN
   * where the sale had not begun.
   */
  private static List<Double> shares(
      PickUpCurve curve, SortedMap<Long, Long> sales, Instant startsAt) {
    double all = (double) sold(sales, startsAt);
    List<Double> shares = new ArrayList<>();
    for (double hours : curve.hoursLeft()) {
      double then = (double) sold(sales, startsAt.minusSeconds(FastMath.round(hours * 3600)));
      shares.add(then == 0 ? Double.NaN : then / all);
    }
    return shares;
  }

  private static PickUpCurve blended(PickUpCurve prior, List<List<Double>> events) {
    List<Double> share = new ArrayList<>();
    List<Double> spread = new ArrayList<>();
    double most = 1;
    for (int point = prior.hoursLeft().size() - 1; point >= 0; point--) {
      List<Double> logits = new ArrayList<>();
      for (List<Double> event : events) {
        if (!Double.isNaN(event.get(point))) {
          logits.add(logit(event.get(point)));
        }
      }
      double believed = prior.share().get(point);
      Blend blend = Blend.of(logit(believed), prior.spread().get(point), logits);
      double middle = logits.isEmpty() ? believed : 1 / (1 + FastMath.exp(-blend.mean()));
      // Events whose sale had not begun are missing from the first points; the course still rises.
      most = FastMath.min(most, middle);
      share.addFirst(most);
      spread.addFirst(blend.deviation());
    }
    return new PickUpCurve(prior.hoursLeft(), share, spread);
  }

  private static double logit(double share) {
    return PickUpCurve.logit(FastMath.max(SHARE_MARGIN, FastMath.min(1 - SHARE_MARGIN, share)));
  }

  /**
   * What is believed of the next event.
   *
   * @param deviation the predictive one; without observations that of the prior
   */
  record Blend(double mean, double deviation) {
    static Blend of(double priorMean, double priorDeviation, List<Double> observed) {
      int count = observed.size();
      double mean = observed.stream().mapToDouble(Double::doubleValue).average().orElse(priorMean);
      double squares = 0;
      for (double one : observed) {
        squares += (one - mean) * (one - mean);
      }
      double weight = MEAN_WEIGHT + count;
      double surprise = MEAN_WEIGHT * count / weight * (mean - priorMean) * (mean - priorMean);
      double variance =
          (VARIANCE_WEIGHT * priorDeviation * priorDeviation + squares + surprise)
              / (VARIANCE_WEIGHT + count);
      double predictive = variance * (1 + 1 / weight) / (1 + 1 / MEAN_WEIGHT);
      return new Blend(
          (MEAN_WEIGHT * priorMean + count * mean) / weight, FastMath.sqrt(predictive));
    }
  }
}

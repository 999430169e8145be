package dev.spike.core.demand;

import dev.spike.core.sales.PastEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.hipparchus.util.FastMath;

/**
 * How sales pick up towards the event.
 *
 * @param pooled over all products
 * @param byProduct curves of products that past events had too
 * @param pastEvents names of the events learned from; none is the prior
 */
public record PickUp(
    PickUpCurve pooled, SortedMap<String, PickUpCurve> byProduct, List<String> pastEvents) {
  static final List<Double> HOURS_LEFT =
      List.of(2880.0, 1440.0, 720.0, 336.0, 168.0, 72.0, 48.0, 24.0, 12.0, 2.0, 0.25);
  private static final List<Double> PRIOR_SHARE =
      List.of(0.20, 0.33, 0.43, 0.52, 0.60, 0.70, 0.75, 0.84, 0.91, 0.98, 1.0);

  /** How many observations a share of the prior is worth. */
  private static final double PRIOR_WEIGHT = 30;

  /**
   * Where no past event is given: an on-sale burst, a long tail, and a last rush in which 48 hours
   * bring a quarter of all sales, between the mildest seen and the 40 % that one broadcaster
   * gained.
   */
  public static final PickUp PRIOR =
      new PickUp(
          new PickUpCurve(HOURS_LEFT, PRIOR_SHARE, priorSpread()),
          Collections.unmodifiableSortedMap(new TreeMap<>()),
          List.of());

  public PickUp {
    pastEvents = List.copyOf(pastEvents);
  }

  /**
   * The prior, moved by events that are over: the more of them, the further. Events of fewer than
   * 100 tickets are not learned from.
   */
  public static PickUp learned(List<PastEvent> past) {
    return PickUpLearning.of(PRIOR, past);
  }

  /** The curve of a product. */
  public PickUpCurve of(String product) {
    return byProduct.getOrDefault(product, pooled);
  }

  /** The spread of a logit whose share is known from so many observations, by the delta method. */
  private static List<Double> priorSpread() {
    List<Double> spread = new ArrayList<>();
    for (double share : PRIOR_SHARE) {
      spread.add(share >= 1 ? 0 : 1 / FastMath.sqrt(share * (1 - share) * (PRIOR_WEIGHT + 1)));
    }
    return spread;
  }
}

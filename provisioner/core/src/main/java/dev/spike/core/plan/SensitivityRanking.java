package dev.spike.core.plan;

import dev.spike.core.capacity.CapacityModel;
import dev.spike.core.capacity.Load;
import dev.spike.core.capacity.Zones;
import dev.spike.core.catalog.CacheProfile;
import dev.spike.core.catalog.Figure;
import dev.spike.core.catalog.NodeProfile;
import dev.spike.core.demand.DemandModel;
import dev.spike.core.demand.PickUpCurve;
import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.Quantity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.hipparchus.util.FastMath;

/**
 * Moves one input at a time to its low and high value (the 10 % and 90 % quantiles by the normal
 * approximation where it is uncertain, else half and double), all others at their middle, and ranks
 * the inputs by the nodes this makes of the full event.
 */
final class SensitivityRanking {
  static final double P90 = 1.2816;
  private static final int ENTRIES_MAX = 20;

  private final DemandModel model;
  private final Load load;
  private final NodeProfile node;
  private final CacheProfile cacheNode;
  private final Zones zones;
  private final List<Plan.Sensitivity> entries = new ArrayList<>();

  SensitivityRanking(
      DemandModel model, Load load, NodeProfile node, CacheProfile cacheNode, Zones zones) {
    this.model = model;
    this.load = load;
    this.node = node;
    this.cacheNode = cacheNode;
    this.zones = zones;
  }

  /** The inputs, the most effective first. */
  List<Plan.Sensitivity> ranked() {
    demand();
    behaviour();
    profile();
    return entries.stream()
        .sorted(
            Comparator.comparingDouble(Plan.Sensitivity::effectNodes)
                .reversed()
                .thenComparing(Plan.Sensitivity::input))
        .limit(ENTRIES_MAX)
        .toList();
  }

  private void demand() {
    DemandModel.Middle middle = model.middle();
    if (model.pickUp().pooled().expected(model.left()) < 1) {
      pickUp("share of final sales reached", List.copyOf(model.products().keySet()));
    }
    double[] uninvited = range(model.demand().uninvited());
    add(
        "demand.uninvited",
        number(uninvited[0]),
        number(uninvited[1]),
        loadOf(model, new DemandModel.Middle(middle.pickUp(), uninvited[0])),
        loadOf(model, new DemandModel.Middle(middle.pickUp(), uninvited[1])));
    for (Map.Entry<String, EventSpec.Product> entry : model.products().entrySet()) {
      sales(entry.getKey());
      product(entry.getKey(), entry.getValue(), middle);
    }
  }

  /** Of all products together, which is how they are early or late. */
  private void pickUp(String input, List<String> products) {
    PickUpCurve curve = model.pickUp().pooled();
    add(
        input,
        percent(curve.at(model.left(), -P90)),
        percent(curve.at(model.left(), P90)),
        loadOf(model, moved(products, -P90)),
        loadOf(model, moved(products, P90)));
  }

  /** Of one product, as if it alone were early or late. */
  private void sales(String product) {
    double low = model.finalSales(product, P90);
    double high = model.finalSales(product, -P90);
    if (low < high) {
      add(
          product + " final sales",
          count(low),
          count(high),
          loadOf(model, moved(List.of(product), P90)),
          loadOf(model, moved(List.of(product), -P90)));
    }
  }

  private DemandModel.Middle moved(List<String> products, double deviation) {
    SortedMap<String, Double> pickUp = new TreeMap<>();
    products.forEach(product -> pickUp.put(product, deviation));
    return new DemandModel.Middle(pickUp, model.middle().uninvited());
  }

  private void product(String name, EventSpec.Product product, DemandModel.Middle middle) {
    double[] show = range(product.showRate());
    add(
        name + " showRate",
        percent(show[0]),
        percent(show[1]),
        loadOf(model.with(name, show(product, show[0])), middle),
        loadOf(model.with(name, show(product, show[1])), middle));
    double[] each = range(product.connectionsPerTicket());
    add(
        name + " connectionsPerTicket",
        number(each[0]),
        number(each[1]),
        loadOf(model.with(name, each(product, each[0])), middle),
        loadOf(model.with(name, each(product, each[1])), middle));
  }

  private void behaviour() {
    add(
        "demand.arrivals.within",
        number(load.tauSeconds() * 2.2) + " s",
        number(load.tauSeconds() * 8.8) + " s",
        withTau(load.tauSeconds() / 2),
        withTau(load.tauSeconds() * 2));
    add(
        "clients.reconnectJitter",
        number(load.jitterSeconds() / 2) + " s",
        number(load.jitterSeconds() * 2) + " s",
        withJitter(load.jitterSeconds() / 2),
        withJitter(load.jitterSeconds() * 2));
  }

  private void profile() {
    add("handshakes per node", "-30 %", "+30 %", faster(0.7), faster(1.3));
    add("memory per connection", "-30 %", "+30 %", larger(0.7), larger(1.3));
    add("connection-tracking allowance", "-30 %", "+30 %", tracking(0.7), tracking(1.3));
  }

  private record Sized(double fraction, int nodes) {}

  private void add(String input, String low, String high, Sized atLow, Sized atHigh) {
    double effect = FastMath.abs(atHigh.fraction() - atLow.fraction());
    entries.add(
        new Plan.Sensitivity(
            input, low, high, atLow.nodes(), atHigh.nodes(), FastMath.rint(effect * 1000) / 1000));
  }

  private Sized sized(NodeProfile profile, Load moved) {
    double fraction = new CapacityModel(profile, cacheNode, zones, 1).fractionOfNodes(moved);
    int required = (int) FastMath.max(1, FastMath.ceil(fraction - 1e-9));
    return new Sized(fraction, zones.nodesPerZone(required) * zones.count());
  }

  private Sized loadOf(DemandModel moved, DemandModel.Middle middle) {
    double before = model.expected(model.middle());
    double factor = before == 0 ? 1 : moved.expected(middle) / before;
    return sized(node, load.withConnections(load.connections() * factor));
  }

  private Sized withTau(double tau) {
    return sized(node, load.withTau(tau));
  }

  private Sized withJitter(double jitter) {
    return sized(node, load.withJitter(jitter));
  }

  private Sized faster(double factor) {
    return sized(
        node.times(Figure.FULL_HANDSHAKES_PER_SECOND, factor)
            .times(Figure.RESUMED_HANDSHAKES_PER_SECOND, factor),
        load);
  }

  private Sized larger(double factor) {
    return sized(
        node.times(Figure.KERNEL_BYTES_PER_CONNECTION, factor)
            .times(Figure.RUNTIME_BYTES_PER_CONNECTION, factor),
        load);
  }

  private Sized tracking(double factor) {
    return sized(node.times(Figure.TRACKED_CONNECTIONS, factor), load);
  }

  private static EventSpec.Product show(EventSpec.Product product, double mean) {
    return new EventSpec.Product(
        product.admission(),
        product.capacity(),
        new Quantity.Exact(mean),
        product.connectionsPerTicket());
  }

  private static EventSpec.Product each(EventSpec.Product product, double mean) {
    return new EventSpec.Product(
        product.admission(), product.capacity(), product.showRate(), new Quantity.Exact(mean));
  }

  private static double[] range(Quantity quantity) {
    return switch (quantity) {
      case Quantity.Exact exact -> new double[] {exact.mean(), exact.mean()};
      case Quantity.Share share -> {
        double spread =
            P90 * FastMath.sqrt(share.mean() * (1 - share.mean()) / (share.weight() + 1));
        yield new double[] {
          FastMath.max(0, share.mean() - spread), FastMath.min(1, share.mean() + spread)
        };
      }
      case Quantity.Factor factor -> {
        double sigma = FastMath.sqrt(FastMath.log1p(factor.cv() * factor.cv()));
        yield new double[] {
          factor.mean() * FastMath.exp(-P90 * sigma), factor.mean() * FastMath.exp(P90 * sigma)
        };
      }
    };
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }

  private static String count(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}

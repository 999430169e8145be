package dev.spike.core.plan;

import dev.spike.core.capacity.CapacityModel;
import dev.spike.core.capacity.Load;
import dev.spike.core.capacity.Tier;
import dev.spike.core.capacity.Zones;
import dev.spike.core.catalog.PriceList;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The inputs of two plans, some of the later and the rest of the earlier, and the tier they give by
 * the same functions that made both.
 *
 * <p>The connections of a plan are taken apart as the sum over products of (final sales x show rate
 * x connections per ticket) at their middle, x uninvited x spread; the spread is the planned
 * quantile over that product, so that the parts of one plan give its own connections exactly.
 */
final class MixedInputs {
  private final Plan earlier;
  private final Plan later;
  private final Set<String> exchanged = new HashSet<>();

  MixedInputs(Plan earlier, Plan later) {
    this.earlier = earlier;
    this.later = later;
  }

  /** Takes an input of that name from the later plan from now on. */
  void exchange(String input) {
    exchanged.add(input);
  }

  /** What these inputs give; empty where no tier is large enough, or they do not go together. */
  Optional<PlanDifference.Figures> figures() {
    try {
      long connections = connections();
      Load load = load((double) connections);
      Basis node = source(Input.NODE).basis();
      Tier tier =
          new CapacityModel(
                  node.node(),
                  node.cacheNode(),
                  zones(),
                  source(Input.CACHE_REPLICAS).basis().cacheReplicas())
              .tier(load);
      Plan.Cost cost = Costing.of(tier, terms(load), prices());
      return Optional.of(
          new PlanDifference.Figures(
              sold(source(Input.SALES)), connections, tier.nodes(), cents(cost)));
    } catch (IllegalArgumentException impossible) {
      return Optional.empty();
    }
  }

  static long sold(Plan plan) {
    return plan.demand().products().stream().mapToLong(product -> product.sold()).sum();
  }

  static long cents(Plan.Cost cost) {
    return Math.round(cost.total() * 100);
  }

  /** The planned quantile over the product of all middles. */
  static double spread(Plan plan, String confidence) {
    double middle = new MixedInputs(plan, plan).middle();
    return middle == 0 ? 1 : plan.demand().connections().at(confidence) / middle;
  }

  private long connections() {
    String confidence = source(Input.CONFIDENCE).demand().confidence();
    double planned = middle() * spread(source(Input.SPREAD), confidence);
    return (long) Math.ceil((double) Math.round(planned) * source(Input.SCALE).demand().scale());
  }

  private double middle() {
    Set<String> names = new TreeSet<>(earlier.basis().products().keySet());
    names.addAll(later.basis().products().keySet());
    double sum = 0;
    for (String name : names) {
      long sales =
          source(Input.SALES).demand().products().stream()
              .filter(product -> product.product().equals(name))
              .mapToLong(product -> product.finalSales().p50())
              .sum();
      sum +=
          sales
              * means(name, Input.showRate(name)).showRate()
              * means(name, Input.connectionsPerTicket(name)).connectionsPerTicket();
    }
    return sum * source(Input.UNINVITED).basis().uninvited();
  }

  /** Of a product that only one of the plans has, what that one says. */
  private Basis.TicketMeans means(String product, String input) {
    boolean fromLater = exchanged.contains(input);
    Basis.TicketMeans means = (fromLater ? later : earlier).basis().products().get(product);
    means = means == null ? (fromLater ? earlier : later).basis().products().get(product) : means;
    if (means == null) {
      throw new IllegalArgumentException("neither plan has the product " + product);
    }
    return means;
  }

  private Load load(double connections) {
    return new Load(
        connections,
        load(Input.WITHIN, Load::tauSeconds),
        new Load.Patience(
            load(Input.JITTER, Load::jitterSeconds),
            load(Input.TIMEOUT, load -> load.patience().timeoutSeconds()),
            load(Input.PROMISE, load -> load.patience().promisedSeconds())),
        new Load.Traffic(
            load(Input.HEARTBEAT, Load::heartbeatSeconds),
            load(Input.MESSAGES, Load::messagesPerSecond),
            load(Input.MESSAGE_BYTES, Load::messageBytes),
            load(Input.CHANNELS, load -> load.traffic().channels()),
            load(Input.CHANNELS_PER_CONNECTION, load -> load.traffic().channelsPerConnection()),
            load(Input.ACKNOWLEDGE, load -> load.traffic().acknowledgeSeconds()),
            load(Input.SKIP_MISSED, load -> load.traffic().skipMissed())));
  }

  private <T> T load(String input, Function<Load, T> value) {
    return value.apply(source(input).basis().load());
  }

  private Zones zones() {
    return new Zones(
        source(Input.ZONES).basis().zones().count(),
        source(Input.SURVIVE).basis().zones().survive());
  }

  /** Another node brings its own price; of the same node it is the price list's. */
  private PriceList prices() {
    PriceList prices = source(Input.PRICES).basis().prices();
    return Input.sameNode(earlier, later)
        ? prices
        : prices.withNodeHour(source(Input.NODE).basis().prices().nodeHour());
  }

  private Costing.Terms terms(Load load) {
    Duration event = Input.length(source(Input.EVENT));
    return new Costing.Terms(
        load,
        Input.provisionBefore(source(Input.PROVISION_BEFORE))
            .plus(event)
            .plus(Input.teardownAfter(source(Input.TEARDOWN_AFTER))),
        event,
        Costing.reserved(source(Input.RESERVE_BALANCER).provider().settings(), "balancer"));
  }

  private Plan source(String input) {
    return exchanged.contains(input) ? later : earlier;
  }
}

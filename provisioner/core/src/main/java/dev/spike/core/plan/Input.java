package dev.spike.core.plan;

import dev.spike.core.capacity.Load;
import dev.spike.core.catalog.Figure;
import dev.spike.core.catalog.NodeProfile;
import dev.spike.core.spec.Assumption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * One input in which two plans of an event may differ.
 *
 * @param name its path in the event file, or what it is
 * @param value by which a change is seen
 * @param change from what to what, in words
 */
record Input(
    PlanDifference.Group group,
    String name,
    Function<Plan, Object> value,
    BiFunction<Plan, Plan, String> change) {
  static final String SALES = "ticket sales";
  static final String UNINVITED = "demand.uninvited";
  static final String CONFIDENCE = "demand.confidence";
  static final String WITHIN = "demand.arrivals.within";
  static final String SCALE = "provider.local.scale";
  static final String ZONES = "provider.zones";
  static final String SURVIVE = "service.survive";
  static final String JITTER = "clients.reconnectJitter";
  static final String TIMEOUT = "clients.handshakeTimeout";
  static final String PROMISE = "service.handshakeP99";
  static final String HEARTBEAT = "clients.heartbeat";
  static final String MESSAGES = "service.messages.ratePerSecond";
  static final String MESSAGE_BYTES = "service.messages.bytes";
  static final String CHANNELS = "service.messages.channels";
  static final String CHANNELS_PER_CONNECTION = "service.messages.channelsPerConnection";
  static final String SKIP_MISSED = "service.messages.skipMissed";
  static final String ACKNOWLEDGE = "clients.acknowledgeEvery";
  static final String CACHE_REPLICAS = "service.cacheReplicas";
  static final String EVENT = "event.endsAt";
  static final String PROVISION_BEFORE = "schedule.provisionBefore";
  static final String TEARDOWN_AFTER = "schedule.teardownAfter";
  static final String RESERVE_BALANCER = "provider.aws.reserve.balancer";
  static final String NODE = "node profile";
  static final String PRICES = "prices";
  static final String SPREAD = "spread of the forecast";

  /** 10 % to 90 % of a logistic ramp take 2 ln 9 of its tau. */
  static final double TAUS = 2 * Math.log(9);

  static String showRate(String product) {
    return "tickets.products." + product + ".showRate";
  }

  static String connectionsPerTicket(String product) {
    return "tickets.products." + product + ".connectionsPerTicket";
  }

  /** Every input of two plans, in the order in which they are exchanged. */
  static List<Input> of(Plan earlier, Plan later) {
    List<Input> all = new ArrayList<>();
    all.add(new Input(PlanDifference.Group.SALES, SALES, Input::ticketSales, Input::sales));
    Set<String> products = new TreeSet<>(earlier.basis().products().keySet());
    products.retainAll(later.basis().products().keySet());
    for (String product : products) {
      all.add(file(showRate(product), plan -> means(plan, product).showRate()));
      all.add(
          file(connectionsPerTicket(product), plan -> means(plan, product).connectionsPerTicket()));
    }
    all.add(file(UNINVITED, plan -> plan.basis().uninvited()));
    all.add(file(CONFIDENCE, plan -> plan.demand().confidence()));
    all.add(ofLoad(WITHIN, load -> Math.rint(load.tauSeconds() * TAUS * 1000) / 1000, " s"));
    all.add(ofLoad(TIMEOUT, load -> load.patience().timeoutSeconds(), " s"));
    all.add(ofLoad(JITTER, Load::jitterSeconds, " s"));
    all.add(ofLoad(HEARTBEAT, Load::heartbeatSeconds, " s"));
    all.add(ofLoad(PROMISE, load -> load.patience().promisedSeconds(), " s"));
    all.add(ofLoad(MESSAGES, Load::messagesPerSecond, ""));
    all.add(ofLoad(MESSAGE_BYTES, Load::messageBytes, ""));
    all.add(ofLoad(ACKNOWLEDGE, load -> load.traffic().acknowledgeSeconds(), " s"));
    all.add(ofLoad(CHANNELS, load -> load.traffic().channels(), ""));
    all.add(ofLoad(CHANNELS_PER_CONNECTION, load -> load.traffic().channelsPerConnection(), ""));
    all.add(ofLoad(SKIP_MISSED, load -> load.traffic().skipMissed(), ""));
    all.add(file(CACHE_REPLICAS, plan -> plan.basis().cacheReplicas()));
    all.add(file(SURVIVE, plan -> plan.basis().zones().survive().text()));
    all.add(file(ZONES, plan -> plan.basis().zones().count()));
    all.add(file(SCALE, plan -> plan.demand().scale()));
    all.add(file(EVENT, plan -> length(plan).toMinutes() + " min after the start"));
    all.add(file(PROVISION_BEFORE, plan -> provisionBefore(plan).toHours() + " h"));
    all.add(file(TEARDOWN_AFTER, plan -> teardownAfter(plan).toMinutes() + " min"));
    all.add(
        file(RESERVE_BALANCER, plan -> Costing.reserved(plan.provider().settings(), "balancer")));
    all.add(
        new Input(
            PlanDifference.Group.CATALOGUE,
            NODE,
            plan -> List.of(plan.basis().node(), plan.basis().cacheNode()),
            Input::node));
    all.add(
        new Input(
            PlanDifference.Group.PRICES,
            PRICES,
            plan ->
                sameNode(earlier, later)
                    ? plan.basis().prices()
                    : plan.basis().prices().withNodeHour(Map.of()),
            Input::prices));
    all.add(
        new Input(
            PlanDifference.Group.TIME,
            SPREAD,
            plan ->
                List.of(
                    MixedInputs.spread(plan, later.demand().confidence()), left(plan).toMinutes()),
            Input::spread));
    return all;
  }

  boolean differs(Plan earlier, Plan later) {
    return !Objects.equals(value.apply(earlier), value.apply(later));
  }

  static Duration length(Plan plan) {
    return Duration.between(plan.event().startsAt(), plan.event().endsAt());
  }

  static Duration provisionBefore(Plan plan) {
    return Duration.between(plan.schedule().provisionAt(), plan.event().startsAt());
  }

  static Duration teardownAfter(Plan plan) {
    return Duration.between(plan.event().endsAt(), plan.schedule().teardownAfter());
  }

  /** From when the plan was made to the start. */
  static Duration left(Plan plan) {
    return Duration.between(plan.made().asOf(), plan.event().startsAt());
  }

  /** {@code +18.0 %}, or the numbers where there was nothing before. */
  static String percent(long before, long after) {
    return before == 0
        ? String.format(Locale.ROOT, "%,d to %,d", before, after)
        : String.format(Locale.ROOT, "%+.1f %%", 100.0 * (after - before) / before);
  }

  static boolean sameNode(Plan earlier, Plan later) {
    return earlier.basis().node().name().equals(later.basis().node().name());
  }

  private static Input ofLoad(String name, Function<Load, Object> value, String unit) {
    return file(name, plan -> plain(value.apply(plan.basis().load())) + unit);
  }

  private static Input file(String name, Function<Plan, Object> value) {
    return new Input(
        PlanDifference.Group.EVENT_FILE,
        name,
        value,
        (earlier, later) -> shown(name, value, earlier) + " to " + shown(name, value, later));
  }

  /** As the event file says it, where the plan knows that. */
  private static String shown(String name, Function<Plan, Object> value, Plan plan) {
    return assumption(plan, name).orElseGet(() -> plain(value.apply(plan)));
  }

  private static String plain(Object value) {
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%.6f", number).replaceFirst("\\.?0+$", "")
        : String.valueOf(value);
  }

  private static Optional<String> assumption(Plan plan, String name) {
    return plan.assumptions().stream()
        .filter(assumption -> assumption.name().equals(name))
        .map(Assumption::value)
        .findFirst();
  }

  private static Basis.TicketMeans means(Plan plan, String product) {
    return Objects.requireNonNull(plan.basis().products().get(product));
  }

  /** Not what becomes of them: that is of other inputs. */
  private static Object ticketSales(Plan plan) {
    return plan.demand().products().stream()
        .map(product -> List.of(product.product(), product.sold(), product.finalSales()))
        .toList();
  }

  private static String sales(Plan earlier, Plan later) {
    StringBuilder words =
        new StringBuilder("sales ")
            .append(percent(MixedInputs.sold(earlier), MixedInputs.sold(later)))
            .append(", expected at the start ")
            .append(percent(expected(earlier), expected(later)));
    Set<String> products = new TreeSet<>(earlier.basis().products().keySet());
    products.addAll(later.basis().products().keySet());
    for (String product : products) {
      String capacity = "tickets.products." + product + ".capacity";
      String before = assumption(earlier, capacity).orElse("absent");
      String after = assumption(later, capacity).orElse("absent");
      if (!before.equals(after)) {
        words.append(", ").append(capacity).append(' ').append(before).append(" to ").append(after);
      }
    }
    return words.toString();
  }

  private static long expected(Plan plan) {
    return plan.demand().products().stream().mapToLong(product -> product.finalSales().p50()).sum();
  }

  private static String node(Plan earlier, Plan later) {
    NodeProfile before = earlier.basis().node();
    NodeProfile after = later.basis().node();
    List<String> words = new ArrayList<>();
    if (!before.name().equals(after.name())) {
      words.add(before.name() + " to " + after.name());
    } else {
      for (Figure figure : Figure.values()) {
        if (before.value(figure) != after.value(figure)) {
          words.add(
              "%s %s to %s"
                  .formatted(
                      figure.key(), plain(before.value(figure)), plain(after.value(figure))));
        }
      }
      if (words.isEmpty() && !before.equals(after)) {
        words.add("the origin of figures, or the cores of " + after.name());
      }
    }
    if (!earlier.basis().cacheNode().equals(later.basis().cacheNode())) {
      words.add("what a cache node holds");
    }
    return String.join(", ", words);
  }

  private static String prices(Plan earlier, Plan later) {
    String before = earlier.basis().prices().date();
    String after = later.basis().prices().date();
    return before.equals(after)
        ? "other prices of the same day, " + after
        : "those of " + before + " to those of " + after;
  }

  private static String spread(Plan earlier, Plan later) {
    String confidence = later.demand().confidence();
    String time =
        left(earlier).equals(left(later))
            ? ""
            : "T-%d h to T-%d h: ".formatted(left(earlier).toHours(), left(later).toHours());
    return String.format(
        Locale.ROOT,
        "%s%s was %+.1f %% from the middle and is %+.1f %%",
        time,
        confidence,
        100 * (MixedInputs.spread(earlier, confidence) - 1),
        100 * (MixedInputs.spread(later, confidence) - 1));
  }
}

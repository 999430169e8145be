package dev.spike.cli.html;

import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.catalog.FigureOrigin;
import dev.spike.core.demand.DemandForecast;
import dev.spike.core.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Something that could go wrong.
 *
 * @param covered whether the plan bears it
 */
record Risk(boolean covered, String what, String says) {
  private static final String TRACKING = "connection-tracking allowance";
  private static final String MEMORY = "memory per connection";
  private static final String HANDSHAKES = "handshakes per node";
  private static final Set<String> OF_A_NODE = Set.of(TRACKING, MEMORY, HANDSHAKES);
  private static final Duration SALES_AGE_MAX = Duration.ofDays(5);

  /** Those of a plan, what it does not bear first. */
  static List<Risk> of(Plan plan) {
    List<Risk> risks = new ArrayList<>();
    estimate(plan).ifPresent(risks::add);
    demand(plan).ifPresent(risks::add);
    risks.add(moreThanPlanned(plan));
    risks.add(zone(plan));
    staleSales(plan).ifPresent(risks::add);
    unconfirmed(plan).ifPresent(risks::add);
    oldPrices(plan).ifPresent(risks::add);
    risks.sort(Comparator.comparing(Risk::covered));
    return risks;
  }

  /** The limit that decides was never measured. */
  private static Optional<Risk> estimate(Plan plan) {
    CapacityPlan.Constraint binding = plan.capacity().constraints().getFirst();
    if (binding.origin() != FigureOrigin.ESTIMATE) {
      return Optional.empty();
    }
    String effect =
        plan.sensitivity().stream()
            .filter(input -> plan.demand().scale() == 1 && input.input().equals(input(binding)))
            .filter(input -> Math.max(input.nodesLow(), input.nodesHigh()) > nodes(plan))
            .findFirst()
            .map(
                input ->
                    " At "
                        + (input.nodesLow() > input.nodesHigh() ? input.low() : input.high())
                        + " it asks for "
                        + Figures.count(Math.max(input.nodesLow(), input.nodesHigh()), "node")
                        + ".")
            .orElse("");
    return Optional.of(
        new Risk(
            false,
            "The limit that decides is an estimate.",
            "The "
                + binding.name()
                + " of "
                + plan.capacity().profile()
                + " was inferred, not measured."
                + effect
                + " A rehearsal on one such node measures it."));
  }

  /** The input of the sensitivities that moves a limit. */
  private static String input(CapacityPlan.Constraint limit) {
    return switch (limit.name()) {
      case "connection tracking" -> TRACKING;
      case "memory" -> MEMORY;
      default -> limit.name().contains("handshake") ? HANDSHAKES : "";
    };
  }

  private static int nodes(Plan plan) {
    return plan.sizes().fullEvent().nodes();
  }

  /** The input of the demand that would ask for most nodes. */
  private static Optional<Risk> demand(Plan plan) {
    return plan.sensitivity().stream()
        .filter(input -> !OF_A_NODE.contains(input.input()))
        .filter(input -> Math.max(input.nodesLow(), input.nodesHigh()) > nodes(plan))
        .max(Comparator.comparingInt(input -> Math.max(input.nodesLow(), input.nodesHigh())))
        .map(
            input ->
                new Risk(
                    false,
                    "Demand may turn out otherwise.",
                    "If the "
                        + input.input()
                        + " is "
                        + (input.nodesLow() > input.nodesHigh() ? input.low() : input.high())
                        + ", the same confidence asks for "
                        + Figures.count(Math.max(input.nodesLow(), input.nodesHigh()), "node")
                        + ", not "
                        + Figures.count(nodes(plan))
                        + ". Plan again as sales come in."));
  }

  private static Risk moreThanPlanned(Plan plan) {
    String beyond =
        Odds.of(plan.demand().confidence())
            .map(odds -> odds.beyond() + " bring more than the planned ")
            .orElse("More may come than the planned ");
    String planned = beyond + Figures.count(plan.demand().planned()) + ".";
    return Headroom.of(plan)
        .map(
            headroom ->
                new Risk(
                    headroom.percentLeft(plan) >= 0,
                    "More come than planned.",
                    planned
                        + " The tier holds "
                        + Figures.compact(headroom.connections())
                        + (Survival.of(plan).any()
                            ? ", or "
                                + Figures.compact(headroom.connectionsLeft())
                                + Survival.of(plan).words()
                            : "")
                        + "."))
        .orElse(new Risk(false, "More come than planned.", planned));
  }

  private static Risk zone(Plan plan) {
    Survival survival = Survival.of(plan);
    if (!survival.lost().equals("zone")) {
      return new Risk(
          false,
          "A zone is lost.",
          "The tier is not built to survive that: service.survive is "
              + plan.service().limits().survive()
              + ".");
    }
    CapacityPlan.ReconnectStorm storm = plan.capacity().reconnectStorm();
    boolean covered =
        plan.violations().stream().noneMatch(rule -> rule.id().equals("clients.reconnectJitter"));
    return new Risk(
        covered,
        "A zone is lost.",
        "The others have room. "
            + Figures.count(storm.lostConnections(), "client")
            + (storm.lostConnections() == 1 ? " comes" : " come")
            + " back over "
            + Figures.duration(plan.service().limits().reconnectJitterMillis() / 1000.0)
            + (storm.minimumJitterSeconds() < 0
                ? "; no such time suffices."
                : "; at least " + Figures.duration(storm.minimumJitterSeconds()) + " are needed."));
  }

  /** No sale for long before the plan's instant: the sales stopped, or the export is an old one. */
  private static Optional<Risk> staleSales(Plan plan) {
    Instant newest = null;
    long before = 0;
    for (DemandForecast.SalesPoint point : plan.demand().sales()) {
      Long sold = point.sold();
      if (sold != null && sold > before) {
        newest = point.at();
        before = sold;
      }
    }
    if (newest == null || !newest.plus(SALES_AGE_MAX).isBefore(plan.made().asOf())) {
      return Optional.empty();
    }
    return Optional.of(
        new Risk(
            false,
            "The ticket data may be old.",
            "The newest sale in it is about "
                + Duration.between(newest, plan.made().asOf()).toDays()
                + " days older than this plan. Export again, and plan again."));
  }

  private static Optional<Risk> unconfirmed(Plan plan) {
    long defaults = AssumptionSection.count(plan, KnownFrom.DEFAULT);
    long estimates = AssumptionSection.count(plan, KnownFrom.ESTIMATE);
    if (defaults + estimates == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Risk(
            false,
            "An assumption may be wrong.",
            "Of "
                + Figures.count(plan.assumptions().size(), "value")
                + ", "
                + defaults
                + " are defaults that nobody confirmed and "
                + estimates
                + " are estimates."));
  }

  private static Optional<Risk> oldPrices(Plan plan) {
    return PriceDay.of(plan)
        .filter(PriceDay::old)
        .map(
            day ->
                new Risk(
                    false, "The bill may differ.", "The prices are those of " + day.words() + "."));
  }
}

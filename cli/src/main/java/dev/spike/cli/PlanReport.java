package dev.spike.cli;

import dev.spike.cli.html.Headroom;
import dev.spike.cli.html.KnownFrom;
import dev.spike.cli.html.Survival;
import dev.spike.cli.view.Report;
import dev.spike.cli.view.Words;
import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.catalog.FigureOrigin;
import dev.spike.core.demand.DemandForecast;
import dev.spike.core.plan.Plan;
import dev.spike.core.sales.SourceReport;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a reviewer reads first of a plan; all of it is in the file. */
final class PlanReport {
  private static final int SENSITIVITIES_SHOWN = 3;
  private static final int DUE_SHOWN = 3;

  private PlanReport() {}

  static Report.Draft of(String command, Plan plan) {
    Report.Draft draft = Report.of(command).headline(plan.headline());
    plan.inputs().forEach(source -> draft.entry("tickets", tickets(source)));
    demand(draft, plan.demand());
    if (plan.demand().scale() != 1) {
      draft.entry("event", size(plan.sizes().fullEvent()));
    }
    draft.entry("planned", size(plan.sizes().planned()));
    draft.entry("binding", binding(plan.capacity()));
    draft.entry("cache", cache(plan.capacity().cache()));
    Headroom.of(plan).ifPresent(headroom -> draft.entry("holds", holds(headroom, plan)));
    plan.sensitivity().stream()
        .filter(input -> input.nodesLow() != input.nodesHigh())
        .limit(SENSITIVITIES_SHOWN)
        .forEach(input -> draft.entry("if", sensitivity(input, plan.demand().scale())));
    cost(draft, plan.cost());
    calendar(draft, plan.calendar());
    draft
        .entry("assumed", assumed(plan))
        .entry("due", "provision from " + plan.schedule().provisionAt())
        .fact("event", plan.event().name().value())
        .fact("digest", plan.digest())
        .fact("toCreate", plan.changes().create().size())
        .fact("toUpdate", plan.changes().update().size())
        .fact("toDelete", plan.changes().delete().size())
        .fact("connections", plan.demand().planned())
        .fact("scaledConnections", plan.demand().scaled())
        .fact("nodes", plan.capacity().nodes())
        .fact("binding", plan.capacity().binding())
        .fact("bindingOrigin", plan.capacity().origin(plan.capacity().binding()).text())
        .fact("cacheShards", plan.capacity().cache().shards())
        .fact("cacheBinding", plan.capacity().cache().binding())
        .fact("costTotal", plan.cost().total())
        .fact("currency", plan.cost().currency());
    return draft;
  }

  private static String tickets(SourceReport source) {
    return source.name()
        + (source.isOfEvent() ? "" : " (past event " + source.pastEvent() + ")")
        + ": "
        + Words.count(source.read(), "row")
        + ", "
        + Words.count(source.accepted())
        + " accepted, "
        + Words.count(source.rejected())
        + " rejected";
  }

  /** What was sold, and what comes of it; 400 times the ordinary day is a surge of 40,000 %. */
  private static void demand(Report.Draft draft, DemandForecast demand) {
    draft.entry(
        "sold",
        demand.products().stream()
            .map(product -> product.product() + " " + Words.count(product.sold()))
            .collect(Collectors.joining(", ")));
    draft.entry(
        "demand",
        "p50 "
            + Words.count(demand.connections().p50())
            + ", p90 "
            + Words.count(demand.connections().p90())
            + ", p99 "
            + Words.count(demand.connections().p99())
            + " connections");
    draft.entry(
        "arrivals",
        Words.count(Math.round(demand.arrivalPeakPerSecond())) + " in the steepest second");
    Double factor = demand.surgeFactor();
    Double percent = demand.surgePercent();
    if (factor != null && percent != null) {
      draft
          .entry("surge", String.format(Locale.ROOT, "%,.0f %% of an ordinary day's peak", percent))
          .fact("surgeFactor", factor)
          .fact("surgePercent", percent);
    }
  }

  private static String size(Plan.Size size) {
    return Words.count(size.connections(), "connection")
        + " on "
        + Words.count(size.nodes(), "node")
        + " of "
        + size.profile()
        + ", "
        + Words.count(size.cacheShards(), "cache shard")
        + (size.scale().equals("1") ? "" : " (scale " + size.scale() + ")");
  }

  /** With how well each of the two is known. */
  private static String binding(CapacityPlan capacity) {
    return marked(capacity.binding(), capacity.origin(capacity.binding()))
        + ", then "
        + marked(capacity.second(), capacity.origin(capacity.second()));
  }

  private static String cache(CapacityPlan.CacheSize cache) {
    return Words.count(cache.shards(), "shard")
        + " with "
        + Words.count(cache.replicasPerShard(), "replica")
        + " each; binding "
        + marked(cache.binding(), cache.constraints().getFirst().origin())
        + ", then "
        + cache.second();
  }

  private static String marked(String limit, FigureOrigin origin) {
    return switch (origin) {
      case ESTIMATE -> limit + " (estimated)";
      case MEASURED -> limit + " (measured)";
      case GIVEN -> limit + " (given)";
      case DEFAULT -> limit + " (default)";
    };
  }

  private static String holds(Headroom headroom, Plan plan) {
    String all = Words.count(Math.round(headroom.connections()), "connection");
    return Survival.of(plan).any()
        ? Words.count(Math.round(headroom.connectionsLeft()), "connection")
            + Survival.of(plan).words()
            + ", else "
            + all
        : all;
  }

  private static String sensitivity(Plan.Sensitivity input, double scale) {
    return input.input()
        + " is "
        + input.low()
        + " or "
        + input.high()
        + ": "
        + input.nodesLow()
        + " or "
        + Words.count(input.nodesHigh(), "node")
        + (scale == 1 ? "" : " for the full event");
  }

  private static void cost(Report.Draft draft, Plan.Cost cost) {
    if (!cost.lines().isEmpty()) {
      draft.entry(
          "cost",
          Words.money(cost.total(), cost.currency())
              + " to teardown, "
              + Words.money(cost.hourly(), cost.currency())
              + " an hour; list prices of "
              + cost.priceList());
    }
  }

  /** All that is too late and what that loses, then what is due first. */
  private static void calendar(Report.Draft draft, List<Plan.CalendarEntry> calendar) {
    inState(calendar, "too late")
        .forEach(
            entry ->
                draft.entry(
                    "too late",
                    Report.Emphasis.BAD,
                    entry.askBy() + " " + entry.what() + "; lost is " + entry.lost()));
    List<Plan.CalendarEntry> due = inState(calendar, "due");
    due.stream()
        .limit(DUE_SHOWN)
        .forEach(
            entry ->
                draft.entry("due", Report.Emphasis.DOUBTFUL, entry.askBy() + " " + entry.what()));
    if (due.size() > DUE_SHOWN) {
      draft.entry(
          "due",
          Report.Emphasis.DOUBTFUL,
          due.size() - DUE_SHOWN + " more within a week; see `calendar` in the plan");
    }
  }

  private static List<Plan.CalendarEntry> inState(List<Plan.CalendarEntry> calendar, String state) {
    return calendar.stream().filter(entry -> entry.state().equals(state)).toList();
  }

  private static String assumed(Plan plan) {
    return count(plan, KnownFrom.DEFAULT)
        + " of "
        + Words.count(plan.assumptions().size(), "value")
        + " are defaults, "
        + count(plan, KnownFrom.ESTIMATE)
        + " are estimates; see `assumptions` in the plan";
  }

  private static long count(Plan plan, KnownFrom known) {
    return plan.assumptions().stream()
        .filter(assumption -> KnownFrom.of(assumption, plan) == known)
        .count();
  }
}

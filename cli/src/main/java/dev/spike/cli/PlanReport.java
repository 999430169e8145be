package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.Words;
import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.catalog.FigureOrigin;
import dev.spike.core.demand.DemandForecast;
import dev.spike.core.plan.Plan;
import dev.spike.core.sales.SourceReport;
import dev.spike.core.spec.Assumption;
import dev.spike.core.spec.Origin;
import java.util.Locale;

/** What a reviewer reads first of a plan; all of it is in the file. */
final class PlanReport {
  private static final int SENSITIVITIES_SHOWN = 3;

  private PlanReport() {}

  static Report.Draft of(String command, Plan plan) {
    Report.Draft draft = Report.of(command).headline(plan.headline());
    for (SourceReport source : plan.inputs()) {
      draft.line(
          "  tickets  "
              + source.name()
              + (source.isOfEvent() ? "" : " (past event " + source.pastEvent() + ")")
              + ": "
              + Words.count(source.read(), "row")
              + ", "
              + Words.count(source.accepted())
              + " accepted, "
              + Words.count(source.rejected())
              + " rejected");
    }
    var connections = plan.demand().connections();
    draft.line(
        "  demand   p50 "
            + Words.count(connections.p50())
            + ", p90 "
            + Words.count(connections.p90())
            + ", p99 "
            + Words.count(connections.p99())
            + " connections; "
            + Words.count(Math.round(plan.demand().arrivalPeakPerSecond()))
            + " arrive in the steepest second");
    surge(draft, plan.demand());
    size(draft, "event    ", plan.sizes().fullEvent());
    size(draft, "planned  ", plan.sizes().planned());
    limits(draft, plan.capacity());
    plan.sensitivity().stream()
        .limit(SENSITIVITIES_SHOWN)
        .forEach(
            input ->
                draft.line(
                    "  if       "
                        + input.input()
                        + " is "
                        + input.low()
                        + " or "
                        + input.high()
                        + ": "
                        + input.nodesLow()
                        + " or "
                        + Words.count(input.nodesHigh(), "node")
                        + " for the full event"));
    plan.calendar().stream()
        .filter(entry -> entry.state().equals("too late"))
        .forEach(
            entry ->
                draft.line(
                    "  calendar "
                        + entry.what()
                        + " is "
                        + entry.state()
                        + ": ask by "
                        + entry.askBy()
                        + ", else "
                        + entry.lost()));
    long assumed = plan.assumptions().stream().filter(PlanReport::isDefault).count();
    draft
        .line(
            "  assumed  "
                + assumed
                + " of "
                + Words.count(plan.assumptions().size(), "value")
                + " are defaults; see `assumptions` in the plan")
        .line("  due      provision from " + plan.schedule().provisionAt())
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

  /** What sizes nodes and cache, and whether that limit is known or estimated. */
  private static void limits(Report.Draft draft, CapacityPlan capacity) {
    draft.line(
        "  binding  "
            + marked(capacity.binding(), capacity.origin(capacity.binding()))
            + ", then "
            + marked(capacity.second(), capacity.origin(capacity.second())));
    CapacityPlan.CacheSize cache = capacity.cache();
    draft.line(
        "  cache    "
            + Words.count(cache.shards(), "shard")
            + " with "
            + Words.count(cache.replicasPerShard(), "replica")
            + " each; binding "
            + marked(cache.binding(), cache.constraints().getFirst().origin())
            + ", then "
            + cache.second());
  }

  private static String marked(String limit, FigureOrigin origin) {
    return switch (origin) {
      case ESTIMATE -> limit + " (estimated)";
      case MEASURED -> limit + " (measured)";
      case GIVEN, DEFAULT -> limit;
    };
  }

  /** 400 times the ordinary day is a surge of 40,000 %. */
  private static void surge(Report.Draft draft, DemandForecast demand) {
    Double factor = demand.surgeFactor();
    Double percent = demand.surgePercent();
    if (factor != null && percent != null) {
      draft
          .line(
              String.format(Locale.ROOT, "  surge    %,.0f %% of an ordinary day's peak", percent))
          .fact("surgeFactor", factor)
          .fact("surgePercent", percent);
    }
  }

  private static boolean isDefault(Assumption assumption) {
    return assumption.origin() == Origin.DEFAULT;
  }

  private static void size(Report.Draft draft, String title, Plan.Size size) {
    draft.line(
        "  "
            + title
            + Words.count(size.connections(), "connection")
            + " on "
            + Words.count(size.nodes(), "node")
            + " of "
            + size.profile()
            + ", "
            + Words.count(size.cacheShards(), "cache shard")
            + " (scale "
            + size.scale()
            + ")");
  }
}

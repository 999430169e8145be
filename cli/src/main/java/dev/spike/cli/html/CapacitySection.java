package dev.spike.cli.html;

import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.plan.Plan;
import java.util.ArrayList;
import java.util.List;

/** Which limit of a node sizes the tier, and what else the tier consists of. */
record CapacitySection(Plan plan) implements Section {
  @Override
  public String id() {
    return "capacity";
  }

  @Override
  public String title() {
    return "Capacity: how many machines, and why";
  }

  @Override
  public String shortTitle() {
    return "Capacity";
  }

  @Override
  public void write(Markup html) {
    html.element("p", summary());
    if (plan.demand().scale() != 1) {
      html.element("p", fullEvent());
    }
    new LimitFigure(plan.capacity(), Survival.of(plan)).write(html);
    html.element("h3", "While everybody connects");
    new HandshakeFigures(plan).write(html);
    html.element("h3", "The cache");
    cacheLimits().writeFolded(html, "What each limit asks of the cache");
    html.element("h3", "The rest of the tier");
    rest().write(html);
  }

  private String summary() {
    CapacityPlan capacity = plan.capacity();
    return Figures.count(capacity.nodes(), "node")
        + " of "
        + capacity.profile()
        + ", "
        + capacity.nodesPerZone()
        + " in each of "
        + Figures.count(capacity.zones(), "zone")
        + ", each for at most "
        + Figures.count(capacity.connectionsPerNode())
        + " connections."
        + (capacity.estimated()
            ? " Limits marked as estimates were inferred, not measured on such a node; a rehearsal"
                + " measures them."
            : " No limit of the node is an estimate.");
  }

  private String fullEvent() {
    Plan.Size full = plan.sizes().fullEvent();
    return "This tier is a rehearsal at the scale "
        + plan.sizes().planned().scale()
        + ". The full event of "
        + Figures.count(full.connections())
        + " connections needs "
        + Figures.count(full.nodes(), "node")
        + " of "
        + full.profile()
        + " and "
        + Figures.count(full.cacheShards(), "cache shard")
        + "; there "
        + full.binding()
        + " binds.";
  }

  private Table rest() {
    List<Table.Row> rows = new ArrayList<>();
    rows.add(Table.Row.of("Cache", cache()));
    rows.add(Table.Row.of("Balancers", balancers()));
    if (Survival.of(plan).any()) {
      rows.add(Table.Row.of("When a " + Survival.of(plan).lost() + " is lost", storm()));
    }
    rows.add(
        Table.Row.of(
            "Wait for a node's processor",
            "99 of 100 handshakes wait less than "
                + (plan.capacity().handshakeQueueP99Millis() < 0.1
                    ? "0.1 ms"
                    : Figures.duration(plan.capacity().handshakeQueueP99Millis() / 1000))
                + " in the steepest second"
                + Survival.of(plan).words()
                + "; allowed are "
                + Figures.duration(plan.service().limits().handshakeP99Millis() / 1000.0)));
    return new Table(
        "The rest of the tier",
        List.of(Table.Column.text("part"), Table.Column.text("size")),
        rows);
  }

  private Table cacheLimits() {
    CapacityPlan.CacheSize cache = plan.capacity().cache();
    return new Table(
        "What each limit asks of the cache",
        List.of(
            Table.Column.text("limit"),
            Table.Column.number("the event asks for"),
            Table.Column.number("one shard gives"),
            Table.Column.text("known from"),
            Table.Column.number("shards needed")),
        cache.constraints().stream().map(limit -> cacheLimit(cache, limit)).toList());
  }

  /** The limits stand in order, the one that decides first. */
  private static Table.Row cacheLimit(
      CapacityPlan.CacheSize cache, CapacityPlan.CacheConstraint limit) {
    boolean decides = limit.equals(cache.constraints().getFirst());
    String place = decides ? " (decides)" : limit.name().equals(cache.second()) ? " (next)" : "";
    return new Table.Row(
        decides ? "strong" : "",
        List.of(
            new Table.Cell(limit.name() + place, ""),
            new Table.Cell(Figures.quantity(limit.demanded(), limit.unit()), ""),
            new Table.Cell(Figures.quantity(limit.perShard(), limit.unit()), ""),
            KnownFrom.of(limit.origin()).cell(),
            new Table.Cell(Figures.count(limit.required()), "")));
  }

  private String cache() {
    CapacityPlan.CacheSize cache = plan.capacity().cache();
    return Figures.count(cache.shards(), "shard")
        + " with "
        + Figures.count(cache.replicasPerShard(), "replica")
        + " each: "
        + Figures.count(cache.nodes(), "machine")
        + "; so many because of "
        + cache.binding();
  }

  private String balancers() {
    CapacityPlan.BalancerSize balancer = plan.capacity().balancer();
    return Figures.count(balancer.balancers(), "balancer")
        + "; "
        + Figures.count(balancer.acceptUnits(), "capacity unit")
        + " while clients arrive, "
        + Figures.count(balancer.broadcastUnits())
        + " for one message to all within a second";
  }

  private String storm() {
    CapacityPlan.ReconnectStorm storm = plan.capacity().reconnectStorm();
    double needed = storm.minimumJitterSeconds();
    return Figures.count(storm.lostConnections())
        + " clients come back, "
        + Figures.rounded(storm.perSecond())
        + " per second as they spread over "
        + Figures.duration(plan.service().limits().reconnectJitterMillis() / 1000.0)
        + "; "
        + (needed < 0
            ? "the nodes that are left cannot take them, however they spread"
            : "the nodes that are left need them to spread over "
                + Figures.duration(needed)
                + " at least");
  }
}

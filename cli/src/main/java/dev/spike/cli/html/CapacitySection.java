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
    return "Capacity";
  }

  @Override
  public void write(Markup html) {
    CapacityPlan capacity = plan.capacity();
    html.element("p", summary());
    if (plan.demand().scale() != 1) {
      Plan.Size full = plan.sizes().fullEvent();
      html.element(
          "p",
          "This tier is a rehearsal at the scale "
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
              + " binds.");
    }
    new ChartFigure(
            "chart-constraints",
            "Nodes that each limit asks for",
            capacity.binding()
                + " needs most; "
                + capacity.second()
                + " is next. Dark: nodes that bear the load. Light: nodes to have, so that they are"
                + " left when a zone is lost and every zone has as many.",
            constraints(),
            new Table("", List.of(), List.of()))
        .write(html);
    limits().write(html);
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
            ? " The node's limits are the catalogue's estimates until a rehearsal measures them."
            : " The node's limits were measured.");
  }

  private Chart constraints() {
    CapacityPlan capacity = plan.capacity();
    double most =
        Math.max(
            capacity.nodes(),
            capacity.constraints().stream()
                .mapToInt(CapacityPlan.Constraint::planned)
                .max()
                .orElse(1));
    double step = Math.max(1, Ticks.step(most, 8));
    double to = step * Math.ceil(most * 1.02 / step);
    return new BarChart(
        new BarChart.Axis("nodes", 0, to, count -> Ticks.numbers(0, to, step, Figures::quantity)),
        capacity.constraints().stream()
            .map(limit -> row(limit, limit.name().equals(capacity.binding())))
            .toList(),
        List.of(
            new BarChart.Rule(
                capacity.nodes(), Figures.count(capacity.nodes(), "node") + " planned")));
  }

  private static BarChart.Row row(CapacityPlan.Constraint limit, boolean binding) {
    String tone = binding ? "binding" : "other";
    return new BarChart.Row(
        binding ? limit.name() + " (binding)" : limit.name(),
        limit.required() + " → " + Figures.count(limit.planned(), "node"),
        binding ? "strong" : "",
        List.of(
            new BarChart.Bar(0, limit.planned(), tone + " light"),
            new BarChart.Bar(0, limit.required(), tone)));
  }

  private Table limits() {
    CapacityPlan capacity = plan.capacity();
    return new Table(
        "Each limit in numbers",
        List.of(
            Table.Column.text("limit"),
            Table.Column.number("the event asks for"),
            Table.Column.number("one node gives"),
            Table.Column.number("nodes required"),
            Table.Column.number("with zones"),
            Table.Column.text("")),
        capacity.constraints().stream()
            .map(
                limit ->
                    Table.Row.marked(
                        limit.name().equals(capacity.binding()) ? "strong" : "",
                        limit.name(),
                        Figures.quantity(limit.demanded(), limit.unit()),
                        Figures.quantity(limit.perNode(), limit.unit()),
                        Figures.count(limit.required()),
                        Figures.count(limit.planned()),
                        limit.name().equals(capacity.binding())
                            ? "binding"
                            : limit.name().equals(capacity.second()) ? "second" : ""))
            .toList());
  }

  private Table rest() {
    CapacityPlan capacity = plan.capacity();
    CapacityPlan.ReconnectStorm storm = capacity.reconnectStorm();
    List<Table.Row> rows = new ArrayList<>();
    rows.add(
        Table.Row.of(
            "Cache",
            Figures.count(capacity.cache().shards(), "shard")
                + " with "
                + Figures.count(capacity.cache().replicasPerShard(), "replica")
                + " each, because of "
                + capacity.cache().binding()));
    rows.add(
        Table.Row.of(
            "Balancers",
            Figures.count(capacity.balancer().balancers())
                + "; "
                + Figures.count(capacity.balancer().acceptUnits())
                + " capacity units while clients arrive, "
                + Figures.count(capacity.balancer().broadcastUnits())
                + " for one message to all within a second"));
    rows.add(
        Table.Row.of(
            "When a zone is lost",
            Figures.count(storm.lostConnections())
                + " clients come back, "
                + Figures.quantity(storm.perSecond())
                + " per second; "
                + (storm.minimumJitterSeconds() < 0
                    ? "the survivors bear them at no jitter"
                    : "the survivors bear them from a jitter of "
                        + Figures.quantity(storm.minimumJitterSeconds())
                        + " s on")));
    rows.add(
        Table.Row.of(
            "Wait for an event loop (p99)",
            Figures.quantity(capacity.handshakeQueueP99Millis())
                + " ms at the arrivals' peak with a zone lost"));
    return new Table(
        "The rest of the tier",
        List.of(Table.Column.text("part"), Table.Column.text("size")),
        rows);
  }
}

package dev.spike.cli.html;

import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.catalog.FigureOrigin;
import java.util.ArrayList;
import java.util.List;

/** How many nodes each limit asks for, which one decides, and how well each is known. */
record LimitFigure(CapacityPlan capacity, Survival survival) {
  void write(Markup html) {
    new ChartFigure(
            "chart-constraints", "Nodes that each limit asks for", says(), chart(), Table.NONE)
        .write(html);
    table().writeFolded(html, "What each limit asks for, and what one node gives");
  }

  private String says() {
    long estimates =
        capacity.constraints().stream()
            .filter(limit -> limit.origin() == FigureOrigin.ESTIMATE)
            .count();
    return capacity.binding()
        + " decides, then "
        + capacity.second()
        + ". "
        + Figures.count(estimates)
        + " of "
        + Figures.count(capacity.constraints().size(), "limit")
        + (estimates == 1 ? " rests" : " rest")
        + " on an estimate.";
  }

  private Chart chart() {
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
        List.of(
            new BarChart.Key("needed for the load", "other"),
            new BarChart.Key(spare(), "other light"),
            new BarChart.Key("the limit that decides", "binding"),
            new BarChart.Key("rests on an estimate", "estimate")),
        capacity.constraints().stream().map(this::row).toList(),
        List.of(
            new BarChart.Rule(
                capacity.nodes(), Figures.count(capacity.nodes(), "node") + " planned")));
  }

  private String spare() {
    return survival.any() ? "with a spare " + survival.lost() : "in whole zones";
  }

  private BarChart.Row row(CapacityPlan.Constraint limit) {
    boolean binding = limit.name().equals(capacity.binding());
    String tone = binding ? "binding" : "other";
    List<BarChart.Bar> bars = new ArrayList<>();
    bars.add(new BarChart.Bar(0, limit.planned(), tone + " light"));
    bars.add(new BarChart.Bar(0, limit.required(), tone));
    if (limit.origin() == FigureOrigin.ESTIMATE) {
      bars.add(new BarChart.Bar(0, limit.required(), "hatch"));
    }
    return new BarChart.Row(
        limit.name() + " (" + (binding ? "decides, " : "") + limit.origin().text() + ")",
        limit.required() + " needed, " + limit.planned() + " with spare",
        binding ? "strong" : "",
        bars);
  }

  private Table table() {
    return new Table(
        "Each limit in numbers",
        List.of(
            Table.Column.text("limit"),
            Table.Column.number("the event asks for"),
            Table.Column.number("one node gives"),
            Table.Column.text("known from"),
            Table.Column.number("nodes needed"),
            Table.Column.number(spare())),
        capacity.constraints().stream().map(this::numbers).toList());
  }

  private Table.Row numbers(CapacityPlan.Constraint limit) {
    boolean binding = limit.name().equals(capacity.binding());
    String place = binding ? " (decides)" : limit.name().equals(capacity.second()) ? " (next)" : "";
    return new Table.Row(
        binding ? "strong" : "",
        List.of(
            new Table.Cell(limit.name() + place, ""),
            new Table.Cell(Figures.quantity(limit.demanded(), limit.unit()), ""),
            new Table.Cell(Figures.quantity(limit.perNode(), limit.unit()), ""),
            KnownFrom.of(limit.origin()).cell(),
            new Table.Cell(Figures.count(limit.required()), ""),
            new Table.Cell(Figures.count(limit.planned()), "")));
  }
}

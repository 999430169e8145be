package dev.spike.cli.html;

import dev.spike.core.plan.Plan;
import java.util.ArrayList;
import java.util.List;

/** Which input moves the number of nodes most, each moved alone. */
record SensitivitySection(Plan plan) implements Section {
  private static final int BARS_MAX = 8;

  @Override
  public String id() {
    return "sensitivity";
  }

  @Override
  public String title() {
    return "Sensitivity: what matters most";
  }

  @Override
  public String shortTitle() {
    return "Sensitivity";
  }

  @Override
  public void write(Markup html) {
    List<Plan.Sensitivity> inputs = plan.sensitivity();
    if (inputs.isEmpty()) {
      html.element("p", "This plan has no sensitivities.", "class", "absent");
      return;
    }
    List<Plan.Sensitivity> moving =
        inputs.stream().filter(SensitivitySection::moves).limit(BARS_MAX).toList();
    if (moving.isEmpty()) {
      html.element(
          "p",
          "No input alone changes the "
              + Figures.count(base(), "node")
              + " of the full event when it is moved to its low or high value.");
    } else {
      new ChartFigure(
              "chart-sensitivity",
              "Nodes of the full event when one input alone is lower or higher",
              says(moving, inputs.size()),
              tornado(moving),
              Table.NONE)
          .write(html);
    }
    table(inputs)
        .writeFolded(html, "All " + Figures.count(inputs.size(), "input") + ", with their values");
  }

  private static boolean moves(Plan.Sensitivity input) {
    return input.nodesLow() != input.nodesHigh();
  }

  private int base() {
    return plan.sizes().fullEvent().nodes();
  }

  private static String says(List<Plan.Sensitivity> moving, int all) {
    return "Most depends on "
        + moving.getFirst().input()
        + ". Of "
        + Figures.count(all, "input")
        + ", those that change the number of nodes are drawn.";
  }

  private Table table(List<Plan.Sensitivity> inputs) {
    return new Table(
        "Each input moved alone",
        List.of(
            Table.Column.text("input"),
            Table.Column.number("low"),
            Table.Column.number("high"),
            Table.Column.number("nodes at low"),
            Table.Column.number("nodes at high"),
            Table.Column.number("nodes between, unrounded")),
        inputs.stream()
            .map(
                input ->
                    Table.Row.of(
                        input.input(),
                        Figures.tidied(input.low()),
                        Figures.tidied(input.high()),
                        Figures.count(input.nodesLow()),
                        Figures.count(input.nodesHigh()),
                        Figures.tenth(input.effectNodes())))
            .toList());
  }

  private Chart tornado(List<Plan.Sensitivity> inputs) {
    int base = base();
    int least = base;
    int most = base;
    for (Plan.Sensitivity input : inputs) {
      least = Math.min(least, Math.min(input.nodesLow(), input.nodesHigh()));
      most = Math.max(most, Math.max(input.nodesLow(), input.nodesHigh()));
    }
    double step = Math.max(1, Ticks.step(most - least + 2, 6));
    double from = Math.max(0, step * Math.floor((least - 1) / step));
    double to = step * Math.ceil((most + 1) / step);
    List<BarChart.Row> rows = new ArrayList<>();
    for (Plan.Sensitivity input : inputs) {
      rows.add(
          new BarChart.Row(
              input.input(),
              "%s → %d, %s → %d nodes"
                  .formatted(
                      Figures.tidied(input.low()),
                      input.nodesLow(),
                      Figures.tidied(input.high()),
                      input.nodesHigh()),
              "",
              List.of(
                  new BarChart.Bar(base, input.nodesLow(), "low"),
                  new BarChart.Bar(base, input.nodesHigh(), "high"))));
    }
    return new BarChart(
        new BarChart.Axis(
            from == 0 ? "nodes of the full event" : "nodes of the full event (not from 0)",
            from,
            to,
            count -> Ticks.numbers(from, to, step, Figures::quantity)),
        List.of(
            new BarChart.Key("at its low value", "low"),
            new BarChart.Key("at its high value", "high")),
        rows,
        List.of(new BarChart.Rule(base, Figures.count(base, "node") + " as planned")));
  }
}

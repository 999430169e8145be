package dev.spike.cli.html;

import dev.spike.core.plan.Plan;
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
    return "What matters most";
  }

  @Override
  public void write(Markup html) {
    List<Plan.Sensitivity> inputs = plan.sensitivity();
    if (inputs.isEmpty()) {
      html.element("p", "This plan has no sensitivities.", "class", "absent");
      return;
    }
    new ChartFigure(
            "chart-sensitivity",
            "Nodes of the full event when one input is at its low or high value",
            "Most depends on " + inputs.getFirst().input() + ".",
            tornado(inputs.stream().limit(BARS_MAX).toList()),
            new Table("", List.of(), List.of()))
        .write(html);
    new Table(
            "Each input moved alone",
            List.of(
                Table.Column.text("input"),
                Table.Column.number("low"),
                Table.Column.number("high"),
                Table.Column.number("nodes at low"),
                Table.Column.number("nodes at high"),
                Table.Column.number("difference before rounding to zones")),
            inputs.stream()
                .map(
                    input ->
                        Table.Row.of(
                            input.input(),
                            input.low(),
                            input.high(),
                            Figures.count(input.nodesLow()),
                            Figures.count(input.nodesHigh()),
                            Figures.quantity(input.effectNodes())))
                .toList())
        .write(html);
  }

  private Chart tornado(List<Plan.Sensitivity> inputs) {
    int base = plan.sizes().fullEvent().nodes();
    int least = base;
    int most = base;
    for (Plan.Sensitivity input : inputs) {
      least = Math.min(least, Math.min(input.nodesLow(), input.nodesHigh()));
      most = Math.max(most, Math.max(input.nodesLow(), input.nodesHigh()));
    }
    double step = Math.max(1, Ticks.step(most - least + 2, 6));
    double from = step * Math.floor((least - 1) / step);
    double to = step * Math.ceil((most + 1) / step);
    return new BarChart(
        new BarChart.Axis(
            "nodes of the full event",
            from,
            to,
            count -> Ticks.numbers(from, to, step, Figures::quantity)),
        inputs.stream()
            .map(
                input ->
                    new BarChart.Row(
                        input.input(),
                        input.low()
                            + ": "
                            + input.nodesLow()
                            + " · "
                            + input.high()
                            + ": "
                            + input.nodesHigh(),
                        "",
                        List.of(
                            new BarChart.Bar(base, input.nodesLow(), "low"),
                            new BarChart.Bar(base, input.nodesHigh(), "high"))))
            .toList(),
        List.of(new BarChart.Rule(base, Figures.count(base, "node"))));
  }
}

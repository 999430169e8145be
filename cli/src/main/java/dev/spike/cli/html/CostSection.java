package dev.spike.cli.html;

import dev.spike.core.plan.BalancerReservation;
import dev.spike.core.plan.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What the tier costs from the first node to teardown. */
record CostSection(Plan plan) implements Section {
  @Override
  public String id() {
    return "cost";
  }

  @Override
  public String title() {
    return "Cost";
  }

  @Override
  public void write(Markup html) {
    Plan.Cost cost = plan.cost();
    if (cost.lines().isEmpty()) {
      html.element(
          "p",
          "Nothing is charged: the tier of the provider "
              + plan.provider().name()
              + " stands on machines that are there already.",
          "class",
          "absent");
      return;
    }
    html.element(
        "p",
        Figures.cents(cost.total(), cost.currency())
            + " from the first node to teardown, "
            + Figures.cents(cost.hourly(), cost.currency())
            + " an hour while the tier stands, at list prices of "
            + PriceDay.of(plan).map(PriceDay::words).orElse(cost.priceList())
            + ". "
            + budget());
    BalancerReservation.of(plan)
        .ifPresent(most -> html.element("p", most.words() + " " + most.why() + " " + most.less()));
    new ChartFigure(
            "chart-cost",
            "What the money is for",
            "Largest: " + largest().what() + ".",
            chart(),
            Table.NONE)
        .write(html);
    List<Table.Row> rows = new ArrayList<>();
    for (Plan.CostLine line : cost.lines()) {
      rows.add(
          Table.Row.of(
              line.what(),
              Figures.quantity(line.quantity()),
              line.unit(),
              Figures.price(line.unitPrice(), cost.currency()),
              Figures.cents(line.total(), cost.currency())));
    }
    rows.add(
        Table.Row.marked(
            "strong", "Total", "", "", "", Figures.cents(cost.total(), cost.currency())));
    new Table(
            "Cost by line",
            List.of(
                Table.Column.text("what"),
                Table.Column.number("quantity"),
                Table.Column.text("unit"),
                Table.Column.number("price of one"),
                Table.Column.number("total")),
            rows)
        .write(html);
  }

  private String budget() {
    return plan.policy().stream()
        .filter(rule -> rule.id().equals("budget.maxCost"))
        .findFirst()
        .map(rule -> "The budget is " + rule.limit() + ".")
        .orElse("No budget is set.");
  }

  private Plan.CostLine largest() {
    return plan.cost().lines().stream()
        .max(Comparator.comparingDouble(Plan.CostLine::total))
        .orElseThrow();
  }

  private Chart chart() {
    Plan.Cost cost = plan.cost();
    double most = largest().total();
    double step = Ticks.step(most, 6);
    double to = step * Math.max(1, Math.ceil(most * 1.02 / step));
    return new BarChart(
        new BarChart.Axis(
            cost.currency() + " over the whole event",
            0,
            to,
            count -> Ticks.numbers(0, to, step, Figures::quantity)),
        List.of(),
        cost.lines().stream()
            .sorted(Comparator.comparingDouble(Plan.CostLine::total).reversed())
            .map(
                line ->
                    new BarChart.Row(
                        line.what(),
                        Figures.money(line.total(), cost.currency())
                            + " · "
                            + Figures.percent(100 * line.total() / Math.max(0.01, cost.total())),
                        "",
                        List.of(new BarChart.Bar(0, line.total(), "other"))))
            .toList(),
        List.of());
  }
}

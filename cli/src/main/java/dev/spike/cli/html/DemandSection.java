package dev.spike.cli.html;

import dev.spike.core.demand.DemandForecast;
import dev.spike.core.plan.Plan;
import java.time.Instant;
import java.util.List;

/** How many come, and when: sales, connections over the event, and each product's share. */
record DemandSection(Plan plan, EventTime time) implements Section {
  private static final int ROWS_MAX = 25;

  @Override
  public String id() {
    return "demand";
  }

  @Override
  public String title() {
    return "Demand";
  }

  @Override
  public void write(Markup html) {
    html.element("p", summary());
    concurrency(html);
    products().write(html);
  }

  private String summary() {
    DemandForecast demand = plan.demand();
    return "In half of "
        + Figures.count(plan.made().draws())
        + " draws at most "
        + Figures.count(demand.connections().p50())
        + " connections come, in nine of ten "
        + Figures.count(demand.connections().p90())
        + ", in 99 of 100 "
        + Figures.count(demand.connections().p99())
        + ". The plan covers "
        + demand.confidence()
        + ".";
  }

  private void concurrency(Markup html) {
    List<DemandForecast.ConcurrencyPoint> points = plan.demand().concurrency();
    if (points.size() < 2) {
      html.element("p", "This plan has no curve of connections over the event.", "class", "absent");
      return;
    }
    long most =
        points.stream().mapToLong(DemandForecast.ConcurrencyPoint::connections).max().orElse(0);
    LineChart chart =
        new LineChart(
            across(time, points.getFirst().at(), points.getLast().at()),
            new LineChart.Up("connections at one time", most),
            List.of(),
            List.of(
                new LineChart.Line(
                    plan.demand().confidence() + " (planned) " + Figures.count(most),
                    "planned",
                    points.stream()
                        .map(
                            point ->
                                new LineChart.Point(
                                    point.at().getEpochSecond(), (double) point.connections()))
                        .toList())),
            marks(),
            List.of());
    new ChartFigure(
            "chart-concurrency",
            "Connections over the event",
            says(points),
            chart,
            new Table(
                "Connections over the event",
                List.of(Table.Column.text("time"), Table.Column.number("connections")),
                ChartFigure.thinned(points, ROWS_MAX).stream()
                    .map(
                        point ->
                            Table.Row.of(time.both(point.at()), Figures.count(point.connections())))
                    .toList()))
        .write(html);
  }

  private String says(List<DemandForecast.ConcurrencyPoint> points) {
    DemandForecast.ConcurrencyPoint top = points.getFirst();
    for (DemandForecast.ConcurrencyPoint point : points) {
      top = point.connections() > top.connections() ? point : top;
    }
    return "The most of this curve is "
        + Figures.count(top.connections())
        + ", at "
        + time.both(top.at())
        + ".";
  }

  static LineChart.Across across(EventTime time, Instant from, Instant to) {
    return new LineChart.Across(
        time.axisTitle(),
        from.getEpochSecond(),
        to.getEpochSecond(),
        count -> Ticks.times(from, to, time, count));
  }

  private List<LineChart.Mark> marks() {
    return List.of(
        new LineChart.Mark(plan.event().startsAt().getEpochSecond(), "start"),
        new LineChart.Mark(plan.event().endsAt().getEpochSecond(), "end"));
  }

  private Table products() {
    return new Table(
        "Sales and connections of each product",
        List.of(
            Table.Column.text("product"),
            Table.Column.number("sold so far"),
            Table.Column.number("final sales p50"),
            Table.Column.number("final sales p90"),
            Table.Column.number("final sales p99"),
            Table.Column.number("connections p50"),
            Table.Column.number("connections p90"),
            Table.Column.number("connections p99")),
        plan.demand().products().stream()
            .map(
                product ->
                    Table.Row.of(
                        product.product(),
                        Figures.count(product.sold()),
                        Figures.count(product.finalSales().p50()),
                        Figures.count(product.finalSales().p90()),
                        Figures.count(product.finalSales().p99()),
                        Figures.count(product.connections().p50()),
                        Figures.count(product.connections().p90()),
                        Figures.count(product.connections().p99())))
            .toList());
  }
}

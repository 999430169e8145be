package dev.spike.cli.html;

import dev.spike.core.demand.DemandForecast;
import dev.spike.core.plan.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Tickets sold so far, and what the forecast makes of them until the start. */
record SalesFigure(Plan plan, EventTime time) {
  private static final int ROWS_MAX = 25;

  void write(Markup html) {
    List<DemandForecast.SalesPoint> counted =
        plan.demand().sales().stream().filter(point -> point.sold() != null).toList();
    List<DemandForecast.SalesPoint> ahead =
        plan.demand().sales().stream().filter(point -> point.sold() == null).toList();
    if (counted.size() < 2 || ahead.isEmpty()) {
      html.element("p", "This plan has no curve of sales.", "class", "absent");
      return;
    }
    ChartFigure.pair(html, sold(counted), forecast(ahead));
  }

  private long sold() {
    return plan.demand().products().stream().mapToLong(DemandForecast.ProductDemand::sold).sum();
  }

  private ChartFigure sold(List<DemandForecast.SalesPoint> points) {
    List<LineChart.Point> line = new ArrayList<>();
    List<Table.Row> rows = new ArrayList<>();
    for (DemandForecast.SalesPoint point : points) {
      line.add(new LineChart.Point(point.at().getEpochSecond(), sold(point)));
    }
    line.add(new LineChart.Point(plan.made().asOf().getEpochSecond(), sold()));
    for (DemandForecast.SalesPoint point : ChartFigure.thinned(points, ROWS_MAX)) {
      rows.add(Table.Row.of(time.both(point.at()), Figures.count(sold(point))));
    }
    return new ChartFigure(
        "chart-sales",
        "Tickets sold so far",
        Figures.count(sold()) + " tickets until " + time.both(plan.made().asOf()) + ".",
        chart(
            points.getFirst().at(),
            plan.made().asOf(),
            (double) sold(),
            List.of(),
            List.of(new LineChart.Line("counted", "sold", line))),
        new Table(
            "Tickets sold so far",
            List.of(Table.Column.text("time"), Table.Column.number("tickets sold")),
            rows));
  }

  private static long sold(DemandForecast.SalesPoint point) {
    Long sold = point.sold();
    return sold == null ? 0 : sold;
  }

  private ChartFigure forecast(List<DemandForecast.SalesPoint> points) {
    List<Fan.Moment> moments = new ArrayList<>();
    moments.add(new Fan.Moment(plan.made().asOf().getEpochSecond(), sold(), sold(), sold()));
    List<Table.Row> rows = new ArrayList<>();
    for (DemandForecast.SalesPoint point : points) {
      moments.add(
          new Fan.Moment(point.at().getEpochSecond(), point.p50(), point.p90(), point.p99()));
    }
    for (DemandForecast.SalesPoint point : ChartFigure.thinned(points, ROWS_MAX)) {
      rows.add(
          Table.Row.of(
              time.both(point.at()),
              Figures.count(point.p50()),
              Figures.count(point.p90()),
              Figures.count(point.p99())));
    }
    Fan fan = new Fan(moments);
    DemandForecast.SalesPoint last = points.getLast();
    return new ChartFigure(
        "chart-sales-ahead",
        "Tickets sold by the start",
        "Half of the forecasts stay below "
            + Figures.compact(last.p50())
            + ", 9 of 10 below "
            + Figures.compact(last.p90())
            + ", 99 of 100 below "
            + Figures.compact(last.p99())
            + ".",
        chart(plan.made().asOf(), last.at(), fan.most(), fan.bands(), fan.lines()),
        new Table(
            "Tickets sold by the start",
            List.of(
                Table.Column.text("time"),
                Table.Column.number("p50"),
                Table.Column.number("p90"),
                Table.Column.number("p99")),
            rows));
  }

  private Chart chart(
      Instant from,
      Instant to,
      double most,
      List<LineChart.Band> bands,
      List<LineChart.Line> lines) {
    return new LineChart(
        DemandSection.across(time, from, to),
        new LineChart.Up("tickets", most),
        bands,
        lines,
        List.of(),
        List.of());
  }
}

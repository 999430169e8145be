package dev.spike.cli.html;

import dev.spike.core.demand.DemandForecast;
import dev.spike.core.plan.Plan;
import java.util.List;

/** New connections per second over the event, beside the steepest second that is planned for. */
record ArrivalFigure(Plan plan, EventTime time) {
  private static final int ROWS_MAX = 25;

  void write(Markup html) {
    List<DemandForecast.ArrivalPoint> points = plan.demand().arrivals();
    if (points.size() < 2) {
      html.element("p", "This plan has no curve of arrivals.", "class", "absent");
      return;
    }
    new ChartFigure(
            "chart-arrivals", "New connections per second", says(), chart(points), numbers(points))
        .write(html);
  }

  private String says() {
    return "Expected are at most "
        + Figures.count(Math.round(plan.demand().mixturePeakPerSecond()))
        + " per second. The tier is sized for "
        + Figures.count(Math.round(plan.demand().arrivalPeakPerSecond()))
        + " per second, as if everybody came in the first ramp"
        + ", which a late start or a failed stream makes happen.";
  }

  private Chart chart(List<DemandForecast.ArrivalPoint> points) {
    return new LineChart(
        DemandSection.across(time, points.getFirst().at(), points.getLast().at()),
        new LineChart.Up("new connections per second", plan.demand().arrivalPeakPerSecond()),
        List.of(),
        List.of(
            new LineChart.Line(
                "expected, where the planned number comes",
                "planned",
                points.stream()
                    .map(
                        point ->
                            new LineChart.Point(point.at().getEpochSecond(), point.perSecond()))
                    .toList())),
        List.of(
            new LineChart.Mark(plan.event().startsAt().getEpochSecond(), "start"),
            new LineChart.Mark(plan.event().endsAt().getEpochSecond(), "end")),
        List.of(
            new LineChart.Level(
                plan.demand().arrivalPeakPerSecond(), "steepest second planned for", "capacity")));
  }

  private Table numbers(List<DemandForecast.ArrivalPoint> points) {
    return new Table(
        "New connections per second",
        List.of(Table.Column.text("time"), Table.Column.number("new connections per second")),
        ChartFigure.thinned(points, ROWS_MAX).stream()
            .map(
                point ->
                    Table.Row.of(
                        time.both(point.at()), Figures.count(Math.round(point.perSecond()))))
            .toList());
  }
}

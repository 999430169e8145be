package dev.spike.cli.html;

import dev.spike.core.demand.DemandForecast.ConcurrencyPoint;
import dev.spike.core.plan.Plan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Connections open at one time over the event, beside what the tier holds. */
record ConcurrencyFigure(Plan plan, EventTime time) {
  private static final int ROWS_MAX = 25;

  void write(Markup html) {
    if (plan.demand().concurrency().size() < 2) {
      html.element("p", "This plan has no curve of connections over the event.", "class", "absent");
      return;
    }
    new ChartFigure("chart-concurrency", "Connections open at one time", says(), chart(), numbers())
        .write(html);
  }

  private String says() {
    ConcurrencyPoint top =
        plan.demand().concurrency().stream()
            .max(Comparator.comparingLong(ConcurrencyPoint::connections))
            .orElseThrow();
    return "The planned "
        + Figures.compact(plan.demand().planned())
        + " are reached at "
        + time.both(top.at())
        + "."
        + Headroom.of(plan)
            .map(
                headroom ->
                    " The tier holds "
                        + Figures.compact(headroom.connectionsLeft())
                        + Survival.of(plan).words()
                        + ".")
            .orElse("");
  }

  private Chart chart() {
    List<ConcurrencyPoint> points = plan.demand().concurrency();
    Fan fan =
        new Fan(
            points.stream()
                .map(
                    point ->
                        new Fan.Moment(
                            point.at().getEpochSecond(), point.p50(), point.p90(), point.p99()))
                .toList());
    List<LineChart.Line> lines = new ArrayList<>(fan.lines());
    lines.add(
        new LineChart.Line(
            "planned for (" + plan.demand().confidence() + ")",
            "planned",
            points.stream()
                .map(
                    point ->
                        new LineChart.Point(
                            point.at().getEpochSecond(), (double) point.connections()))
                .toList()));
    List<LineChart.Level> levels = new ArrayList<>();
    Headroom.of(plan).ifPresent(headroom -> levels.add(level(headroom)));
    double most = Math.max(fan.most(), (double) plan.demand().planned());
    for (LineChart.Level level : levels) {
      most = Math.max(most, level.y());
    }
    return new LineChart(
        DemandSection.across(time, points.getFirst().at(), points.getLast().at()),
        new LineChart.Up("connections at one time", most),
        fan.bands(),
        lines,
        List.of(
            new LineChart.Mark(plan.event().startsAt().getEpochSecond(), "start"),
            new LineChart.Mark(plan.event().endsAt().getEpochSecond(), "end")),
        levels);
  }

  private LineChart.Level level(Headroom headroom) {
    return new LineChart.Level(
        headroom.connectionsLeft(), "what the tier holds" + Survival.of(plan).words(), "capacity");
  }

  private Table numbers() {
    return new Table(
        "Connections open at one time",
        List.of(
            Table.Column.text("time"),
            Table.Column.number("p50"),
            Table.Column.number("p90"),
            Table.Column.number("p99"),
            Table.Column.number("planned for")),
        ChartFigure.thinned(plan.demand().concurrency(), ROWS_MAX).stream()
            .map(
                point ->
                    Table.Row.of(
                        time.both(point.at()),
                        Figures.count(point.p50()),
                        Figures.count(point.p90()),
                        Figures.count(point.p99()),
                        Figures.count(point.connections())))
            .toList());
  }
}

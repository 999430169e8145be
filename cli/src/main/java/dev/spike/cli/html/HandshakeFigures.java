package dev.spike.cli.html;

import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.capacity.CapacityPlan.BacklogPoint;
import dev.spike.core.plan.Plan;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The steepest ramp beside what the tier can do with one zone lost, and what waits meanwhile: both
 * over the same seconds.
 */
record HandshakeFigures(Plan plan) {
  private static final int ROWS_MAX = 25;
  private static final String SECONDS = "seconds from the ramp's midpoint";

  void write(Markup html) {
    List<BacklogPoint> curve = backlog().curve();
    if (curve.size() < 2) {
      html.element("p", "This plan has no curve of handshakes.", "class", "absent");
      return;
    }
    ChartFigure.pair(
        html,
        new ChartFigure(
            "chart-handshakes", "Handshakes asked for", attemptsSay(), attempts(curve), Table.NONE),
        new ChartFigure(
            "chart-backlog",
            "Clients waiting for theirs",
            waitingSays(),
            waiting(curve),
            numbers()));
  }

  private CapacityPlan.HandshakeBacklog backlog() {
    return plan.capacity().handshakeBacklog();
  }

  private double peak() {
    return backlog().curve().stream().mapToDouble(BacklogPoint::arrivalsPerSecond).max().orElse(0);
  }

  private String attemptsSay() {
    return "At most "
        + Figures.rounded(peak())
        + " per second, retries included; the nodes "
        + "do "
        + Figures.rounded(backlog().capacityPerSecond())
        + " per second"
        + Survival.of(plan).words()
        + ".";
  }

  private String waitingSays() {
    CapacityPlan.Simulated simulated = backlog().simulated();
    String fluid =
        backlog().max() == 0
            ? "By the formula nobody waits, as the nodes are faster than the ramp."
            : "By the formula at most "
                + Figures.count(backlog().max())
                + " wait, "
                + Figures.duration(backlog().waitSeconds())
                + " at most.";
    return fluid
        + " Simulated client by client: at most "
        + Figures.count(simulated.max())
        + " wait, 99 of 100 less than "
        + Figures.duration(simulated.waitP99Seconds())
        + "; "
        + Figures.count(simulated.timedOut())
        + " time out. Allowed: "
        + Figures.duration(backlog().waitSecondsMax())
        + ".";
  }

  private Chart attempts(List<BacklogPoint> curve) {
    return new LineChart(
        across(curve),
        new LineChart.Up("handshakes per second", Math.max(peak(), backlog().capacityPerSecond())),
        List.of(),
        List.of(
            new LineChart.Line(
                "asked for", "simulated", points(curve, BacklogPoint::arrivalsPerSecond))),
        List.of(),
        List.of(
            new LineChart.Level(backlog().capacityPerSecond(), "the nodes' limit", "capacity")));
  }

  private Chart waiting(List<BacklogPoint> curve) {
    double most =
        curve.stream()
            .mapToDouble(point -> Math.max(point.waiting(), point.fluidWaiting()))
            .max()
            .orElse(0);
    return new LineChart(
        across(curve),
        new LineChart.Up("clients waiting", Math.max(most, 10)),
        List.of(),
        List.of(
            new LineChart.Line("simulated", "simulated", points(curve, BacklogPoint::waiting)),
            new LineChart.Line(
                "by the formula", "fluid", points(curve, BacklogPoint::fluidWaiting))),
        List.of(),
        List.of());
  }

  private static LineChart.Across across(List<BacklogPoint> curve) {
    double from = curve.getFirst().seconds();
    double to = curve.getLast().seconds();
    return new LineChart.Across(
        SECONDS,
        from,
        to,
        count -> Ticks.numbers(from, to, Ticks.step(to - from, count), Figures::quantity));
  }

  private static List<LineChart.Point> points(
      List<BacklogPoint> curve, ToDoubleFunction<BacklogPoint> of) {
    return curve.stream()
        .map(point -> new LineChart.Point(point.seconds(), of.applyAsDouble(point)))
        .toList();
  }

  private Table numbers() {
    return new Table(
        "Handshakes asked for, and clients waiting",
        List.of(
            Table.Column.number(SECONDS),
            Table.Column.number("asked for per second"),
            Table.Column.number("waiting, simulated"),
            Table.Column.number("waiting, by the formula")),
        ChartFigure.thinned(backlog().curve(), ROWS_MAX).stream()
            .map(
                point ->
                    Table.Row.of(
                        Figures.rounded(point.seconds()),
                        Figures.rounded(point.arrivalsPerSecond()),
                        Figures.count(point.waiting()),
                        Figures.count(point.fluidWaiting())))
            .toList());
  }
}

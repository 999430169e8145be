package dev.spike.cli.html;

import dev.spike.core.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How many nodes stand when. */
record LadderSection(Plan plan, EventTime time) implements Section {
  @Override
  public String id() {
    return "ladder";
  }

  @Override
  public String title() {
    return "Ladder: how many machines stand when";
  }

  @Override
  public String shortTitle() {
    return "Ladder";
  }

  @Override
  public void write(Markup html) {
    List<Plan.LadderStep> steps = plan.ladder();
    if (steps.isEmpty()) {
      html.element("p", "This plan has no ladder.", "class", "absent");
      return;
    }
    Instant from = steps.getFirst().at();
    Instant last = steps.getLast().at();
    Duration room = Duration.between(from, last).dividedBy(14).plusMinutes(30);
    from = from.minus(room);
    Instant to = last.plus(room);
    List<LineChart.Point> points = new ArrayList<>();
    List<LineChart.Span> area = new ArrayList<>();
    int nodes = 0;
    add(points, area, from, nodes);
    for (Plan.LadderStep step : steps) {
      add(points, area, step.at(), nodes);
      nodes = step.nodes();
      add(points, area, step.at(), nodes);
    }
    add(points, area, to, nodes);
    List<LineChart.Mark> marks = new ArrayList<>();
    marks.add(new LineChart.Mark(plan.event().startsAt().getEpochSecond(), "event"));
    for (Instant verify : plan.schedule().verifyAt()) {
      marks.add(new LineChart.Mark(verify.getEpochSecond(), "verify"));
    }
    int most = steps.stream().mapToInt(Plan.LadderStep::nodes).max().orElse(1);
    LineChart chart =
        new LineChart(
            DemandSection.across(time, from, to),
            new LineChart.Up("nodes", most),
            List.of(new LineChart.Band("", "tier", area)),
            List.of(new LineChart.Line("nodes that stand", "planned", points)),
            marks,
            List.of());
    new ChartFigure(
            "chart-ladder",
            "Nodes over time",
            "From "
                + time.brief(steps.getFirst().at())
                + " to "
                + time.brief(last)
                + ", at most "
                + Figures.count(most, "node")
                + ".",
            chart,
            Table.NONE)
        .write(html);
    new Table(
            "The ladder",
            List.of(
                Table.Column.text("from"),
                Table.Column.text("to the start"),
                Table.Column.number("nodes"),
                Table.Column.text("why")),
            steps.stream()
                .map(
                    step ->
                        Table.Row.of(
                            time.both(step.at()),
                            time.toStart(step.at()),
                            Figures.count(step.nodes()),
                            step.why()))
                .toList())
        .writeFolded(html, "What happens at each step");
  }

  private static void add(
      List<LineChart.Point> points, List<LineChart.Span> area, Instant at, double nodes) {
    points.add(new LineChart.Point(at.getEpochSecond(), nodes));
    area.add(new LineChart.Span(at.getEpochSecond(), 0, nodes));
  }
}

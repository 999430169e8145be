package dev.spike.cli.html;

import dev.spike.core.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What must be asked for by when, and what is lost after it. */
record CalendarSection(Plan plan, EventTime time) implements Section {
  @Override
  public String id() {
    return "calendar";
  }

  @Override
  public String title() {
    return "Calendar: what must be asked for by when";
  }

  @Override
  public String shortTitle() {
    return "Calendar";
  }

  @Override
  public void write(Markup html) {
    List<Plan.CalendarEntry> entries = plan.calendar();
    if (entries.isEmpty()) {
      html.element("p", "Nothing has to be asked for.", "class", "absent");
      return;
    }
    new ChartFigure(
            "chart-calendar",
            "Time left for each step",
            "Bars run from the plan's instant, "
                + time.brief(plan.made().asOf())
                + ", to the last moment to ask; a bar to the left of it is too late.",
            chart(entries),
            Table.NONE)
        .write(html);
    List<Table.Row> rows = new ArrayList<>();
    for (Plan.CalendarEntry entry : entries) {
      rows.add(
          new Table.Row(
              "",
              List.of(
                  new Table.Cell(entry.what(), ""),
                  new Table.Cell(entry.state(), css(entry.state())),
                  new Table.Cell(time.both(entry.askBy()), ""),
                  new Table.Cell(time.toStart(entry.askBy()), ""),
                  new Table.Cell(entry.lost(), ""))));
    }
    new Table(
            "The calendar",
            List.of(
                Table.Column.text("what"),
                Table.Column.text("state"),
                Table.Column.text("ask by"),
                Table.Column.text("to the start"),
                Table.Column.text("lost when it is too late")),
            rows)
        .writeFolded(html, "Each date, and what is lost when it is too late");
  }

  private Chart chart(List<Plan.CalendarEntry> entries) {
    Instant asOf = plan.made().asOf();
    Instant first = asOf;
    Instant last = plan.event().startsAt();
    for (Plan.CalendarEntry entry : entries) {
      first = entry.askBy().isBefore(first) ? entry.askBy() : first;
      last = entry.askBy().isAfter(last) ? entry.askBy() : last;
    }
    Instant from = first.minus(Duration.between(first, last).dividedBy(40));
    Instant to = last;
    List<BarChart.Row> rows = new ArrayList<>();
    for (Plan.CalendarEntry entry : entries) {
      rows.add(
          new BarChart.Row(
              entry.what(),
              entry.state() + " · " + time.day(entry.askBy()),
              entry.state().equals("too late") ? "strong" : "",
              List.of(
                  new BarChart.Bar(
                      asOf.getEpochSecond(), entry.askBy().getEpochSecond(), css(entry.state())))));
    }
    return new BarChart(
        new BarChart.Axis(
            time.axisTitle(),
            from.getEpochSecond(),
            to.getEpochSecond(),
            count -> Ticks.times(from, to, time, count)),
        keys(entries),
        rows,
        List.of(new BarChart.Rule(asOf.getEpochSecond(), "this plan, " + time.day(asOf))));
  }

  /** The states that there are. */
  private static List<BarChart.Key> keys(List<Plan.CalendarEntry> entries) {
    return entries.stream()
        .map(Plan.CalendarEntry::state)
        .distinct()
        .map(state -> new BarChart.Key(says(state), css(state)))
        .toList();
  }

  private static String says(String state) {
    return switch (state) {
      case "ok" -> "ok: more than a week left";
      case "due" -> "due: within a week";
      default -> "too late: the last moment has passed";
    };
  }

  /** The class of a state's mark. */
  static String css(String state) {
    return switch (state) {
      case "ok" -> "ok";
      case "due" -> "due";
      default -> "late";
    };
  }
}

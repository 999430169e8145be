package dev.spike.cli.html;

import dev.spike.core.plan.Plan;
import dev.spike.core.spec.Assumption;
import dev.spike.core.spec.Origin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Every value the plan rests on, with where it comes from. */
record AssumptionSection(Plan plan) implements Section {
  @Override
  public String id() {
    return "assumptions";
  }

  @Override
  public String title() {
    return "Assumptions";
  }

  @Override
  public void write(Markup html) {
    html.open("p");
    for (Origin origin : Origin.values()) {
      long count = plan.assumptions().stream().filter(a -> a.origin() == origin).count();
      html.element(
              "span", Figures.count(count) + " " + origin.text(), "class", "chip " + css(origin))
          .text(" ");
    }
    html.text(
        "Given stands in the event file; measured was counted in the sales or on a node; a default"
            + " was taken because nothing was said: confirm these first.");
    html.close();
    for (Map.Entry<String, List<Assumption>> group : groups().entrySet()) {
      html.element("h3", group.getKey());
      table(group.getKey(), group.getValue()).write(html);
    }
  }

  private Map<String, List<Assumption>> groups() {
    Map<String, List<Assumption>> groups = new LinkedHashMap<>();
    for (Assumption assumption : plan.assumptions()) {
      String first = assumption.name().split("\\.", 2)[0];
      String group =
          first.isEmpty()
              ? "Other"
              : first.substring(0, 1).toUpperCase(Locale.ROOT) + first.substring(1);
      groups.computeIfAbsent(group, name -> new ArrayList<>()).add(assumption);
    }
    return groups;
  }

  private static Table table(String group, List<Assumption> assumptions) {
    List<Table.Row> rows = new ArrayList<>();
    for (Assumption assumption : assumptions) {
      rows.add(
          new Table.Row(
              "",
              List.of(
                  new Table.Cell(assumption.name(), ""),
                  new Table.Cell(assumption.value(), ""),
                  new Table.Cell(assumption.origin().text(), css(assumption.origin())),
                  new Table.Cell(assumption.source(), ""))));
    }
    return new Table(
        "Assumptions: " + group,
        List.of(
            Table.Column.text("input"),
            Table.Column.text("value"),
            Table.Column.text("origin"),
            Table.Column.text("source")),
        rows);
  }

  private static String css(Origin origin) {
    return switch (origin) {
      case GIVEN -> "given";
      case MEASURED -> "ok";
      case DEFAULT -> "due";
    };
  }
}

package dev.spike.cli.html;

import dev.spike.core.plan.Plan;
import dev.spike.core.spec.Assumption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Every value the plan rests on, with where it comes from. */
record AssumptionSection(Plan plan) implements Section {
  /** A number that is long enough to need separators, and its unit. */
  private static final Pattern LONG_NUMBER = Pattern.compile("(\\d{5,12}|\\d{4}(?= ))(?: (.+))?");

  private static final Pattern SPREAD = Pattern.compile("\\{mean: ([^,}]+), (weight|cv): ([^}]+)}");

  @Override
  public String id() {
    return "assumptions";
  }

  @Override
  public String title() {
    return "Assumptions: what the plan rests on";
  }

  @Override
  public String shortTitle() {
    return "Assumptions";
  }

  @Override
  public void write(Markup html) {
    html.open("ul", "class", "origins");
    for (KnownFrom known : KnownFrom.values()) {
      html.open("li")
          .element(
              "span",
              Figures.count(count(plan, known)) + " " + known.word(),
              "class",
              "chip " + known.css())
          .text(" " + known.meaning())
          .close();
    }
    html.close();
    for (Map.Entry<String, List<Assumption>> group : groups().entrySet()) {
      html.element("h3", group.getKey());
      html.open("div", "class", "aligned");
      table(group.getKey(), group.getValue())
          .writeFolded(html, Figures.count(group.getValue().size(), "value"));
      html.close();
    }
  }

  /** How many of a plan's values are known that well. */
  static long count(Plan plan, KnownFrom known) {
    return plan.assumptions().stream().filter(a -> KnownFrom.of(a, plan) == known).count();
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

  private Table table(String group, List<Assumption> assumptions) {
    List<Table.Row> rows = new ArrayList<>();
    for (Assumption assumption : assumptions) {
      rows.add(
          new Table.Row(
              "",
              List.of(
                  new Table.Cell(assumption.name(), ""),
                  new Table.Cell(shown(assumption.value()), ""),
                  KnownFrom.of(assumption, plan).cell(),
                  new Table.Cell(assumption.source(), ""))));
    }
    return new Table(
        "Assumptions: " + group,
        List.of(
            Table.Column.text("input"),
            Table.Column.text("value"),
            Table.Column.text("known from"),
            Table.Column.text("source")),
        rows);
  }

  private static String unit(@Nullable String written) {
    if (written == null) {
      return "";
    }
    return switch (written) {
      case "bit/s" -> "bits per second";
      case "1/s" -> "per second";
      default -> written;
    };
  }

  /** As people read it: thousands separated, a spread without braces. */
  static String shown(String value) {
    Matcher number = LONG_NUMBER.matcher(value);
    if (number.matches()) {
      return Figures.quantity(Double.parseDouble(number.group(1)), unit(number.group(2))).strip();
    }
    Matcher spread = SPREAD.matcher(value);
    return spread.matches()
        ? "mean %s, %s %s".formatted(spread.group(1), spread.group(2), spread.group(3))
        : value;
  }
}

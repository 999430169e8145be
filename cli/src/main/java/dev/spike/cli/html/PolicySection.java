package dev.spike.cli.html;

import dev.spike.core.plan.Plan;
import java.util.ArrayList;
import java.util.List;

/** What the rules of the event file say of the plan. */
record PolicySection(Plan plan) implements Section {
  @Override
  public String id() {
    return "policy";
  }

  @Override
  public String title() {
    return "Rules that the plan must keep";
  }

  @Override
  public String shortTitle() {
    return "Rules";
  }

  @Override
  public void write(Markup html) {
    if (plan.policy().isEmpty()) {
      html.element("p", "No rule was asked for.", "class", "absent");
      return;
    }
    List<Table.Column> columns =
        new ArrayList<>(
            List.of(
                Table.Column.text("rule"),
                Table.Column.text("result"),
                Table.Column.text("this plan"),
                Table.Column.text("limit")));
    boolean broken = !plan.violations().isEmpty();
    if (broken) {
      columns.add(Table.Column.text("what to do"));
    }
    List<Table.Row> rows = new ArrayList<>();
    for (Plan.PolicyResult rule : plan.policy()) {
      List<Table.Cell> cells = new ArrayList<>();
      cells.add(new Table.Cell(says(rule.id()), ""));
      cells.add(new Table.Cell(rule.passed() ? "kept" : "broken", rule.passed() ? "ok" : "late"));
      cells.add(new Table.Cell(Figures.tidied(rule.observed()), ""));
      cells.add(new Table.Cell(Figures.tidied(rule.limit()), ""));
      if (broken) {
        cells.add(new Table.Cell(rule.passed() ? "nothing" : rule.next(), ""));
      }
      rows.add(new Table.Row("", cells));
    }
    new Table("The rules", columns, rows).write(html);
  }

  /** A rule in words, with its name in the event file; an unknown one by its name alone. */
  static String says(String id) {
    return switch (id) {
      case "budget.maxCost" -> "The cost stays within the budget (budget.maxCost)";
      case "budget.minimumLead" -> "There is time before provisioning (budget.minimumLead)";
      case "budget.minimumZones" -> "The tier stands in enough zones (budget.minimumZones)";
      case "clients.handshakeTimeout" ->
          "Nobody waits longer than clients do (clients.handshakeTimeout)";
      case "clients.reconnectJitter" ->
          "The clients of a lost zone come back slowly enough (clients.reconnectJitter)";
      case "service.handshakeP99" -> "A node answers in time (service.handshakeP99)";
      default -> id;
    };
  }
}

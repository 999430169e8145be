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
    return "Rules";
  }

  @Override
  public void write(Markup html) {
    if (plan.policy().isEmpty()) {
      html.element("p", "No rule was asked for.", "class", "absent");
      return;
    }
    List<Table.Row> rows = new ArrayList<>();
    for (Plan.PolicyResult rule : plan.policy()) {
      rows.add(
          new Table.Row(
              "",
              List.of(
                  new Table.Cell(rule.id(), ""),
                  new Table.Cell(rule.passed() ? "kept" : "broken", rule.passed() ? "ok" : "late"),
                  new Table.Cell(rule.observed(), ""),
                  new Table.Cell(rule.limit(), ""),
                  new Table.Cell(rule.passed() ? "" : rule.next(), ""))));
    }
    new Table(
            "The rules",
            List.of(
                Table.Column.text("rule"),
                Table.Column.text("result"),
                Table.Column.text("observed"),
                Table.Column.text("limit"),
                Table.Column.text("what to do")),
            rows)
        .write(html);
  }
}

package dev.spike.cli.html;

import dev.spike.core.plan.PlanDifference;
import java.util.ArrayList;
import java.util.List;

/** What changed since an earlier plan of the event, and why. */
record ChangeSection(PlanDifference difference) implements Section {
  @Override
  public String id() {
    return "changes";
  }

  @Override
  public String title() {
    return "What changed, and why";
  }

  @Override
  public String shortTitle() {
    return "Changes";
  }

  @Override
  public void write(Markup html) {
    html.element("p", summary());
    beforeAndAfter().write(html);
    html.element("h3", "Causes");
    if (difference.causes().isEmpty()) {
      html.element("p", "Every input is the same as in the earlier plan.", "class", "absent");
    } else {
      html.element(
          "p",
          "The earlier plan's inputs were exchanged for this plan's one after the other, in the"
              + " order of the table, and each time the tier was sized and priced again. So the"
              + " causes add up to the difference exactly; what two changes do only together stands"
              + " at the later one.");
      causes().write(html);
    }
    html.element("h3", "Resources");
    if (difference.resources().isEmpty()) {
      html.element("p", "No resource changes.", "class", "absent");
    } else {
      html.open("ul");
      resources(html, "added", "+ ");
      resources(html, "changed", "~ ");
      resources(html, "taken away", "- ");
      html.close();
    }
  }

  private void resources(Markup html, String words, String sign) {
    List<String> those =
        difference.resources().stream()
            .filter(resource -> resource.startsWith(sign))
            .map(resource -> resource.substring(sign.length()))
            .toList();
    if (!those.isEmpty()) {
      html.element("li", words + ": " + String.join(", ", those));
    }
  }

  private String summary() {
    return "Since the plan made "
        + EventTime.size(difference.since())
        + " before the start: "
        + Figures.signed(difference.nodes())
        + (Math.abs(difference.nodes()) == 1 ? " node, " : " nodes, ")
        + signed(difference.cents())
        + ".";
  }

  private Table beforeAndAfter() {
    PlanDifference.Figures before = difference.before();
    PlanDifference.Figures after = difference.after();
    return new Table(
        "Before and after",
        List.of(
            Table.Column.text("what"),
            Table.Column.number("before"),
            Table.Column.number("now"),
            Table.Column.number("difference")),
        List.of(
            row("tickets sold", before.sold(), after.sold()),
            row("connections planned for", before.connections(), after.connections()),
            row("nodes", before.nodes(), after.nodes()),
            Table.Row.of(
                "total cost",
                Figures.cents(before.cents() / 100.0, difference.currency()),
                Figures.cents(after.cents() / 100.0, difference.currency()),
                signed(difference.cents()))));
  }

  private static Table.Row row(String what, long before, long after) {
    return Table.Row.of(
        what, Figures.count(before), Figures.count(after), Figures.signed(after - before));
  }

  private Table causes() {
    List<Table.Row> rows = new ArrayList<>();
    for (PlanDifference.Cause cause : difference.causes()) {
      rows.add(
          Table.Row.of(
              cause.input(),
              cause.change(),
              Figures.signed(cause.connections()),
              Figures.signed(cause.nodes()),
              signed(cause.cents())));
    }
    rows.add(
        Table.Row.marked(
            "strong",
            "Together",
            "",
            Figures.signed(difference.after().connections() - difference.before().connections()),
            Figures.signed(difference.nodes()),
            signed(difference.cents())));
    return new Table(
        "Causes of the difference",
        List.of(
            Table.Column.text("cause"),
            Table.Column.text("change"),
            Table.Column.number("connections"),
            Table.Column.number("nodes"),
            Table.Column.number("cost")),
        rows);
  }

  private String signed(long cents) {
    String amount = Figures.cents(Math.abs(cents) / 100.0, difference.currency());
    return cents == 0 ? "±0" : (cents < 0 ? "-" : "+") + amount;
  }
}

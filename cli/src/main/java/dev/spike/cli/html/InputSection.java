package dev.spike.cli.html;

import dev.spike.core.plan.Plan;
import dev.spike.core.sales.SourceReport;
import java.util.List;
import java.util.Map;

/** What was read, and what was not counted and why. */
record InputSection(Plan plan) implements Section {
  @Override
  public String id() {
    return "inputs";
  }

  @Override
  public String title() {
    return "Ticket data that was read";
  }

  @Override
  public String shortTitle() {
    return "Tickets";
  }

  @Override
  public void write(Markup html) {
    new Table(
            "What was read",
            List.of(
                Table.Column.text("source"),
                Table.Column.text("type"),
                Table.Column.number("rows read"),
                Table.Column.number("accepted"),
                Table.Column.number("rejected"),
                Table.Column.number("left out"),
                Table.Column.text("digest")),
            plan.inputs().stream()
                .map(
                    source ->
                        Table.Row.of(
                            source.name(),
                            source.type(),
                            Figures.count(source.read()),
                            Figures.count(source.accepted()),
                            Figures.count(source.rejected()),
                            Figures.count(
                                source.leftOut().values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum()),
                            source.digest()))
                .toList())
        .write(html);
    for (SourceReport source : plan.inputs()) {
      reasons(html, source.name() + ": rejected", source.rejectedByReason());
      reasons(html, source.name() + ": understood, but not counted", source.leftOut());
      if (!source.firstRejected().isEmpty()) {
        html.element("h3", source.name() + ": the first rejected rows").open("ul");
        source.firstRejected().forEach(row -> html.element("li", row));
        html.close();
      }
    }
  }

  private static void reasons(Markup html, String title, Map<String, Long> byReason) {
    if (byReason.isEmpty()) {
      return;
    }
    html.element("h3", title).open("ul");
    byReason.forEach(
        (reason, rows) -> html.element("li", Figures.count(rows, "row") + ": " + reason));
    html.close();
  }
}

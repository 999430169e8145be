package dev.spike.cli.html;

import dev.spike.core.plan.Plan;
import java.util.ArrayList;
import java.util.List;

/** How to make the same plan again. */
record OriginSection(Plan plan, EventTime time) implements Section {
  @Override
  public String id() {
    return "reproduce";
  }

  @Override
  public String title() {
    return "How to make this plan again";
  }

  @Override
  public String shortTitle() {
    return "Reproduce";
  }

  @Override
  public void write(Markup html) {
    html.element(
        "p", "The same files, instant and seed give the same plan to the byte, with this digest.");
    html.open("pre")
        .element(
            "code",
            "spike plan EVENT.yaml --as-of "
                + plan.made().asOf()
                + " --seed "
                + plan.made().seed()
                + " --provider "
                + plan.provider().name()
                + " -o plan.json")
        .close();
    List<Table.Row> rows = new ArrayList<>();
    rows.add(Table.Row.of("Digest of the plan", plan.digest()));
    rows.add(Table.Row.of("Digest of the event file", plan.made().eventFile()));
    rows.add(
        Table.Row.of(
            "Known until",
            time.full(plan.made().asOf()) + ", " + time.toStart(plan.made().asOf())));
    rows.add(
        Table.Row.of(
            "Seed and draws",
            plan.made().seed() + ", " + Figures.count(plan.made().draws(), "draw")));
    rows.add(Table.Row.of("spike", plan.made().version() + ", " + plan.schema()));
    new Table(
            "Where the plan comes from",
            List.of(Table.Column.text("what"), Table.Column.text("value")),
            rows)
        .write(html);
  }
}

package dev.spike.cli.html;

import dev.spike.core.demand.DemandForecast;
import dev.spike.core.plan.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** How many come, and when: sales, connections and arrivals over the event, each product. */
record DemandSection(Plan plan, EventTime time) implements Section {
  @Override
  public String id() {
    return "demand";
  }

  @Override
  public String title() {
    return "Demand: how many come, and when";
  }

  @Override
  public String shortTitle() {
    return "Demand";
  }

  @Override
  public void write(Markup html) {
    html.element("p", summary());
    new SalesFigure(plan, time).write(html);
    new ConcurrencyFigure(plan, time).write(html);
    new ArrivalFigure(plan, time).write(html);
    html.element("h3", "Each product");
    products().write(html);
  }

  private String summary() {
    DemandForecast demand = plan.demand();
    return "Of "
        + Figures.count(plan.made().draws())
        + " possible courses of this event, half bring at most "
        + Figures.count(demand.connections().p50())
        + " connections at one time, 9 of 10 at most "
        + Figures.count(demand.connections().p90())
        + ", and 99 of 100 at most "
        + Figures.count(demand.connections().p99())
        + ". The plan covers "
        + demand.confidence()
        + ": "
        + Figures.count(demand.planned())
        + ".";
  }

  static LineChart.Across across(EventTime time, Instant from, Instant to) {
    return new LineChart.Across(
        time.axisTitle(),
        from.getEpochSecond(),
        to.getEpochSecond(),
        count -> Ticks.times(from, to, time, count));
  }

  private Table products() {
    List<Table.Row> rows = new ArrayList<>();
    for (DemandForecast.ProductDemand product : plan.demand().products()) {
      rows.add(
          Table.Row.of(
              product.product(),
              Figures.count(product.sold()),
              Figures.count(product.finalSales().p50()),
              Figures.count(product.finalSales().p90()),
              Figures.count(product.finalSales().p99()),
              Figures.count(product.connections().p50()),
              Figures.count(product.connections().p90()),
              Figures.count(product.connections().p99())));
    }
    return new Table(
        "Sales and connections of each product",
        List.of(
            Table.Column.text("product"),
            Table.Column.number("sold so far"),
            Table.Column.number("final sales p50"),
            Table.Column.number("final sales p90"),
            Table.Column.number("final sales p99"),
            Table.Column.number("connections p50"),
            Table.Column.number("connections p90"),
            Table.Column.number("connections p99")),
        rows);
  }
}

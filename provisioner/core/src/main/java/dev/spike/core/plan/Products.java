package dev.spike.core.plan;

import dev.spike.core.sales.TicketSales;
import dev.spike.core.spec.Assumption;
import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.Origin;
import dev.spike.core.spec.Priors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The products of the event file and those of the sources, made one. */
record Products(SortedMap<String, EventSpec.Product> products, List<Assumption> assumptions) {

  static Products of(EventSpec spec, TicketSales sales, Advice advice) {
    SortedMap<String, EventSpec.Product> products = new TreeMap<>(spec.tickets().products());
    List<Assumption> assumptions = new ArrayList<>();
    for (String name : sales.history().byProduct().keySet()) {
      if (!products.containsKey(name)) {
        EventSpec.Product prior = Priors.undeclared();
        products.put(name, prior);
        assumptions.add(
            new Assumption(
                path(name),
                "stream, showRate "
                    + prior.showRate()
                    + ", connectionsPerTicket "
                    + prior.connectionsPerTicket(),
                Origin.DEFAULT,
                Priors.UNDECLARED_SOURCE));
        advice.undeclared(name, spec.tickets().products().keySet());
      }
    }
    for (String name : List.copyOf(products.keySet())) {
      long count = sales.history().sold(name);
      assumptions.add(
          new Assumption(
              path(name) + ".sold", Long.toString(count), Origin.MEASURED, "ticket sources"));
      if (count == 0) {
        advice.unsold(name);
      }
      products.computeIfPresent(name, (key, product) -> bounded(key, product, sales, assumptions));
      overSold(name, count, products.get(name), advice);
    }
    return new Products(products, assumptions);
  }

  /** What a ticket of each becomes, on the mean. */
  SortedMap<String, Basis.TicketMeans> means() {
    SortedMap<String, Basis.TicketMeans> means = new TreeMap<>();
    products.forEach(
        (name, product) ->
            means.put(
                name,
                new Basis.TicketMeans(
                    product.showRate().mean(), product.connectionsPerTicket().mean())));
    return means;
  }

  private static void overSold(
      String name,
      long count,
      EventSpec.@org.jspecify.annotations.Nullable Product product,
      Advice advice) {
    if (product != null && product.capacity().isPresent() && product.capacity().get() < count) {
      advice.overSold(name, count, product.capacity().get());
    }
  }

  private static EventSpec.Product bounded(
      String name, EventSpec.Product product, TicketSales sales, List<Assumption> assumptions) {
    if (product.capacity().isPresent()) {
      assumptions.add(
          new Assumption(
              path(name) + ".capacity",
              product.capacity().get().toString(),
              Origin.GIVEN,
              "event file"));
      return product;
    }
    Long quota = sales.capacities().get(name);
    assumptions.add(
        new Assumption(
            path(name) + ".capacity",
            quota == null ? "none" : quota.toString(),
            quota == null ? Origin.DEFAULT : Origin.MEASURED,
            quota == null ? "sales have no bound" : "the export's quotas"));
    return new EventSpec.Product(
        product.admission(),
        Optional.ofNullable(quota),
        product.showRate(),
        product.connectionsPerTicket());
  }

  private static String path(String name) {
    return "tickets.products." + name;
  }
}

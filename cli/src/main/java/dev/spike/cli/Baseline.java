package dev.spike.cli;

import dev.spike.cli.view.Words;
import dev.spike.core.plan.Plan;
import dev.spike.core.resource.Resource;
import dev.spike.core.sales.SourceReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What changed between two plans of one event, and why. */
final class Baseline {
  private Baseline() {}

  /**
   * The difference.
   *
   * @param sentence such as {@code T-96 h: sales +18.0 %, connections +16.2 %: +3 nodes, +$610.00}
   * @param changesResources whether provisioning the new plan changes anything
   */
  record Difference(String sentence, boolean changesResources, Map<String, Object> facts) {}

  static Difference compare(Plan old, Plan plan) {
    double sales = change(accepted(old), accepted(plan));
    double connections = change(old.demand().planned(), plan.demand().planned());
    int nodes = plan.capacity().nodes() - old.capacity().nodes();
    double cost = plan.cost().total() - old.cost().total();
    List<String> different = differentResources(old, plan);
    Duration before = Duration.between(old.made().asOf(), old.event().startsAt());
    String sentence =
        String.format(
            Locale.ROOT,
            "T-%d h: sales %+.1f %%, connections %+.1f %%: %s%s, %s%s; %s",
            before.toHours(),
            sales,
            connections,
            nodes < 0 ? "-" : "+",
            Words.count(Math.abs(nodes), "node"),
            cost < 0 ? "-" : "+",
            Words.money(Math.abs(cost), plan.cost().currency()),
            different.isEmpty() ? "no resource changes" : String.join(", ", different));
    Map<String, Object> facts = new TreeMap<>();
    facts.put("salesPercent", sales);
    facts.put("connectionsPercent", connections);
    facts.put("nodes", nodes);
    facts.put("cost", cost);
    facts.put("resources", different);
    return new Difference(sentence, !different.isEmpty(), facts);
  }

  private static List<String> differentResources(Plan old, Plan plan) {
    Map<String, Resource> before = new HashMap<>();
    old.resources().forEach(resource -> before.put(resource.id().value(), resource));
    List<String> different = new ArrayList<>();
    for (Resource resource : plan.resources()) {
      Resource was = before.remove(resource.id().value());
      if (was == null) {
        different.add("+ " + resource.id());
      } else if (!was.equals(resource)) {
        different.add("~ " + resource.id());
      }
    }
    before.keySet().stream().sorted().forEach(id -> different.add("- " + id));
    return different;
  }

  private static long accepted(Plan plan) {
    return plan.inputs().stream()
        .filter(SourceReport::isOfEvent)
        .mapToLong(SourceReport::accepted)
        .sum();
  }

  /** In percent; 0 where there was nothing before. */
  private static double change(long before, long after) {
    return before == 0 ? 0 : 100.0 * (after - before) / before;
  }
}

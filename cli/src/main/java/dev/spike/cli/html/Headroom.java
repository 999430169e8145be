package dev.spike.cli.html;

import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.plan.Plan;
import java.util.Optional;

/**
 * How many connections the tier holds, in those of the full event: the planned number times nodes
 * over what the binding limit asks for, so every limit is taken to grow as connections do.
 *
 * @param connections with every zone
 * @param connectionsLeft with what the tier is to survive lost
 */
public record Headroom(double connections, double connectionsLeft) {

  /** Nothing where the tier has another scale than the event: its nodes say nothing of that. */
  public static Optional<Headroom> of(Plan plan) {
    if (plan.demand().scale() != 1) {
      return Optional.empty();
    }
    CapacityPlan capacity = plan.capacity();
    double nodes =
        capacity.constraints().stream()
            .mapToDouble(limit -> limit.demanded() / limit.perNode())
            .max()
            .orElse(0);
    if (!(nodes > 0)) {
      return Optional.empty();
    }
    double perNode = plan.demand().planned() / nodes;
    int left = capacity.nodes() - Survival.of(plan).nodesLost();
    return Optional.of(new Headroom(perNode * capacity.nodes(), perNode * left));
  }

  /** Above the planned number, in percent. */
  double percentLeft(Plan plan) {
    return 100 * (connectionsLeft / plan.demand().planned() - 1);
  }
}

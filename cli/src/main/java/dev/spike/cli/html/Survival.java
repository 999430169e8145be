package dev.spike.cli.html;

import dev.spike.core.plan.Plan;

/**
 * What the tier is to survive.
 *
 * @param lost {@code zone} or {@code node}, empty where it is nothing
 * @param nodesLost with it
 */
public record Survival(String lost, int nodesLost) {
  public static Survival of(Plan plan) {
    return switch (plan.service().limits().survive()) {
      case "zone" -> new Survival("zone", plan.capacity().nodesPerZone());
      case "node" -> new Survival("node", 1);
      default -> new Survival("", 0);
    };
  }

  public boolean any() {
    return nodesLost > 0;
  }

  /** {@code " with one zone lost"}, or nothing. */
  public String words() {
    return any() ? " with one " + lost + " lost" : "";
  }
}

package dev.spike.core.plan;

import java.util.Locale;

/** The plan in one line. */
final class Headline {
  private Headline() {}

  static String of(Plan plan) {
    return "Plan: %d to add, %d to change, %d to destroy; peak %s connections (%s); %s; %s"
        .formatted(
            plan.changes().create().size(),
            plan.changes().update().size(),
            plan.changes().delete().size(),
            count(plan.demand().scaled()),
            basis(plan),
            nodes(plan.capacity().nodes()),
            money(plan.cost()));
  }

  private static String basis(Plan plan) {
    if (plan.demand().scale() == 1) {
      return plan.demand().confidence();
    }
    return "%s of %s scaled by %s"
        .formatted(
            plan.demand().confidence(),
            count(plan.demand().planned()),
            plan.sizes().planned().scale());
  }

  private static String nodes(int nodes) {
    return nodes == 1 ? "1 node" : nodes + " nodes";
  }

  private static String money(Plan.Cost cost) {
    long rounded = Math.round(cost.total());
    return cost.currency().equals("USD")
        ? String.format(Locale.ROOT, "$%,d", rounded)
        : String.format(Locale.ROOT, "%,d %s", rounded, cost.currency());
  }

  /** A count with three significant digits, such as 1.24 M or 980. */
  static String count(long value) {
    if (value < 10_000) {
      return Long.toString(value);
    }
    return value < 1_000_000 ? digits(value / 1e3) + " k" : digits(value / 1e6) + " M";
  }

  private static String digits(double value) {
    String format = value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%.0f";
    return String.format(Locale.ROOT, format, value);
  }
}

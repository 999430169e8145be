package dev.spike.core.plan;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * Balancer capacity that is most of what a plan costs, since it is reserved for as long as the tier
 * stands and not only while clients come.
 *
 * @param dollars for all of it
 * @param total of the plan
 * @param provisionBefore the start of the event
 * @param dollarsAnHour of it
 */
public record BalancerReservation(
    double dollars, double total, Duration provisionBefore, double dollarsAnHour) {
  /** The name of its line in the cost. */
  static final String LINE = "balancer capacity reserved";

  private static final double SHARE_WORTH_SAYING = 0.5;

  /** A day leaves time for one repair and a look at it. */
  private static final Duration SHORT = Duration.ofHours(24);

  /** The one of a plan; empty where none is made or it is less than half of the cost. */
  public static Optional<BalancerReservation> of(Plan plan) {
    Plan.Schedule schedule = plan.schedule();
    double hours =
        Duration.between(schedule.provisionAt(), schedule.teardownAfter()).toMinutes() / 60.0;
    return plan.cost().lines().stream()
        .filter(line -> line.what().equals(LINE))
        .filter(line -> line.total() > SHARE_WORTH_SAYING * plan.cost().total())
        .map(
            line ->
                new BalancerReservation(
                    line.total(),
                    plan.cost().total(),
                    Duration.between(schedule.provisionAt(), plan.event().startsAt()),
                    line.total() / hours))
        .findFirst();
  }

  /** What it is, in a sentence. */
  public String words() {
    return String.format(
        Locale.ROOT,
        "$%,.0f of the $%,.0f are balancer capacity, which is reserved from provision to teardown.",
        dollars,
        total);
  }

  /** Why it is there. */
  public String why() {
    return "A balancer that has none reserved grows on its own, slower than clients arrive.";
  }

  /** What would make it less, in a sentence or two. */
  public String less() {
    String without = "reserve.balancer: false leaves it out and takes that risk.";
    return provisionBefore.compareTo(SHORT) <= 0
        ? without
        : String.format(
            Locale.ROOT,
            "schedule.provisionBefore: %dh saves $%,.0f of it and the time for repairs; %s",
            SHORT.toHours(),
            dollarsAnHour * provisionBefore.minus(SHORT).toMinutes() / 60,
            without);
  }
}

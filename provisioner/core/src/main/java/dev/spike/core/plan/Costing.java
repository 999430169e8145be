package dev.spike.core.plan;

import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.capacity.Load;
import dev.spike.core.capacity.Tier;
import dev.spike.core.capacity.Wire;
import dev.spike.core.catalog.PriceList;
import dev.spike.core.spec.EventSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the tier costs from provision to teardown, by a price list. */
final class Costing {
  /**
   * What one unit of a TCP balancer holds when its capacity is not reserved: the dimension that
   * asks for most units is charged (Elastic Load Balancing, pricing). The third, 800 new
   * connections a second, never is: connects in such number alone are 20 GB an hour.
   */
  private static final double CONNECTIONS_PER_UNIT = 100_000;

  private static final double GIGABYTES_PER_UNIT_HOUR = 1;

  /** A future-dated reservation is paid for at least that long. */
  static final Duration COMMITMENT = Duration.ofDays(14);

  private Costing() {}

  /**
   * What besides the tier the cost depends on.
   *
   * @param standing from provision to teardown
   * @param event from its start to its end
   * @param balancerReserved whether balancer capacity is reserved
   */
  record Terms(Load load, Duration standing, Duration event, boolean balancerReserved) {}

  static Plan.Cost of(Tier tier, Terms terms, PriceList prices) {
    Load load = terms.load();
    double hours = hours(terms.standing());
    int cacheNodes = tier.cache().nodes();
    double nodeHour = prices.nodeHour().getOrDefault(tier.profile(), 0.0);
    List<Plan.CostLine> lines = new ArrayList<>();
    add(lines, "nodes " + tier.profile(), tier.nodes() * hours, "node hours", nodeHour);
    add(lines, "cache nodes", cacheNodes * hours, "node hours", prices.cacheNodeHour());
    add(
        lines,
        "balancers",
        tier.balancer().balancers() * hours,
        "balancer hours",
        prices.balancerHour());
    double reserved = terms.balancerReserved() ? units(tier.balancer()) : 0;
    if (terms.balancerReserved()) {
      // Provision makes the reservation and teardown ends it.
      add(
          lines,
          BalancerReservation.LINE,
          reserved * hours,
          "unit hours",
          prices.balancerUnitHour());
    } else {
      add(
          lines,
          "balancer capacity used",
          usedUnitHours(load, terms.event()),
          "unit hours",
          prices.balancerUnitHour());
    }
    add(
        lines,
        "traffic to clients",
        gigabytes(Wire.toClientsPerSecond(load), terms.event(), load),
        "GB",
        prices.egressGigabyte());
    double hourly =
        machinesHourly(tier, prices)
            + tier.balancer().balancers() * prices.balancerHour()
            + reserved * prices.balancerUnitHour();
    double total = lines.stream().mapToDouble(Plan.CostLine::total).sum();
    return new Plan.Cost(prices.currency(), cents(hourly), cents(total), lines, prices.date());
  }

  /** An hour of all nodes and cache nodes, which is where one type of node differs from another. */
  static double machinesHourly(Tier tier, PriceList prices) {
    return tier.nodes() * prices.nodeHour().getOrDefault(tier.profile(), 0.0)
        + tier.cache().nodes() * prices.cacheNodeHour();
  }

  private static double usedUnitHours(Load load, Duration event) {
    double gigabytes = gigabytes(Wire.bothWaysPerSecond(load), event, load);
    double active = load.connections() / CONNECTIONS_PER_UNIT * hours(event);
    return Math.max(active, gigabytes / GIGABYTES_PER_UNIT_HOUR);
  }

  /** Of all that clients cause: so much a second as long as the event lasts, and their connects. */
  private static double gigabytes(double bytesPerSecond, Duration event, Load load) {
    return (bytesPerSecond * event.toSeconds() + Wire.connectBytes(load.connections())) / 1e9;
  }

  /** Whether the event file wants that reserved; it does unless it says no. */
  static boolean reserved(EventSpec spec, String what) {
    return reserved(spec.provider().settings(), what);
  }

  /** The same of a plan's settings. */
  static boolean reserved(Map<String, String> settings, String what) {
    return settings.getOrDefault("reserve." + what, "true").equals("true");
  }

  /** Balancer capacity units of the whole tier. */
  static long units(CapacityPlan capacity) {
    return units(capacity.balancer());
  }

  private static long units(CapacityPlan.BalancerSize balancer) {
    return Math.max(balancer.acceptUnits(), balancer.broadcastUnits());
  }

  /** What a future-dated reservation of the nodes costs beyond their own hours. */
  static double commitment(CapacityPlan capacity, Plan.Schedule schedule, PriceList prices) {
    Duration used = Duration.between(schedule.provisionAt(), schedule.teardownAfter());
    double unused = Math.max(0, hours(COMMITMENT.minus(used)));
    return cents(
        capacity.nodes() * unused * prices.nodeHour().getOrDefault(capacity.profile(), 0.0));
  }

  private static void add(
      List<Plan.CostLine> lines, String what, double quantity, String unit, double price) {
    if (price > 0) {
      double rounded = cents(quantity);
      lines.add(new Plan.CostLine(what, rounded, unit, price, cents(rounded * price)));
    }
  }

  private static double hours(Duration duration) {
    return duration.toSeconds() / 3600.0;
  }

  private static double cents(double value) {
    return Math.rint(value * 100) / 100;
  }
}

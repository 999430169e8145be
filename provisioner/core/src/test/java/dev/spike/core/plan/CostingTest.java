package dev.spike.core.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.capacity.Load;
import dev.spike.core.capacity.Tier;
import dev.spike.core.catalog.PriceList;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each line of a bill, worked out by hand for a tier that stands 100 hours. */
class CostingTest {
  private static final PriceList PRICES =
      new PriceList("2026-07-01", "USD", Map.of("big", 2.0), 0.5, 0.02, 0.006, 0.05);

  /** 9 nodes, 4 shards with 2 replicas, 2 balancers of 300 units while clients come, else 200. */
  private static final Tier TIER =
      new Tier(
          "big",
          3,
          9,
          new CapacityPlan.CacheSize(4, 2, "memory", "network", List.of()),
          new CapacityPlan.BalancerSize(2, 300, 200));

  private static final Load LOAD =
      new Load(
          2_000_000, 41, new Load.Patience(30, 10, 1), new Load.Traffic(25, 0.5, 1000, 1, 1, 25));

  @Test
  void everyPartIsPaidForFromProvisionToTeardown() {
    Plan.Cost cost = cost(true, LOAD);

    assertThat(line(cost, "nodes big")).isEqualTo(9 * 100 * 2.0);
    assertThat(line(cost, "cache nodes")).isEqualTo(12 * 100 * 0.5);
    assertThat(line(cost, "balancers")).isEqualTo(2 * 100 * 0.02);
    assertThat(cost.priceList()).isEqualTo("2026-07-01");
    assertThat(cost.currency()).isEqualTo("USD");
  }

  @Test
  void reservedBalancerCapacityIsPaidForAsLongAsItIsReserved() {
    Plan.Cost cost = cost(true, LOAD);

    assertThat(line(cost, "balancer capacity reserved")).isEqualTo(300 * 100 * 0.006);
    assertThat(cost.lines()).noneMatch(line -> line.what().equals("balancer capacity used"));
    assertThat(cost.hourly()).isEqualTo(18 + 6 + 0.04 + 1.8, within(1e-9));
  }

  @Test
  void withoutAReservationTheDimensionThatAsksForMostUnitsIsPaid() {
    // 2 M x (0.5 x (1122 + 2 x 52) + 1 / 25 x 260) bytes for two hours and 2 M x 7200 bytes of
    // connects are 8991.36 GB, one unit hour each.
    assertThat(line(cost(false, LOAD), "balancer capacity used"))
        .isEqualTo(8991.36 * 0.006, within(0.01));
    // Without messages 2 M / 100,000 units for two hours.
    assertThat(line(cost(false, quiet(2_000_000)), "balancer capacity used"))
        .isEqualTo(40 * 0.006, within(0.01));
    // Of an event of a second it is who comes.
    Costing.Terms brief =
        new Costing.Terms(quiet(28_800_000), Duration.ofHours(100), Duration.ofMillis(1000), false);
    assertThat(line(Costing.of(TIER, brief, PRICES), "balancer capacity used"))
        .isEqualTo(28.8 * 7.2 * 0.006, within(0.01));
    assertThat(cost(false, LOAD).hourly()).isEqualTo(18 + 6 + 0.04, within(1e-9));
  }

  @Test
  void allThatGoesToClientsIsPaidByTheGigabyteForAsLongAsTheEventLasts() {
    // 2 M x (0.5 x (1122 + 52) + 1 / 25 x 128) bytes for two hours, and 2 M x 7200 bytes
    assertThat(line(cost(true, LOAD), "traffic to clients"))
        .isEqualTo(8540.928 * 0.05, within(0.01));
    assertThat(cost(true, LOAD).total())
        .isEqualTo(cost(true, LOAD).lines().stream().mapToDouble(Plan.CostLine::total).sum());
  }

  @Test
  void whatIsFreeHasNoLine() {
    PriceList free = new PriceList("none", "USD", Map.of(), 0, 0, 0, 0);

    Plan.Cost cost = Costing.of(TIER, terms(true, LOAD), free);

    assertThat(cost.lines()).isEmpty();
    assertThat(cost.total()).isZero();
  }

  private static Plan.Cost cost(boolean reserved, Load load) {
    return Costing.of(TIER, terms(reserved, load), PRICES);
  }

  private static Costing.Terms terms(boolean reserved, Load load) {
    return new Costing.Terms(load, Duration.ofHours(100), Duration.ofHours(2), reserved);
  }

  private static Load quiet(double connections) {
    return new Load(connections, 41, LOAD.patience(), new Load.Traffic(300, 0, 1000, 1, 1, 25));
  }

  private static double line(Plan.Cost cost, String what) {
    return cost.lines().stream()
        .filter(line -> line.what().equals(what))
        .mapToDouble(Plan.CostLine::total)
        .findFirst()
        .orElseThrow();
  }
}

package dev.spike.core.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spike.core.catalog.Catalog;
import dev.spike.core.demand.LogisticRamp;
import org.junit.jupiter.api.Test;

/** Cache, balancers, zones, queue and backlog at their edges. */
class TierPartsTest {
  private static final Catalog.CacheNode CACHE =
      new Catalog.CacheNode("cache", 1_000_000_000, 10_000, 65_000);

  @Test
  void shardsFollowTheWritesOfConnectsAndAcknowledgements() {
    // (1 M / 40 s x 3 + 1 M / 20 s) / (10,000 x 0.6) = 20.8
    assertThat(CacheModel.size(load(1_000_000, 10, 20), 10, larger()))
        .isEqualTo(new CapacityPlan.CacheSize(21, 1, "writes"));
  }

  @Test
  void shardsFollowTheMemoryOfSessions() {
    // 10 M x 1536 / 0.6 GB = 25.6, and writes of 8.3
    assertThat(CacheModel.size(load(10_000_000, 10_000, 200), 10, CACHE))
        .isEqualTo(new CapacityPlan.CacheSize(26, 1, "memory"));
  }

  @Test
  void aSmallEventHasTheFewestShardsThatFormACluster() {
    assertThat(CacheModel.size(load(1000, 10, 20), 3, CACHE))
        .isEqualTo(new CapacityPlan.CacheSize(3, 1, "minimum"));
  }

  @Test
  void atTheEdgesTheFewestAndTheMostShardsAreStillACache() {
    // 240,000 / 80 s x 3 + 240,000 / 26.67 s = 18,000, of 6000 a shard
    Load three = load(240_000, 20, 26.666666666666668);
    assertThat(CacheModel.size(three, 3, larger()))
        .isEqualTo(new CapacityPlan.CacheSize(3, 1, "minimum"));
    Load most = load(500 * 0.6e9 / 1536, 1e6, 1e9);
    assertThat(CacheModel.size(most, 3, CACHE))
        .isEqualTo(new CapacityPlan.CacheSize(500, 1, "memory"));
  }

  @Test
  void aCacheThatCannotBeIsRefused() {
    assertThat(CacheModel.size(load(1000, 10, 20), 32_500, CACHE).shards()).isEqualTo(3);
    assertThatThrownBy(() -> CacheModel.size(load(1000, 10, 20), 32_501, CACHE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32501 nodes");
    assertThatThrownBy(() -> CacheModel.size(load(1e9, 10_000, 20_000), 10, CACHE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("500 shards");
  }

  @Test
  void balancersAreAsManyAsUnitsAndTargetsAskFor() {
    assertThat(Balancers.balancers(1, 1)).isEqualTo(1);
    assertThat(Balancers.balancers(500, 45_000)).isEqualTo(1);
    assertThat(Balancers.balancers(501, 1)).isEqualTo(2);
    assertThat(Balancers.balancers(1, 45_001)).isEqualTo(2);
    assertThat(Balancers.balancers(1, 90_001)).isEqualTo(3);
  }

  @Test
  void oneZoneCannotSurviveTheLossOfAZone() {
    assertThatThrownBy(() -> new Zones(1, true)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Zones(0, false)).isInstanceOf(IllegalArgumentException.class);
    assertThat(new Zones(1, false).nodesPerZone(7)).isEqualTo(7);
    assertThat(new Zones(2, true).nodesPerZone(7)).isEqualTo(7);
    assertThat(new Zones(2, true).survivors(7)).isEqualTo(7);
    assertThat(new Zones(3, false).survivors(7)).isEqualTo(21);
    assertThat(new Zones(3, false).nodesPerZone(0)).isEqualTo(1);
  }

  @Test
  void oneServerWaitsAsTheTextbookSays() {
    // M/M/1: an arrival waits with probability rho; W exceeds t with rho exp(-(mu - lambda) t)
    assertThat(ErlangC.waits(1, 0.5)).isEqualTo(0.5, within(1e-12));
    assertThat(ErlangC.waits(2, 1)).isEqualTo(1.0 / 3, within(1e-12));
    assertThat(ErlangC.waitP99Seconds(1, 2, 0.5)).isEqualTo(Math.log(50) / 0.25, within(1e-9));
    assertThat(ErlangC.waitP99Seconds(1, 2, 0.01)).isZero();
    assertThat(ErlangC.waitP99Seconds(1, 2, 0.0101)).isPositive();
  }

  @Test
  void theFluidRisesFromTheInstantItIsOutrunAndDrainsToNothing() {
    LogisticRamp ramp = new LogisticRamp(1_000_000, 10);
    double capacity = 20_000;

    assertThat(Backlog.waiting(ramp, capacity, -20 * 0.4812118)).isEqualTo(0, within(0.01));
    assertThat(Backlog.waiting(ramp, capacity, -30)).isZero();
    // It is largest where the rate falls below the capacity again, as far behind the middle.
    assertThat(Backlog.waiting(ramp, capacity, 20 * 0.4812118))
        .isEqualTo(Backlog.most(ramp, capacity), within(0.01));
    assertThat(Backlog.waiting(ramp, capacity, 0))
        .isEqualTo(500_000 - 276_393.2 - capacity * 9.624236, within(1.0));
    assertThat(Backlog.waiting(ramp, capacity, 100)).isZero();
    assertThat(Backlog.waiting(ramp, 25_000, 0)).isZero();
  }

  @Test
  void theCapacityForAWaitIsTheLeastThatKeepsIt() {
    LogisticRamp ramp = new LogisticRamp(1_000_000, 10);

    double capacity = Backlog.capacityForWait(ramp, 1);

    assertThat(Backlog.waitSeconds(ramp, capacity)).isLessThanOrEqualTo(1);
    assertThat(Backlog.waitSeconds(ramp, capacity * 0.999)).isGreaterThan(1);
    assertThat(Backlog.capacityForWait(ramp, 1e-9)).isEqualTo(25_000, within(1.0));
  }

  @Test
  void aTierOfNoSpeedIsNoTier() {
    assertThatThrownBy(() -> Backlog.most(new LogisticRamp(10, 1), 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Load load(double connections, double tau, double heartbeat) {
    return new Load(connections, tau, new Load.Patience(30, 10, 1), heartbeat, 0, 1);
  }

  private static Catalog.CacheNode larger() {
    return new Catalog.CacheNode("cache", 100_000_000_000L, 10_000, 65_000);
  }
}

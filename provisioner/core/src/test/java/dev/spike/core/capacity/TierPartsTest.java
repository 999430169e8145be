package dev.spike.core.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spike.core.demand.LogisticRamp;
import dev.spike.core.spec.Survive;
import org.junit.jupiter.api.Test;

/** Balancers, zones, queue and backlog at their edges. */
class TierPartsTest {
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
    assertThatThrownBy(() -> new Zones(1, Survive.ZONE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Zones(0, Survive.NONE))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new Zones(1, Survive.NONE).nodesPerZone(7)).isEqualTo(7);
    assertThat(new Zones(2, Survive.ZONE).nodesPerZone(7)).isEqualTo(7);
    assertThat(new Zones(2, Survive.ZONE).survivors(7)).isEqualTo(7);
    assertThat(new Zones(3, Survive.NONE).survivors(7)).isEqualTo(21);
    assertThat(new Zones(3, Survive.NONE).nodesPerZone(0)).isEqualTo(1);
    assertThat(new Zones(3, Survive.NONE).lostShare(9)).isZero();
    assertThat(new Zones(3, Survive.ZONE).lostShare(9)).isEqualTo(1.0 / 3);
  }

  @Test
  void aTierThatSurvivesANodeHasOneMoreAndLosesItsShare() {
    Zones three = new Zones(3, Survive.NODE);

    assertThat(three.nodesPerZone(8)).isEqualTo(3);
    assertThat(three.nodesPerZone(9)).isEqualTo(4);
    assertThat(three.survivors(3)).isEqualTo(8);
    assertThat(new Zones(1, Survive.NODE).nodesPerZone(1)).isEqualTo(2);
    assertThat(new Zones(1, Survive.NODE).survivors(1)).isEqualTo(1);
    assertThat(three.lostShare(9)).isEqualTo(1.0 / 9);
    assertThat(three.lostShare(0)).isEqualTo(1);
  }

  @Test
  void aBalancerCarriesOneBroadcastASecondOrWhatIsSentAllTheTimeWhereThatIsMore() {
    // 2.2 M connections x 100 bytes x 8 are 800 units of 2.2 Mbit/s
    assertThat(Balancers.broadcastUnits(2_200_000, 0.2, 100)).isEqualTo(800);
    assertThat(Balancers.broadcastUnits(2_200_000, 1, 100)).isEqualTo(800);
    assertThat(Balancers.broadcastUnits(2_200_000, 20, 100)).isEqualTo(16_000);
    assertThat(Balancers.broadcastUnits(2_200_000, 0, 100)).isZero();
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
}

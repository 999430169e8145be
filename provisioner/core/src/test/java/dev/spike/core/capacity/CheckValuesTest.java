package dev.spike.core.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spike.core.demand.LogisticRamp;
import dev.spike.core.spec.Survive;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The check values of the planning theory, worked out by hand. */
class CheckValuesTest {
  private static final LogisticRamp TEN_MILLION =
      LogisticRamp.within(10_000_000, Duration.ofSeconds(180));

  @Test
  void tenMillionWithinThreeMinutesPeakAt61ThousandASecond() {
    assertThat(TEN_MILLION.tauSeconds()).isEqualTo(41.0, within(0.05));
    assertThat(TEN_MILLION.peakPerSecond()).isEqualTo(61_000, within(100.0));
    assertThat(TEN_MILLION.perSecond(0)).isEqualTo(TEN_MILLION.peakPerSecond());
    assertThat(TEN_MILLION.upTo(90) - TEN_MILLION.upTo(-90)).isEqualTo(8e6, within(1.0));
  }

  @Test
  void theBacklogHasTheValuesOfTheFluidAndVanishesAtThePeak() {
    double peak = TEN_MILLION.peakPerSecond();

    assertThat(Backlog.most(TEN_MILLION, 0.8 * peak)).isEqualTo(622_000, within(1000.0));
    assertThat(Backlog.waitSeconds(TEN_MILLION, 0.8 * peak)).isEqualTo(12.8, within(0.1));
    assertThat(Backlog.most(TEN_MILLION, 0.95 * peak)).isEqualTo(75_300, within(500.0));
    assertThat(Backlog.waitSeconds(TEN_MILLION, 0.95 * peak)).isEqualTo(1.3, within(0.05));
    assertThat(Backlog.most(TEN_MILLION, peak)).isZero();
  }

  @Test
  void eightEventLoopsWaitAsErlangSays() {
    assertThat(ErlangC.waitP99Seconds(8, 0.0012, 0.7)).isEqualTo(0.0017, within(0.0001));
    assertThat(ErlangC.waitP99Seconds(8, 0.0012, 0.9)).isEqualTo(0.0064, within(0.0001));
    assertThat(ErlangC.waitP99Seconds(8, 0.0012, 0.95)).isEqualTo(0.0133, within(0.0001));
    assertThat(ErlangC.waitP99Seconds(8, 0.0012, 1)).isInfinite();
  }

  @Test
  void aLostZoneOfAMillionComesBackFasterThanTheyEverCame() {
    assertThat(Storm.perSecond(1_000_000 / 3.0, 30)).isEqualTo(11_111, within(1.0));
    assertThat(new LogisticRamp(1_000_000, 300).peakPerSecond()).isEqualTo(833, within(1.0));
    assertThat(Storm.minimumJitterSeconds(300_000, 11_000, 1000)).isEqualTo(30);
    assertThat(Storm.minimumJitterSeconds(300_000, 1000, 1000)).isEqualTo(-1);
  }

  @Test
  void balancerUnitsFollowBytes() {
    assertThat(Balancers.broadcastUnits(10_000_000, 1, 1000)).isBetween(36_000L, 36_500L);
    assertThat(Balancers.acceptUnits(TEN_MILLION.peakPerSecond())).isBetween(1550L, 1650L);
  }

  @Test
  void survivingAZoneNeedsHalfMoreOfThreeAndRoundsToZones() {
    assertThat(new Zones(3, Survive.ZONE).nodesPerZone(12) * 3).isEqualTo(18);
    assertThat(new Zones(3, Survive.ZONE).nodesPerZone(11) * 3).isEqualTo(18);
    assertThat(new Zones(3, Survive.NONE).nodesPerZone(11) * 3).isEqualTo(12);
    assertThat(new Zones(3, Survive.ZONE).nodesPerZone(1)).isEqualTo(1);
    for (int required = 1; required < 50; required++) {
      assertThat(
              new Zones(3, Survive.ZONE)
                  .survivors(new Zones(3, Survive.ZONE).nodesPerZone(required)))
          .isGreaterThanOrEqualTo(required);
    }
  }
}

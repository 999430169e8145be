package dev.spike.core.demand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RampMixtureTest {
  private static final LogisticRamp STEEP = new LogisticRamp(4000, 10);
  private static final LogisticRamp FLAT = new LogisticRamp(4000, 100);
  private static final RampMixture MIXTURE =
      new RampMixture(
          5,
          List.of(
              new RampMixture.Part("steep", 0, STEEP), new RampMixture.Part("flat", 3000, FLAT)));

  @Test
  void itsRateIsTheBaseAndThatOfEveryRamp() {
    assertThat(MIXTURE.perSecond(-7))
        .isEqualTo(5 + STEEP.perSecond(-7) + FLAT.perSecond(-3007), within(1e-9));
    assertThat(MIXTURE.perSecond(3000)).isEqualTo(5 + 10, within(1e-6));
  }

  @Test
  void betweenTwoTimesAllThatComeAreCountedExactly() {
    assertThat(MIXTURE.between(-20, 30))
        .isEqualTo(5 * 50 + STEEP.upTo(30) - STEEP.upTo(-20), within(1e-6));
    assertThat(MIXTURE.between(-1e5, 1e5)).isEqualTo(5 * 2e5 + 8000, within(1e-6));
  }

  @Test
  void itsPeakIsThatOfTheSteepestRampOrOfRampsThatOverlap() {
    RampMixture late =
        new RampMixture(
            1,
            List.of(
                new RampMixture.Part("flat", -3000, FLAT),
                new RampMixture.Part("steep", 0, STEEP)));
    RampMixture twice =
        new RampMixture(
            0, List.of(new RampMixture.Part("a", 0, STEEP), new RampMixture.Part("b", 20, STEEP)));
    double most = 0;
    for (int at = -10_000; at < 40_000; at++) {
      most = Math.max(most, twice.perSecond(at / 1000.0));
    }

    assertThat(MIXTURE.peakPerSecond()).isEqualTo(105, within(1e-6));
    assertThat(late.peakPerSecond()).isEqualTo(101, within(1e-6));
    assertThat(twice.peakPerSecond()).isEqualTo(most, within(most * 1e-4));
    assertThat(new RampMixture(7, List.of()).peakPerSecond()).isEqualTo(7);
  }

  @Test
  void itIsLookedForFourTausToBothSides() {
    RampMixture hidden =
        new RampMixture(
            0,
            List.of(
                new RampMixture.Part("a", 0, new LogisticRamp(1000, 10)),
                new RampMixture.Part("b", 10, new LogisticRamp(3000, 10))));

    assertThat(hidden.peakPerSecond()).isGreaterThan(hidden.perSecond(0));
    assertThat(hidden.peakPerSecond()).isGreaterThan(hidden.perSecond(10) - 1e-9);
  }

  @Test
  void aMultipleOfTheCrowdLeavesTheBase() {
    RampMixture doubled = MIXTURE.times(2);

    assertThat(doubled.basePerSecond()).isEqualTo(5);
    assertThat(doubled.parts())
        .containsExactly(
            new RampMixture.Part("steep", 0, new LogisticRamp(8000, 10)),
            new RampMixture.Part("flat", 3000, new LogisticRamp(8000, 100)));
  }
}

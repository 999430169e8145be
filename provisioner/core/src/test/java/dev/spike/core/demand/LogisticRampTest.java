package dev.spike.core.demand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LogisticRampTest {
  private static final LogisticRamp REFERENCE =
      LogisticRamp.within(10_000_000, Duration.ofSeconds(180));

  @Test
  void tenMillionWithinThreeMinutesHaveATauOf41SecondsAndAPeakOf61000ASecond() {
    assertThat(REFERENCE.tauSeconds()).isEqualTo(40.96, within(0.005));
    assertThat(REFERENCE.peakPerSecond()).isEqualTo(61_034, within(10.0));
    assertThat(REFERENCE.arrivals()).isEqualTo(10_000_000);
  }

  @Test
  void halfHaveComeAtTheMidpointAndTenAndNinetyPercentAtTheEndsOfTheTime() {
    assertThat(REFERENCE.upTo(0)).isEqualTo(5_000_000, within(1e-6));
    assertThat(REFERENCE.upTo(-90)).isEqualTo(1_000_000, within(1e-6));
    assertThat(REFERENCE.upTo(90)).isEqualTo(9_000_000, within(1e-6));
  }

  @Test
  void theRateIsTheSlopeOfWhatHasCome() {
    for (double time : new double[] {-120, -30, 0, 45, 100}) {
      double slope = (REFERENCE.upTo(time + 0.01) - REFERENCE.upTo(time - 0.01)) / 0.02;
      assertThat(REFERENCE.perSecond(time)).isEqualTo(slope, within(slope * 1e-6));
    }
    assertThat(REFERENCE.perSecond(0)).isEqualTo(REFERENCE.peakPerSecond());
  }

  @Test
  void farAwayNobodyComesAndNothingOverflows() {
    LogisticRamp ramp = new LogisticRamp(8, 2);
    double nothing = 4 * Math.exp(-600);

    assertThat(ramp.perSecond(1e6) / nothing).isEqualTo(1, within(1e-9));
    assertThat(ramp.perSecond(-1e6) / nothing).isEqualTo(1, within(1e-9));
    assertThat(ramp.upTo(-1e6) / (8 * Math.exp(-300))).isEqualTo(1, within(1e-9));
    assertThat(ramp.upTo(1e6)).isEqualTo(8);
  }

  @Test
  void aRampIsMadeSteeperWhereAsManyComeFasterAndElseLeft() {
    LogisticRamp ramp = new LogisticRamp(800, 10);

    assertThat(ramp.atLeast(40)).isEqualTo(new LogisticRamp(800, 5));
    assertThat(ramp.atLeast(20)).isEqualTo(ramp);
    assertThat(ramp.atLeast(3)).isEqualTo(ramp);
  }

  @Test
  void aRampHasATauAndNoNegativeCrowd() {
    assertThatIllegalArgumentException().isThrownBy(() -> new LogisticRamp(-1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new LogisticRamp(1, 0));
    assertThat(new LogisticRamp(0, 1).peakPerSecond()).isZero();
  }
}

package dev.spike.core.demand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.hipparchus.special.Erf;
import org.junit.jupiter.api.Test;

class ConcurrencyCurveTest {
  private static final double ALL_STAY = Double.POSITIVE_INFINITY;
  private static final RampMixture CONSTANT = new RampMixture(10, List.of());
  private static final ConcurrencyCurve HAT =
      new ConcurrencyCurve(-100, 10, new double[] {0, 2, 6, 3, 3});

  @Test
  void whoeverStaysForAFixedTimeIsThereForThatTime() {
    ConcurrencyCurve curve = ConcurrencyCurve.of(CONSTANT, new Stay(100, 0, 1e9, 960), -200, 1800);

    assertThat(curve.from()).isEqualTo(-200);
    assertThat(curve.to()).isEqualTo(1800);
    assertThat(curve.step()).isEqualTo(1);
    assertThat(curve.values()).hasSize(2001);
    assertThat(curve.at(-200)).isZero();
    assertThat(curve.at(-150)).isEqualTo(500, within(1e-6));
    assertThat(curve.at(-100)).isEqualTo(1000, within(1e-6));
    assertThat(curve.at(1000)).isEqualTo(1000, within(1e-6));
  }

  @Test
  void inTheLongRunConnectionsAreArrivalsTimesTheMeanStayWhateverItsSpread() {
    for (double cv : new double[] {0.3, 1}) {
      ConcurrencyCurve curve = ConcurrencyCurve.of(CONSTANT, new Stay(100, cv, 1e9, 960), 0, 4000);
      assertThat(curve.at(4000)).as("cv %s", cv).isEqualTo(1000, within(1.0));
    }
  }

  @Test
  void onTheWayItIsTheIntegralOfWhoIsLeft() {
    Stay stay = new Stay(100, 1, 1e9, 960);
    double deviation = Math.sqrt(Math.log(2));
    double middle = Math.log(100) - deviation * deviation / 2;
    // E[min(S, t)] of a lognormal: mean Phi(d - s) + t (1 - Phi(d)).
    double at = (Math.log(80) - middle) / deviation;
    double limited = 100 * normal(at - deviation) + 80 * (1 - normal(at));

    assertThat(ConcurrencyCurve.of(CONSTANT, stay, 0, 800).at(80))
        .isEqualTo(10 * limited, within(0.05));
  }

  @Test
  void aRampOfThoseWhoStayIsItsOwnSum() {
    LogisticRamp ramp = LogisticRamp.within(1e6, java.time.Duration.ofSeconds(180));
    RampMixture mixture = new RampMixture(0, List.of(new RampMixture.Part("doors", 50, ramp)));
    ConcurrencyCurve curve =
        ConcurrencyCurve.of(mixture, new Stay(ALL_STAY, 1, 1e9, 960), -500, 1500);

    for (double time : new double[] {-40, 50, 140, 1000}) {
      assertThat(curve.at(time)).isEqualTo(ramp.upTo(time - 50) - ramp.upTo(-550), within(1e-3));
    }
    assertThat(curve.at(50)).isEqualTo(5e5, within(2.0));
  }

  @Test
  void aRampShorterThanACellLosesNobody() {
    RampMixture mixture =
        new RampMixture(0, List.of(new RampMixture.Part("x", 1003, new LogisticRamp(500, 0.01))));

    assertThat(ConcurrencyCurve.of(mixture, new Stay(ALL_STAY, 1, 1e9, 960), 0, 40_000).at(40_000))
        .isEqualTo(500, within(1e-6));
  }

  @Test
  void afterTheEndHalfOfAllGoInEveryHalfTimeAndWhoComesLaterLikewise() {
    Stay stay = new Stay(ALL_STAY, 1, 1000, 200);
    RampMixture all =
        new RampMixture(0, List.of(new RampMixture.Part("x", 500, new LogisticRamp(800, 1))));

    ConcurrencyCurve crowd = ConcurrencyCurve.of(all, stay, 0, 2000);
    assertThat(crowd.at(1000)).isEqualTo(800, within(1e-6));
    assertThat(crowd.at(1200)).isEqualTo(400, within(1e-6));
    assertThat(crowd.at(1400)).isEqualTo(200, within(1e-6));
    ConcurrencyCurve constant = ConcurrencyCurve.of(CONSTANT, stay, 0, 2000);
    double lateComers = 10 * 200 / Math.log(2) * (1 - 0.25);
    assertThat(constant.at(1400)).isEqualTo(10_000 * 0.25 + lateComers, within(0.1));
  }

  @Test
  void whoComesAfterTheEndLeavesByHisOwnTimeToo() {
    ConcurrencyCurve curve = ConcurrencyCurve.of(CONSTANT, new Stay(100, 0, 400, 200), -100, 900);

    // Those of the last hundred seconds, of whom a part has gone: 10 x integral of 0.5^(u / 200).
    assertThat(curve.at(800)).isEqualTo(10 * 200 / Math.log(2) * (1 - Math.sqrt(0.5)), within(0.5));
    assertThat(curve.at(399)).isEqualTo(1000, within(1e-6));
  }

  @Test
  void betweenItsValuesItIsStraightAndOutsideOfThemNone() {
    assertThat(HAT.at(-100)).isZero();
    assertThat(HAT.at(-95)).isEqualTo(1);
    assertThat(HAT.at(-82)).isEqualTo(5.2, within(1e-12));
    assertThat(HAT.at(-60)).isEqualTo(3);
    assertThat(HAT.at(-100.01)).isZero();
    assertThat(HAT.at(-59.99)).isZero();
    assertThat(HAT.to()).isEqualTo(-60);
    assertThat(HAT.peakTime()).isEqualTo(-80);
    assertThat(new ConcurrencyCurve(7, 1, new double[] {4, 4, 1}).peakTime()).isEqualTo(7);
  }

  @Test
  void itsMovesAddUpAndItsValuesScale() {
    assertThat(HAT.moved().values()).containsExactly(0, 2, 6, 9, 9);
    assertThat(HAT.moved().from()).isEqualTo(-100);
    assertThat(HAT.times(3).values()).containsExactly(0, 6, 18, 9, 9);
    assertThat(HAT.values()).containsExactly(0, 2, 6, 3, 3);
  }

  @Test
  void theLargestFactorFillsTheRoomThatAnotherLeavesWhereItIsTightest() {
    ConcurrencyCurve other = new ConcurrencyCurve(-100, 10, new double[] {0, 0, 4, 7, 1});

    assertThat(HAT.largestFactor(other, 10)).isEqualTo(1);
    assertThat(HAT.largestFactor(other.times(0), 10)).isEqualTo(10 / 6.0);
    assertThat(HAT.largestFactor(other, 5)).isZero();
    assertThat(HAT.times(0).largestFactor(other, 10)).isZero();
    assertThat(HAT.plus(2, other).values()).containsExactly(0, 4, 16, 13, 7);
  }

  private static double normal(double value) {
    return 0.5 * Erf.erfc(-value / Math.sqrt(2));
  }
}

package dev.spike.core.demand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RecordedArrivalsTest {
  private static final RecordedArrivals ARRIVALS =
      new RecordedArrivals(-20, 10, new double[] {1, 3, 2});

  @Test
  void constantArrivalsAreFoundAgainInTheConnectionsThatExponentialStaysMakeOfThem() {
    double[] connections = new double[201];
    for (int at = 0; at <= 200; at++) {
      connections[at] = 7 * 50 * (1 - Math.exp(-at / 50.0));
    }
    RecordedArrivals found = RecordedArrivals.of(new ConcurrencyCurve(100, 1, connections), 50);

    for (double time : new double[] {100, 150, 299.5}) {
      assertThat(found.perSecond(time)).isEqualTo(7, within(0.001));
    }
  }

  @Test
  void whereAllStayOnlyARiseIsArrivals() {
    RecordedArrivals found =
        RecordedArrivals.of(
            new ConcurrencyCurve(0, 2, new double[] {0, 10, 4, 4}), Double.POSITIVE_INFINITY);

    assertThat(found.perSecond(0)).isEqualTo(5);
    assertThat(found.perSecond(2)).isZero();
    assertThat(found.perSecond(4)).isZero();
  }

  @Test
  void eachRateHoldsForItsStep() {
    assertThat(ARRIVALS.perSecond(-20)).isEqualTo(1);
    assertThat(ARRIVALS.perSecond(-10.1)).isEqualTo(1);
    assertThat(ARRIVALS.perSecond(-10)).isEqualTo(3);
    assertThat(ARRIVALS.perSecond(9.9)).isEqualTo(2);
    assertThat(ARRIVALS.perSecond(10)).isZero();
    assertThat(ARRIVALS.perSecond(-20.1)).isZero();
    assertThat(ARRIVALS.peakPerSecond()).isEqualTo(3);
  }

  @Test
  void arrivalsBetweenTwoTimesAreCountedToTheSecond() {
    assertThat(ARRIVALS.between(-100, 100)).isEqualTo(60);
    assertThat(ARRIVALS.between(-15, -5)).isEqualTo(5 + 15);
    assertThat(ARRIVALS.between(-8, -6)).isEqualTo(6);
    assertThat(ARRIVALS.between(10, 50)).isZero();
  }

  @Test
  void aMultipleHasAllRatesTimesAsLarge() {
    assertThat(ARRIVALS.times(4).between(-20, 10)).isEqualTo(240);
    assertThat(ARRIVALS.times(4).peakPerSecond()).isEqualTo(12);
    assertThat(ARRIVALS.peakPerSecond()).isEqualTo(3);
  }
}

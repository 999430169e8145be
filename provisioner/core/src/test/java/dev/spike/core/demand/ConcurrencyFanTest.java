package dev.spike.core.demand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConcurrencyFanTest {
  private static final Instant START = Instant.parse("2027-05-30T19:00:00Z");

  /** Rises from none to 1000 in a hundred seconds, and stays. */
  private static final EventCourse COURSE =
      new EventCourse(
          START,
          new RampMixture(0, List.of()),
          new ConcurrencyCurve(-100, 100, new double[] {0, 0, 1000, 1000, 1000}),
          1000);

  @Test
  void withoutTimingAndDispersionQuantilesAreThoseOfHowManyCome() {
    double[] totals = new double[100];
    Arrays.setAll(totals, draw -> 10 * (draw + 1));
    List<DemandForecast.ConcurrencyPoint> points =
        new ConcurrencyFan(COURSE, totals, new Draws(1, 100)).points(0, 0);

    assertThat(at(points, 200))
        .isEqualTo(
            new DemandForecast.ConcurrencyPoint(START.plusSeconds(200), 1000, 500, 900, 990));
    DemandForecast.ConcurrencyPoint half = at(points, 50);
    assertThat(half.connections()).isEqualTo(500);
    assertThat(half.p50()).isEqualTo(250);
    assertThat(half.p99()).isEqualTo(495);
    assertThat(at(points, -100).p99()).isZero();
  }

  @Test
  void anEarlyOrLateCrowdIsThereInProportionToTheSlope() {
    double[] totals = new double[20_000];
    Arrays.fill(totals, 1000);
    DemandForecast.ConcurrencyPoint half =
        at(new ConcurrencyFan(COURSE, totals, new Draws(1, 20_000)).points(10, 0), 50);

    // The curve rises by ten a second there, so ten seconds earlier are a hundred more.
    assertThat(half.p50()).isCloseTo(500L, within(5L));
    assertThat(half.p90()).isCloseTo(628L, within(5L));
    assertThat(half.p99()).isCloseTo(733L, within(10L));
  }

  @Test
  void ofAnEventThatNobodyComesToNothingIsForecast() {
    EventCourse none = new EventCourse(START, COURSE.arrivals(), COURSE.concurrency().times(0), 0);
    List<DemandForecast.ConcurrencyPoint> points =
        new ConcurrencyFan(none, new double[] {5}, new Draws(1, 1)).points(0, 20);

    assertThat(points).isNotEmpty().allMatch(point -> point.p99() == 0);
  }

  @Test
  void anOverDispersedCountHasItsMeanAndPeakednessTimesItsMeanAsVariance() {
    double mean = 0;
    double squares = 0;
    double weights = 0;
    for (int step = -600; step <= 600; step++) {
      double deviations = step / 100.0;
      double weight = Math.exp(-deviations * deviations / 2);
      double count = ConcurrencyFan.overDispersed(1000, 20, deviations);
      mean += weight * count;
      squares += weight * count * count;
      weights += weight;
    }
    mean /= weights;

    assertThat(mean).isEqualTo(1000, within(0.5));
    assertThat((squares / weights - mean * mean) / mean).isEqualTo(20, within(0.1));
  }

  @Test
  void anOverDispersedCountIsWilsonAndHilfertysCubeAndNeverNegative() {
    double ninth = 20 / (9 * 500.0);

    assertThat(ConcurrencyFan.overDispersed(500, 20, 1.5))
        .isEqualTo(500 * Math.pow(1 - ninth + 1.5 * Math.sqrt(ninth), 3), within(1e-9));
    assertThat(ConcurrencyFan.overDispersed(5, 20, -3)).isZero();
    assertThat(ConcurrencyFan.overDispersed(0, 20, 1)).isZero();
    assertThat(ConcurrencyFan.overDispersed(-1, 20, 1)).isZero();
  }

  private static DemandForecast.ConcurrencyPoint at(
      List<DemandForecast.ConcurrencyPoint> points, long seconds) {
    return points.stream()
        .filter(point -> !point.at().isBefore(START.plusSeconds(seconds)))
        .findFirst()
        .orElseThrow();
  }
}

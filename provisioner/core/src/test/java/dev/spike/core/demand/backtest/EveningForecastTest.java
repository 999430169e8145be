package dev.spike.core.demand.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spike.core.demand.DemandModel;
import dev.spike.core.demand.RecordedCurve;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

class EveningForecastTest {
  private static final Instant KICKOFF = Instant.parse("2027-05-30T19:00:00Z");
  private static final Instant FIRST = KICKOFF.minus(Duration.ofDays(3));
  private static final Instant SECOND = KICKOFF.minus(Duration.ofDays(2));
  private static final Course COURSE = course(Course.Overrun.NONE);

  /** Standard normal quantiles at 0.9 and 0.99. */
  private static final double Z90 = 1.2815515655446004;

  private static final double Z99 = 2.3263478740408408;

  @Test
  void whereOtherEveningsAreAlikeOnlyOverDispersionIsLeft() {
    MinuteQuantiles then = at(10, 100, flat(100, 5000), flat(100, 5000));
    double width = Math.sqrt(DemandModel.PEAKEDNESS / 5000);

    assertThat(then.p50()).isEqualTo(5000, within(0.01));
    assertThat(then.p90()).isEqualTo(5000 * Math.exp(Z90 * width), within(0.01));
    assertThat(then.p99()).isEqualTo(5000 * Math.exp(Z99 * width), within(0.01));
  }

  @Test
  void theLevelIsBelievedByHalf() {
    assertThat(at(10, 400, flat(100, 5000), flat(100, 5000)).p50()).isEqualTo(10_000, within(0.01));
    assertThat(at(10, 100, flat(900, 5000), flat(900, 5000)).p50())
        .isEqualTo(5000 / 3.0, within(0.01));
  }

  @Test
  void betweenTwoEveningsTheMiddleIsTheirGeometricMean() {
    assertThat(at(10, 100, flat(100, 1e6), flat(100, 4e6)).p50()).isEqualTo(2e6, within(1e4));
  }

  @Test
  void theWidthIsSilvermansOfThePooledLogarithms() {
    MinuteQuantiles then = at(100, 100, flat(100, 1e6), flat(100, 1e6 * Math.exp(0.02)));
    double deviation = 0.02 / Math.sqrt(2);
    double width = 1.06 * deviation * Math.pow(2, -0.2);
    double whole =
        Math.sqrt(width * width + DemandModel.PEAKEDNESS / (1e6 * Math.exp(0.01)) + 0.0001);

    // Two ways 0.02 apart are as one whose variance is greater by 0.01 squared, near enough.
    assertThat(Math.log(then.p90() / then.p50())).isEqualTo(Z90 * whole, within(3e-4));
  }

  @Test
  void ofThreeEveningsTheQuantilesAreThoseOfTheirMixture() {
    Instant third = KICKOFF.minus(Duration.ofDays(1));
    double[] logarithms = {Math.log(1e6) - 0.3, Math.log(1e6), Math.log(1e6) + 0.3};
    Recording others = new Recording();
    List<Instant> evenings = List.of(FIRST, SECOND, third);
    for (int evening = 0; evening < 3; evening++) {
      double count = Math.exp(logarithms[evening]);
      others.around(evenings.get(evening), 150, 300, minute -> minute < -62 ? 100 : count);
    }
    MinuteQuantiles then =
        EveningForecast.of(known(100), KICKOFF, others.curve(), evenings, COURSE)
            .orElseThrow()
            .at(100)
            .orElseThrow();
    double silverman = 1.06 * 0.3 * Math.pow(3, -0.2);

    assertThat(mixture(logarithms, silverman, then.p50())).isEqualTo(0.5, within(1e-9));
    assertThat(mixture(logarithms, silverman, then.p90())).isEqualTo(0.9, within(1e-9));
    assertThat(mixture(logarithms, silverman, then.p99())).isEqualTo(0.99, within(1e-9));
  }

  private static double mixture(double[] logarithms, double silverman, double count) {
    double below = 0;
    for (double logarithm : logarithms) {
      double width =
          Math.sqrt(silverman * silverman + DemandModel.PEAKEDNESS / Math.exp(logarithm));
      double away = (Math.log(count) - logarithm) / width;
      below += 0.5 * org.hipparchus.special.Erf.erfc(-away / Math.sqrt(2)) / 3;
    }
    return below;
  }

  @Test
  void theCasesOfALateEndAndOfAPunctualOneAddUpToAll() {
    LongToDoubleFunction whistle = minute -> minute < 120 ? 8000 : 1000;
    Course twelve = course(new Course.Overrun(0.12, 40));

    assertThat(forecast(twelve, 8000, others(whistle, whistle)).at(140).orElseThrow().p90())
        .isGreaterThan(7000);
  }

  @Test
  void spreadIsPooledOverHalfAnHourToBothSidesOnly() {
    LongToDoubleFunction apartAtNinety = minute -> minute < 90 ? 1000 : 4000;
    LongToDoubleFunction same = minute -> 1000;
    double narrow = Math.exp(Z90 * Math.sqrt(DemandModel.PEAKEDNESS / 1000));

    assertThat(ratio(at(57, 1000, same, apartAtNinety))).isEqualTo(narrow, within(1e-6));
    assertThat(ratio(at(65, 1000, same, apartAtNinety))).isGreaterThan(narrow + 0.01);
  }

  @Test
  void aMinuteIsTheMeanOfFiveAroundIt() {
    LongToDoubleFunction pulse = minute -> minute == 60 ? 6000 : 1000;

    assertThat(at(58, 1000, pulse, pulse).p50()).isEqualTo(2000, within(0.01));
    assertThat(at(62, 1000, pulse, pulse).p50()).isEqualTo(2000, within(0.01));
    assertThat(at(57, 1000, pulse, pulse).p50()).isEqualTo(1000, within(0.01));
    assertThat(at(63, 1000, pulse, pulse).p50()).isEqualTo(1000, within(0.01));
  }

  @Test
  void aLateEndHoldsTheLoadAtTheWhistleForItsShareOfCases() {
    LongToDoubleFunction whistle = minute -> minute < 120 ? 8000 : 1000;
    RecordedCurve others = others(whistle, whistle);
    Course half = course(new Course.Overrun(0.5, 40));
    Course rare = course(new Course.Overrun(0.05, 40));

    assertThat(forecast(half, 8000, others).at(140).orElseThrow().p90()).isGreaterThan(7500);
    assertThat(forecast(rare, 8000, others).at(140).orElseThrow().p90()).isLessThan(1300);
    assertThat(forecast(rare, 8000, others).at(140).orElseThrow().p99()).isGreaterThan(7500);
    assertThat(forecast(half, 8000, others).at(170).orElseThrow().p99()).isLessThan(1500);
  }

  @Test
  void anEveningThatWasLateItselfIsNotShortened() {
    LongToDoubleFunction late = minute -> minute < 130 ? 2000 : 8000;

    assertThat(
            forecast(course(new Course.Overrun(0.5, 40)), 2000, others(late, late))
                .at(150)
                .orElseThrow()
                .p50())
        .isEqualTo(8000, within(200.0));
  }

  @Test
  void aForecastTakesTheHalfHourBeforeItOfThisAndTwoOtherEvenings() {
    LongToDoubleFunction any = minute -> 100;
    RecordedCurve one = new Recording().around(FIRST, 120, 300, any).curve();
    RecordedCurve known = known(100);

    assertThat(EveningForecast.of(known, KICKOFF, one, List.of(FIRST, SECOND), COURSE)).isEmpty();
    assertThat(EveningForecast.of(one, KICKOFF, others(any, any), List.of(FIRST, SECOND), COURSE))
        .isEmpty();
    assertThat(EveningForecast.of(known, KICKOFF, others(any, any), List.of(FIRST, SECOND), COURSE))
        .isPresent();
  }

  @Test
  void aMinuteThatOnlyOneOtherEveningHasIsNotForecast() {
    RecordedCurve others =
        new Recording()
            .around(FIRST, 120, 300, minute -> 100)
            .around(SECOND, 120, 50, minute -> 100)
            .curve();
    EveningForecast forecast = forecast(COURSE, 100, others);

    assertThat(forecast.at(40)).isPresent();
    assertThat(forecast.at(60)).isEmpty();
  }

  @Test
  void silenceIsForecastAsNearlyNothing() {
    assertThat(at(10, 0, flat(0, 0), flat(0, 0)).p50()).isEqualTo(0.5, within(1e-6));
  }

  private static double ratio(MinuteQuantiles quantiles) {
    return quantiles.p90() / quantiles.p50();
  }

  /** So much up to the forecast, and so much after it. */
  private static LongToDoubleFunction flat(double before, double after) {
    return minute -> minute < -62 ? before : after;
  }

  private static MinuteQuantiles at(
      int minute, double level, LongToDoubleFunction first, LongToDoubleFunction second) {
    return forecast(COURSE, level, others(first, second)).at(minute).orElseThrow();
  }

  private static EveningForecast forecast(Course course, double level, RecordedCurve others) {
    Optional<EveningForecast> forecast =
        EveningForecast.of(known(level), KICKOFF, others, List.of(FIRST, SECOND), course);
    return forecast.orElseThrow();
  }

  private static RecordedCurve known(double level) {
    return new Recording().around(KICKOFF, 120, -90, minute -> level).curve();
  }

  private static RecordedCurve others(LongToDoubleFunction first, LongToDoubleFunction second) {
    return new Recording().around(FIRST, 120, 300, first).around(SECOND, 120, 300, second).curve();
  }

  private static Course course(Course.Overrun overrun) {
    return new Course(120, Duration.ofMinutes(90), overrun);
  }
}

package dev.spike.core.demand;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.spike.core.resource.EventName;
import dev.spike.core.spec.EventSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EventCourseTest {
  private static final Instant START = Instant.parse("2027-05-30T19:00:00Z");
  private static final EventSpec.Event EVENT =
      new EventSpec.Event(
          new EventName("cup-final"), START, START.plusSeconds(7200), "match", ZoneOffset.UTC);
  private static final EventSpec.Ramp KICK_OFF =
      new EventSpec.Ramp("kick-off", START.plusSeconds(600), 1, Duration.ofSeconds(1800));
  private static final EventSpec.Ramp SURGE =
      new EventSpec.Ramp("end surge", START.plusSeconds(6600), 0.8, Duration.ofMinutes(22));
  private static final Duration HALF_GONE = Duration.ofMinutes(16);

  @Test
  void theMostAtOneTimeIsThePlannedNumberAtTheFinalWhistle() {
    EventCourse course = of(0, Optional.empty(), KICK_OFF, SURGE);
    double peak = course.concurrency().at(course.concurrency().peakTime());

    assertThat(peak).isEqualTo(90_000, within(1e-6));
    assertThat(course.concurrency().peakTime()).isEqualTo(7200, within(60.0));
    assertThat(course.planned()).isEqualTo(90_000);
    assertThat(course.start()).isEqualTo(START);
    assertThat(course.at(61.4)).isEqualTo(START.plusSeconds(61));
  }

  @Test
  void thePlateauBeforeTheSurgeIsThePeakOverTheSurge() {
    EventCourse course = of(0, Optional.empty(), KICK_OFF, SURGE);

    // Of the surge's 0.8, whose midpoint is ten minutes before the end, the rest comes after it.
    double come = 0.8 / (1 + Math.exp(-600 * 2 * Math.log(9) / 1320));
    assertThat(90_000 / course.concurrency().at(4200)).isEqualTo(1 + come, within(0.005));
  }

  @Test
  void sixteenMinutesAfterTheEndHalfAreLeft() {
    EventCourse course = of(0, Optional.empty(), KICK_OFF);

    assertThat(course.concurrency().at(7200 + 960) / course.concurrency().at(7200))
        .isEqualTo(0.5, within(0.001));
    assertThat(course.concurrency().to()).isEqualTo(7200 + 3600, within(1e-6));
  }

  @Test
  void partsAreNamedSizedAndTimedAsTheArrivalsAre() {
    List<DemandForecast.RampShare> ramps = of(0, Optional.empty(), KICK_OFF, SURGE).ramps();

    assertThat(ramps).extracting(DemandForecast.RampShare::name).contains("kick-off", "end surge");
    assertThat(ramps.getFirst().at()).isEqualTo(START.plusSeconds(600));
    assertThat(ramps.getFirst().tauSeconds()).isEqualTo(1800 / (2 * Math.log(9)), within(1e-4));
    assertThat((double) ramps.get(1).connections() / ramps.get(0).connections())
        .isEqualTo(0.8, within(1e-4));
  }

  @Test
  void itBeginsHalfAnHourBeforeOrFiveTausBeforeTheFirstRamp() {
    EventSpec.Ramp early =
        new EventSpec.Ramp("doors", START.minusSeconds(7200), 1, Duration.ofSeconds(1800));

    assertThat(of(0, Optional.empty(), SURGE).concurrency().from()).isEqualTo(-1800);
    assertThat(of(0, Optional.empty(), early).concurrency().from())
        .isEqualTo(-7200 - 5 * 1800 / (2 * Math.log(9)), within(1e-6));
  }

  @Test
  void whoLeavesBeforeTheEndMakesMoreArrivalsForThePlannedNumber() {
    EventCourse stay = of(0, Optional.empty(), KICK_OFF);
    EventCourse leave = of(0, Optional.of(Duration.ofMinutes(20)), KICK_OFF);

    assertThat(leave.concurrency().at(leave.concurrency().peakTime()))
        .isEqualTo(90_000, within(1e-6));
    assertThat(leave.arrivals().between(-9000, 9000))
        .isGreaterThan(1.2 * stay.arrivals().between(-9000, 9000));
  }

  @Test
  void theBaseTakesItsPartOfThePlannedNumber() {
    EventCourse course = of(2, Optional.empty(), KICK_OFF);

    assertThat(course.concurrency().at(course.concurrency().peakTime()))
        .isEqualTo(90_000, within(1e-6));
    // 2 a second from 30 minutes before to the end; of the ramp, some came before that.
    double before = 1 / (1 + Math.exp(2400 * 2 * Math.log(9) / 1800));
    assertThat(course.ramps().getFirst().connections())
        .isCloseTo(Math.round((90_000 - 2 * 9000) / (1 - before)), within(20L));
  }

  @Test
  void arrivalPointsAreDenseWhereItIsSteepAndNeverMoreThanTwoHundredAndFifty() {
    EventCourse course =
        of(
            0,
            Optional.empty(),
            new EventSpec.Ramp("x", START.plusSeconds(3000), 1, Duration.ofSeconds(30)));
    List<DemandForecast.ArrivalPoint> points = course.arrivalPoints();
    long near =
        points.stream()
            .filter(point -> Duration.between(START, point.at()).toSeconds() > 2900)
            .filter(point -> Duration.between(START, point.at()).toSeconds() < 3100)
            .count();

    assertThat(points).hasSizeBetween(120, 250);
    assertThat(near).isGreaterThan(15);
    assertThat(points.getFirst().at()).isEqualTo(START.minusSeconds(1800));
    assertThat(points.getLast().at()).isEqualTo(START.plusSeconds(10_800));
    DemandForecast.ArrivalPoint some = points.get(points.size() / 2);
    assertThat(some.perSecond())
        .isEqualTo(
            course.arrivals().perSecond((double) Duration.between(START, some.at()).toSeconds()),
            within(1e-3));
  }

  @Test
  void concurrencyTimesHoldThePeakAndBothEnds() {
    EventCourse course = of(0, Optional.empty(), KICK_OFF, SURGE);

    assertThat(course.concurrencyTimes())
        .contains(Math.round(course.concurrency().peakTime()), -1800L, 10_800L)
        .hasSizeBetween(60, 130);
  }

  @Test
  void aRecordedTraceIsTheModelWhereItIsNamed() {
    Instant kickoff = Instant.parse("2026-06-14T16:00:00Z");
    TreeMap<Long, Double> minutes = new TreeMap<>();
    for (long minute = -60; minute < 240; minute++) {
      minutes.put(
          kickoff.getEpochSecond() / 60 + minute, minute < 0 ? 0.0 : minute < 100 ? 30 : 60.0);
    }
    EventCourse course =
        EventCourse.of(
            EVENT,
            new EventSpec.Arrivals(
                0,
                List.of(),
                Optional.of(new EventSpec.Trace(1, "trace.csv", kickoff)),
                new EventSpec.Stay(Optional.empty(), 1, HALF_GONE)),
            Optional.of(new RecordedCurve(minutes)),
            90_000);

    assertThat(course.concurrency().from()).isEqualTo(-1800);
    assertThat(course.concurrency().to()).isEqualTo(10_800);
    assertThat(course.concurrency().at(3000)).isEqualTo(45_000, within(1e-6));
    assertThat(course.concurrency().at(7000)).isEqualTo(90_000, within(1e-6));
    assertThat(course.ramps()).isEmpty();
    assertThat(course.arrivals().between(-1800, 10_800)).isEqualTo(90_000, within(1e-3));
  }

  @Test
  void aRecordedTracesArrivalsReplaceThoseWhoLeave() {
    Instant kickoff = Instant.parse("2026-06-14T16:00:00Z");
    TreeMap<Long, Double> minutes = new TreeMap<>();
    for (long minute = -60; minute < 240; minute++) {
      minutes.put(kickoff.getEpochSecond() / 60 + minute, 30.0);
    }
    EventCourse course =
        EventCourse.of(
            EVENT,
            new EventSpec.Arrivals(
                0,
                List.of(),
                Optional.of(new EventSpec.Trace(1, "trace.csv", kickoff)),
                new EventSpec.Stay(Optional.of(Duration.ofMinutes(15)), 1, HALF_GONE)),
            Optional.of(new RecordedCurve(minutes)),
            90_000);

    assertThat(course.arrivals().perSecond(3000)).isEqualTo(100, within(1e-9));
  }

  private static EventCourse of(double base, Optional<Duration> mean, EventSpec.Ramp... ramps) {
    return EventCourse.of(
        EVENT,
        new EventSpec.Arrivals(
            base,
            new ArrayList<>(List.of(ramps)),
            Optional.empty(),
            new EventSpec.Stay(mean, 1, HALF_GONE)),
        Optional.empty(),
        90_000);
  }
}

package dev.spike.core.demand.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

class BacktestTest {
  private static final Instant KICKOFF = Instant.parse("2027-05-30T19:00:00Z");
  private static final Course COURSE =
      new Course(120, Duration.ofMinutes(30), Course.Overrun.MATCH);
  private static final LongToDoubleFunction EVENING = minute -> minute < 0 ? 1000 : 4000 + minute;

  @Test
  void earlierEveningsAreFoundAndTheLastSixOfThemLearnedFrom() {
    Backtest.Evening evening = backtest(days(8)).fromEarlier(KICKOFF).orElseThrow();

    assertThat(evening.learnedFrom()).containsExactlyElementsOf(before(6));
    assertThat(evening.previous()).contains(KICKOFF.minus(Duration.ofDays(1)));
    assertThat(evening.asOf()).isEqualTo(KICKOFF.minus(Duration.ofMinutes(30)));
    assertThat(evening.minutes()).hasSize(210);
    assertThat(evening.minutes().getFirst().minute()).isEqualTo(-30);
    assertThat(evening.minutes().getLast().minute()).isEqualTo(179);
    assertThat(evening.score().minutes()).isEqualTo(210);
    assertThat(evening.previousScore().pinball()).isZero();
  }

  @Test
  void anEarlierEveningThatIsNotOverIsNotLearnedFrom() {
    Recording recording =
        days(3)
            .around(
                KICKOFF, 600, 400, minute -> minute < -150 ? 500 : EVENING.applyAsDouble(minute));

    assertThat(KickOffs.in(recording.curve())).contains(KICKOFF.minusSeconds(150 * 60));
    assertThat(backtest(recording).fromEarlier(KICKOFF).orElseThrow().learnedFrom())
        .containsExactlyElementsOf(before(3));
  }

  @Test
  void whatCameAfterTheForecastDoesNotChangeIt() {
    Recording other = days(8).around(KICKOFF, 30, 400, minute -> 1_000_000 - 1000 * minute);
    List<Instant> others = before(8);

    assertThat(quantiles(backtest(other).fromEarlier(KICKOFF)))
        .isEqualTo(quantiles(backtest(days(8)).fromEarlier(KICKOFF)));
    assertThat(quantiles(backtest(other).fromOthers(KICKOFF, others)))
        .isEqualTo(quantiles(backtest(days(8)).fromOthers(KICKOFF, others)));
  }

  @Test
  void theEveningItselfIsLeftOutOfThoseItIsLearnedFromAndLaterOnesMayStay() {
    List<Instant> all =
        List.of(
            KICKOFF,
            KICKOFF.minus(Duration.ofDays(1)),
            KICKOFF.plus(Duration.ofDays(1)),
            KICKOFF.plus(Duration.ofDays(1)));
    Recording recording =
        days(3).around(KICKOFF.plus(Duration.ofDays(1)), 600, 600, minute -> 9000);
    Backtest.Evening evening = backtest(recording).fromOthers(KICKOFF, all).orElseThrow();

    assertThat(evening.learnedFrom())
        .containsExactly(KICKOFF.minus(Duration.ofDays(1)), KICKOFF.plus(Duration.ofDays(1)));
    assertThat(evening.previous()).contains(KICKOFF.minus(Duration.ofDays(1)));
  }

  @Test
  void anEveningThatWouldShowAMinuteOfTheOneToBeForecastIsLeftOut() {
    Instant early = KICKOFF.minus(Duration.ofMinutes(30 + 183));
    Instant late = KICKOFF.plus(Duration.ofMinutes(183 + 60));
    Recording recording = new Recording().around(KICKOFF, 3000, 3000, EVENING);

    assertThat(learned(recording, early, late)).containsExactly(early, late);
    assertThat(learned(recording, early.plusSeconds(60), late, early))
        .doesNotContain(early.plusSeconds(60));
    assertThat(learned(recording, early, late.minusSeconds(60), late))
        .doesNotContain(late.minusSeconds(60));
  }

  @Test
  void withoutTwoOtherEveningsNothingIsForecast() {
    assertThat(backtest(days(1)).fromEarlier(KICKOFF)).isEmpty();
    assertThat(backtest(days(8)).fromOthers(KICKOFF, before(1))).isEmpty();
    assertThat(backtest(new Recording().around(KICKOFF, 0, 300, EVENING)).fromEarlier(KICKOFF))
        .isEmpty();
    assertThat(
            backtest(new Recording().around(KICKOFF, 10, 100, EVENING))
                .fromOthers(KICKOFF, before(2)))
        .isEmpty();
  }

  @Test
  void aPreviousEveningThatWasNotRecordedIsNotCompared() {
    Recording alone = new Recording().around(KICKOFF, 600, 400, EVENING);
    MinuteForecast sure = minute -> Optional.of(MinuteQuantiles.point(5000));
    Backtest.Evening evening = backtest(alone).evening(KICKOFF, sure, List.of(), List.of());

    assertThat(evening.previous()).isEmpty();
    assertThat(evening.minutes()).hasSize(210);
    assertThat(evening.previousScore().minutes()).isZero();
    assertThat(Backtest.comparable(List.of(evening))).isEmpty();
    assertThat(Backtest.previousScore(List.of(evening)).minutes()).isZero();
    assertThat(Backtest.score(List.of(evening, evening)).minutes()).isEqualTo(420);
  }

  @Test
  void ofAPreviousEveningWithAGapOnlyWhatBothHaveIsCompared() {
    Instant before = KICKOFF.minus(Duration.ofDays(1));
    MinuteForecast sure = minute -> Optional.of(MinuteQuantiles.point(5000));
    Recording gap =
        new Recording()
            .around(KICKOFF, 600, 400, EVENING)
            .around(before, 30, 100, EVENING)
            .around(before.plusSeconds(121 * 60), 0, 59, EVENING);
    Recording wide =
        new Recording()
            .around(KICKOFF, 600, 400, EVENING)
            .around(before, 30, 100, EVENING)
            .around(before.plusSeconds(122 * 60), 0, 58, EVENING);

    Backtest.Evening nine = backtest(gap).evening(KICKOFF, sure, List.of(), List.of());
    Backtest.Evening less = backtest(wide).evening(KICKOFF, sure, List.of(), List.of());

    assertThat(nine.previous()).contains(before);
    assertThat(nine.minutes()).hasSize(189);
    assertThat(Backtest.previousScore(List.of(nine)).minutes()).isEqualTo(189);
    assertThat(less.previous()).isEmpty();
    assertThat(less.minutes()).hasSize(210);
  }

  @Test
  void recordedMinutesAreCounted() {
    assertThat(backtest(days(1)).recorded(KICKOFF)).isEqualTo(210);
    assertThat(backtest(new Recording().around(KICKOFF, 10, 20, EVENING)).recorded(KICKOFF))
        .isEqualTo(30);
  }

  private static List<Instant> learned(Recording recording, Instant... evenings) {
    return backtest(recording).fromOthers(KICKOFF, List.of(evenings)).orElseThrow().learnedFrom();
  }

  private static List<MinuteQuantiles> quantiles(Optional<Backtest.Evening> evening) {
    return evening.orElseThrow().minutes().stream().map(Backtest.Minute::forecast).toList();
  }

  private static Backtest backtest(Recording recording) {
    return new Backtest(recording.curve(), COURSE);
  }

  private static List<Instant> before(int days) {
    return java.util.stream.IntStream.rangeClosed(1, days)
        .mapToObj(day -> KICKOFF.minus(Duration.ofDays((long) days + 1 - day)))
        .toList();
  }

  /** The evening and those of so many days before it. */
  private static Recording days(int days) {
    Recording recording = new Recording();
    for (int day = days; day >= 0; day--) {
      recording.around(KICKOFF.minus(Duration.ofDays(day)), 600, 400, EVENING);
    }
    return recording;
  }
}

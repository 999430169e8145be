package dev.spike.core.demand.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;

class KickOffsTest {
  private static final Instant KICKOFF = Instant.parse("2027-05-30T19:30:00Z");

  @Test
  void aKickOffIsTheFullOrHalfHourAfterWhichTheLoadJumps() {
    assertThat(KickOffs.in(day(step(1.5)).curve())).containsExactly(KICKOFF);
    assertThat(KickOffs.in(day(step(1.49)).curve())).isEmpty();
  }

  @Test
  void theFirstFiveMinutesToBothSidesDoNotCount() {
    LongToDoubleFunction early = minute -> minute < -5 ? 100 : minute < 5 ? 1 : 160;
    LongToDoubleFunction late = minute -> minute < -6 ? 100 : minute < 10 ? 1000 : 100;

    assertThat(KickOffs.in(day(early).curve())).containsExactly(KICKOFF);
    assertThat(KickOffs.in(day(late).curve())).doesNotContain(KICKOFF);
  }

  @Test
  void ofTwoJumpsWithinTwoHoursTheLargerIsTheKickOff() {
    LongToDoubleFunction two = minute -> minute < 0 ? 100 : minute < 120 ? 200 : 390;
    LongToDoubleFunction apart = minute -> minute < 0 ? 100 : minute < 150 ? 200 : 390;

    assertThat(KickOffs.in(day(two).curve())).containsExactly(KICKOFF);
    LongToDoubleFunction larger = minute -> minute < 0 ? 100 : minute < 120 ? 200 : 500;
    assertThat(KickOffs.in(day(larger).curve())).containsExactly(KICKOFF.plusSeconds(120 * 60));
    assertThat(KickOffs.in(day(apart).curve()))
        .containsExactly(KICKOFF, KICKOFF.plusSeconds(150 * 60));
  }

  @Test
  void whereNothingIsRecordedNothingJumps() {
    Recording gap =
        new Recording()
            .around(KICKOFF.minusSeconds(86_400), 60, 60, minute -> 100)
            .around(KICKOFF, 0, 60, minute -> 1000);
    Recording none = day(minute -> minute < 0 ? 0 : 1000);

    assertThat(KickOffs.in(gap.curve())).isEmpty();
    assertThat(KickOffs.in(none.curve())).isEmpty();
  }

  private static LongToDoubleFunction step(double factor) {
    return minute -> minute < 0 ? 100 : 100 * factor;
  }

  private static Recording day(LongToDoubleFunction count) {
    return new Recording().around(KICKOFF, 600, 600, count);
  }
}

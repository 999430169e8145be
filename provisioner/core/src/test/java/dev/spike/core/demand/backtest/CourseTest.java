package dev.spike.core.demand.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CourseTest {
  private static final Instant KICKOFF = Instant.parse("2027-05-30T19:00:00Z");
  private static final Course MATCH = course(120, 45, Course.Overrun.MATCH);

  @Test
  void itGoesFromHalfAnHourBeforeOrFromTheForecastToAnHourAfterTheEnd() {
    assertThat(MATCH.fromMinute()).isEqualTo(-30);
    assertThat(course(120, 20, Course.Overrun.NONE).fromMinute()).isEqualTo(-20);
    assertThat(course(120, 0, Course.Overrun.NONE).fromMinute()).isZero();
    assertThat(MATCH.toMinute()).isEqualTo(180);
  }

  @Test
  void theForecastIsMadeItsLeadBeforeAndLooksHalfAnHourBack() {
    assertThat(MATCH.asOf(KICKOFF)).isEqualTo(KICKOFF.minusSeconds(45 * 60));
    assertThat(MATCH.firstSeen(KICKOFF)).isEqualTo(KICKOFF.minusSeconds(75 * 60));
    assertThat(MATCH.over(KICKOFF)).isEqualTo(KICKOFF.plusSeconds(183 * 60));
  }

  @Test
  void whenTheEndIsLateTheWhistleHoldsAndTheRestIsLater() {
    assertThat(MATCH.whistleMinute()).isEqualTo(115);
    assertThat(MATCH.whenLate(114)).isEqualTo(114);
    assertThat(MATCH.whenLate(115)).isEqualTo(115);
    assertThat(MATCH.whenLate(154)).isEqualTo(115);
    assertThat(MATCH.whenLate(156)).isEqualTo(116);
    assertThat(course(3, 0, Course.Overrun.NONE).whistleMinute()).isZero();
    assertThat(course(120, 0, Course.Overrun.NONE).whenLate(170)).isEqualTo(170);
  }

  @Test
  void onlyMatchesRunOver() {
    assertThat(Course.Overrun.of("match")).isEqualTo(new Course.Overrun(0.15, 40));
    assertThat(Course.Overrun.of("concert")).isEqualTo(Course.Overrun.NONE);
  }

  @Test
  void anEndAtTheStartOrAForecastAfterItIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> course(0, 0, Course.Overrun.NONE))
        .withMessageContaining("an end at 0");
    assertThatIllegalArgumentException().isThrownBy(() -> course(9, -1, Course.Overrun.NONE));
    assertThat(course(1, 0, Course.Overrun.NONE).toMinute()).isEqualTo(61);
  }

  private static Course course(int end, int leadMinutes, Course.Overrun overrun) {
    return new Course(end, Duration.ofMinutes(leadMinutes), overrun);
  }
}

package dev.spike.core.demand.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.spike.core.demand.RecordedCurve;
import dev.spike.core.demand.RecordedCurveFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The goals of forecasting, on recorded match evenings. */
class RecordedEveningsTest {
  private static final Path TRACE =
      Path.of("../../../shared/data/worldcup98/requests-per-minute.csv");
  private static final List<Instant> EVENINGS =
      instants("06-25T14:00 06-26T14:00 06-29T14:30 06-30T14:30 07-03T14:30");

  /** All that the recording shows after the first five of June. */
  private static final List<Instant> ALL =
      instants(
          "06-15T19:00 06-16T15:30 06-17T15:30 06-18T15:30 06-19T15:30 06-22T15:30 06-23T14:00"
              + " 06-24T14:00 06-24T19:00 06-25T14:00 06-25T19:00 06-26T14:00 06-29T14:30"
              + " 06-30T14:30 06-30T19:00 07-03T14:30 07-03T19:00");

  @SuppressWarnings("NullAway.Init") // set before all tests
  private static RecordedCurve curve;

  @BeforeAll
  static void theRecordingIsThere() throws Exception {
    assumeTrue(
        Files.isReadable(TRACE),
        "the recording of the 1998 World Cup is not part of the project; expected at "
            + TRACE.toAbsolutePath().normalize());
    curve = RecordedCurveFile.read("worldcup98", TRACE);
  }

  @Test
  void withTheEveningLeftOutCoverageIsWithinTenPointsAndLossAFifthBelowThePreviousEvening() {
    for (int lead : new int[] {0, 30, 60, 180}) {
      List<Backtest.Evening> evenings = leftOut(lead);
      Score score = Backtest.score(evenings);

      assertThat(evenings).hasSize(5).allMatch(evening -> evening.previous().isPresent());
      assertThat(score.missed()).as("coverage, known %d min before", lead).isLessThan(0.1);
      assertThat(score.pinball())
          .as("pinball loss, known %d min before", lead)
          .isLessThan(0.8 * Backtest.previousScore(evenings).pinball());
    }
  }

  @Test
  void fromEarlierEveningsAloneTheGoalsHoldOverAllThatTheRecordingShows() {
    for (int lead : new int[] {0, 30}) {
      Backtest backtest = backtest(lead);
      List<Backtest.Evening> evenings =
          ALL.stream().map(kickoff -> backtest.fromEarlier(kickoff).orElseThrow()).toList();

      assertThat(Backtest.score(evenings).missed())
          .as("coverage, known %d min before", lead)
          .isLessThan(0.1);
      assertThat(Backtest.score(evenings).pinball())
          .as("pinball loss, known %d min before", lead)
          .isLessThan(0.8 * Backtest.previousScore(evenings).pinball());
    }
  }

  @Test
  void theSameForecastIsMadeAgain() {
    assertThat(leftOut(30)).isEqualTo(leftOut(30));
  }

  @Test
  void theRecordingShowsItsKickOffs() {
    assertThat(KickOffs.in(curve)).containsAll(ALL);
  }

  private static List<Backtest.Evening> leftOut(int leadMinutes) {
    Backtest backtest = backtest(leadMinutes);
    return EVENINGS.stream()
        .map(kickoff -> backtest.fromOthers(kickoff, EVENINGS).orElseThrow())
        .toList();
  }

  private static Backtest backtest(int leadMinutes) {
    return new Backtest(
        curve, new Course(120, Duration.ofMinutes(leadMinutes), Course.Overrun.MATCH));
  }

  private static List<Instant> instants(String text) {
    return Stream.of(text.split(" ")).map(at -> Instant.parse("1998-" + at + ":00Z")).toList();
  }
}

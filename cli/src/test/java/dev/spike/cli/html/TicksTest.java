package dev.spike.cli.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class TicksTest {
  @Test
  void stepsAreOneTwoOrFiveTimesAPowerOfTen() {
    assertThat(Ticks.step(9_335_000, 6)).isEqualTo(2_000_000);
    assertThat(Ticks.step(100, 5)).isEqualTo(20);
    assertThat(Ticks.step(0.7, 5)).isEqualTo(0.2);
    assertThat(Ticks.step(0, 5)).isEqualTo(1);
  }

  @Test
  void numbersRunFromTheFirstMultipleToTheLast() {
    assertThat(Ticks.numbers(3, 21, 5, Figures::quantity))
        .extracting(Ticks.Tick::label)
        .containsExactly("5", "10", "15", "20");
  }

  @Test
  void timesStandOnTheClockOfTheEventWithTheDayOnce() {
    Instant start = Instant.parse("2027-05-30T18:40:00Z");
    EventTime time = new EventTime(ZoneId.of("Europe/London"), start);
    assertThat(Ticks.times(start, start.plusSeconds(3 * 3600), time, 4))
        .extracting(tick -> (tick.label() + " " + tick.below()).strip())
        .containsExactly("20:00 30 May", "21:00", "22:00");
  }

  @Test
  void aDayWithAChangedClockKeepsItsMidnights() {
    Instant start = Instant.parse("2027-03-27T00:00:00Z");
    EventTime time = new EventTime(ZoneId.of("Europe/London"), start);
    assertThat(Ticks.times(start, Instant.parse("2027-03-29T12:00:00Z"), time, 5))
        .extracting(Ticks.Tick::label)
        .containsExactly("00:00", "12:00", "00:00", "12:00", "00:00", "12:00");
  }
}

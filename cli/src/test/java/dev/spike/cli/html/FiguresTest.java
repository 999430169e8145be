package dev.spike.cli.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class FiguresTest {
  @Test
  void numbersHaveSeparatedThousandsAndTheDigitsThatSaySomething() {
    assertThat(Figures.count(8_977_559)).isEqualTo("8,977,559");
    assertThat(Figures.compact(8_977_559)).isEqualTo("8.98 M");
    assertThat(Figures.compact(20_000)).isEqualTo("20 k");
    assertThat(Figures.compact(1_500)).isEqualTo("1,500");
    assertThat(Figures.quantity(13.4471)).isEqualTo("13.4");
    assertThat(Figures.quantity(0.1762)).isEqualTo("0.18");
    assertThat(Figures.quantity(9.6)).isEqualTo("9.6");
    assertThat(Figures.tenth(0.006)).isEqualTo("under 0.1");
    assertThat(Figures.tenth(8.98)).isEqualTo("9");
    assertThat(Figures.duration(9.5957)).isEqualTo("9.6 s");
    assertThat(Figures.duration(0.174)).isEqualTo("174 ms");
    assertThat(Figures.duration(0)).isEqualTo("0 s");
    assertThat(Figures.tidied("at least 9.5957 s, not 0.1500 of 5,503,098 or 15.00 s"))
        .isEqualTo("at least 9.6 s, not 0.15 of 5,503,098 or 15 s");
    assertThat(Figures.tidied("1.0 s below 1234.56 on 10.20.0.1"))
        .isEqualTo("1 s below 1230 on 10.20.0.1");
    assertThat(AssumptionSection.shown("28000000000 bytes")).isEqualTo("28 GB");
    assertThat(AssumptionSection.shown("{mean: 0.83, weight: 60}"))
        .isEqualTo("mean 0.83, weight 60");
    assertThat(AssumptionSection.shown("8443")).isEqualTo("8443");
    assertThat(Figures.quantity(257_404_571_648.0, "bytes")).isEqualTo("257 GB");
    assertThat(Figures.quantity(12_165_274_132.4, "bits per second")).isEqualTo("12.2 Gbit/s");
    assertThat(Figures.quantity(57_232.8, "per second")).isEqualTo("57,233/s");
    assertThat(Figures.percent(35_910.24)).isEqualTo("35,910 %");
    assertThat(Figures.money(-610.4, "USD")).isEqualTo("-$610");
    assertThat(Figures.price(0.0225, "USD")).isEqualTo("$0.0225");
    assertThat(Figures.price(0.05, "EUR")).isEqualTo("0.05 EUR");
    assertThat(Figures.signed(3)).isEqualTo("+3");
  }

  @Test
  void timesAreThoseOfTheEventThenUtc() {
    Instant start = Instant.parse("2027-05-30T19:00:00Z");
    EventTime time = new EventTime(ZoneId.of("Europe/London"), start);
    assertThat(time.full(start)).isEqualTo("Sun 30 May 2027, 20:00 Europe/London (19:00 UTC)");
    assertThat(time.both(start.plusSeconds(4 * 3600)).replace('\u00a0', ' '))
        .isEqualTo("Mon 31 May, 00:00 (30 May 23:00 UTC)");
    assertThat(time.toStart(start.minusSeconds(72 * 3600))).isEqualTo("72 h before");
    assertThat(time.toStart(start)).isEqualTo("at the start");
    assertThat(time.toStart(start.plusSeconds(90 * 60))).isEqualTo("90 min after");
    assertThat(time.toStart(start.minusSeconds(24L * 86_400))).isEqualTo("24 days before");
  }
}

package dev.spike.core.demand.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.demand.DemandForecast;
import dev.spike.core.demand.Quantiles;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FanForecastTest {
  private static final Instant START = Instant.parse("2027-05-30T19:00:00Z");
  private static final FanForecast FAN =
      new FanForecast(
          START,
          forecast(
              new DemandForecast.ConcurrencyPoint(START, 5, 10, 20, 30),
              new DemandForecast.ConcurrencyPoint(START.plusSeconds(240), 9, 50, 100, 150)));

  @Test
  void betweenPointsItIsStraightAndOutsideNothingIsForecast() {
    assertThat(FAN.at(0)).contains(new MinuteQuantiles(10, 20, 30));
    assertThat(FAN.at(1)).contains(new MinuteQuantiles(20, 40, 60));
    assertThat(FAN.at(3)).contains(new MinuteQuantiles(40, 80, 120));
    assertThat(FAN.at(4)).contains(new MinuteQuantiles(50, 100, 150));
    assertThat(FAN.at(-1)).isEmpty();
    assertThat(FAN.at(5)).isEmpty();
  }

  private static DemandForecast forecast(DemandForecast.ConcurrencyPoint... points) {
    return new DemandForecast(
        new Quantiles(1, 2, 3),
        "p99",
        3,
        1,
        3,
        1,
        1,
        1,
        List.of(points),
        null,
        null,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        1,
        20);
  }
}

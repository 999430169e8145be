package dev.spike.core.demand.backtest;

import dev.spike.core.demand.DemandForecast;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What a plan forecasts of its event's connections; straight between its points. */
public final class FanForecast implements MinuteForecast {
  private final Instant start;
  private final TreeMap<Long, DemandForecast.ConcurrencyPoint> points = new TreeMap<>();

  /** Of an event that starts then. */
  public FanForecast(Instant start, DemandForecast forecast) {
    this.start = start;
    forecast.concurrency().forEach(point -> points.put(point.at().getEpochSecond(), point));
  }

  @Override
  public Optional<MinuteQuantiles> at(int minute) {
    long then = start.getEpochSecond() + minute * 60L;
    Map.Entry<Long, DemandForecast.ConcurrencyPoint> before = points.floorEntry(then);
    Map.Entry<Long, DemandForecast.ConcurrencyPoint> after = points.ceilingEntry(then);
    if (before == null || after == null) {
      return Optional.empty();
    }
    long apart = after.getKey() - before.getKey();
    double part = apart == 0 ? 0 : (double) (then - before.getKey()) / apart;
    DemandForecast.ConcurrencyPoint low = before.getValue();
    DemandForecast.ConcurrencyPoint high = after.getValue();
    return Optional.of(
        new MinuteQuantiles(
            between(low.p50(), high.p50(), part),
            between(low.p90(), high.p90(), part),
            between(low.p99(), high.p99(), part)));
  }

  private static double between(long low, long high, double part) {
    return low + part * (high - low);
  }
}

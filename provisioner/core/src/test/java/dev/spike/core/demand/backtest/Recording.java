package dev.spike.core.demand.backtest;

import dev.spike.core.demand.RecordedCurve;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongToDoubleFunction;

/** Recordings made up minute by minute. */
final class Recording {
  private final SortedMap<Long, Double> minutes = new TreeMap<>();

  /** From so many minutes before an instant to so many after it. */
  Recording around(Instant kickoff, int before, int after, LongToDoubleFunction count) {
    for (long minute = -before; minute < after; minute++) {
      minutes.put(kickoff.getEpochSecond() / 60 + minute, count.applyAsDouble(minute));
    }
    return this;
  }

  RecordedCurve curve() {
    return new RecordedCurve(minutes);
  }
}

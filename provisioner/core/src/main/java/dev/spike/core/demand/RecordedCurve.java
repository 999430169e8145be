package dev.spike.core.demand;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.hipparchus.util.FastMath;

/**
 * The load that was recorded minute by minute, such as connections or requests. Only its shape and
 * its ratios are used, so that its unit does not matter.
 */
public final class RecordedCurve {
  private final SortedMap<Long, Double> byEpochMinute;

  /**
   * A curve.
   *
   * @param byEpochMinute counts, at least one, each 0 or more; minutes may be missing
   */
  public RecordedCurve(SortedMap<Long, Double> byEpochMinute) {
    if (byEpochMinute.isEmpty()) {
      throw new IllegalArgumentException("a recorded curve needs a minute");
    }
    this.byEpochMinute = Collections.unmodifiableSortedMap(byEpochMinute);
  }

  /** Its first minute. */
  public Instant from() {
    return Instant.ofEpochSecond(byEpochMinute.firstKey() * 60);
  }

  /** Its last minute. */
  public Instant to() {
    return Instant.ofEpochSecond(byEpochMinute.lastKey() * 60);
  }

  /** The count of the minute that holds an instant; NaN when it was not recorded. */
  public double at(Instant instant) {
    return byEpochMinute.getOrDefault(FastMath.floorDiv(instant.getEpochSecond(), 60L), Double.NaN);
  }

  /** The mean count per recorded minute of a span; NaN when none was recorded. */
  public double mean(Instant start, Instant end) {
    return byEpochMinute
        .subMap(
            FastMath.floorDiv(start.getEpochSecond(), 60L),
            FastMath.floorDiv(end.getEpochSecond(), 60L))
        .values()
        .stream()
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(Double.NaN);
  }

  /** What was recorded before an instant; empty when that is nothing. */
  public Optional<RecordedCurve> until(Instant end) {
    // A copy: a view of its past refuses to be asked about its future.
    SortedMap<Long, Double> before =
        new TreeMap<>(byEpochMinute.headMap(FastMath.floorDiv(end.getEpochSecond(), 60L)));
    return before.isEmpty() ? Optional.empty() : Optional.of(new RecordedCurve(before));
  }

  /** The recording as if nothing had been recorded from an instant up to another. */
  public Optional<RecordedCurve> without(Instant start, Instant end) {
    SortedMap<Long, Double> rest = new TreeMap<>(byEpochMinute);
    rest.subMap(
            FastMath.floorDiv(start.getEpochSecond(), 60L),
            FastMath.floorDiv(end.getEpochSecond(), 60L))
        .clear();
    return rest.isEmpty() ? Optional.empty() : Optional.of(new RecordedCurve(rest));
  }

  /**
   * Its course around an event as connections whose maximum is 1; smoothed over five minutes,
   * because a single minute's count is over-dispersed.
   *
   * @param kickoff the instant of the recording that is the event's start
   * @param from first second of the course, from the event's start
   */
  ConcurrencyCurve course(Instant kickoff, double from, double to) {
    int cells = (int) FastMath.max(1, FastMath.min(2000, FastMath.ceil((to - from) / 60)));
    double step = (to - from) / cells;
    double[] values = new double[cells + 1];
    double largest = 0;
    for (int index = 0; index <= cells; index++) {
      Instant at = kickoff.plusSeconds(FastMath.round(from + index * step));
      double mean = mean(at.minus(Duration.ofMinutes(2)), at.plus(Duration.ofMinutes(3)));
      values[index] = Double.isNaN(mean) ? 0 : mean;
      largest = FastMath.max(largest, values[index]);
    }
    for (int index = 0; index <= cells && largest > 0; index++) {
      values[index] /= largest;
    }
    return new ConcurrencyCurve(from, step, values);
  }
}

package dev.spike.core.demand.backtest;

import dev.spike.core.demand.RecordedCurve;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.hipparchus.util.FastMath;

/**
 * The kick-offs that a recording shows: full and half hours after which the load is at once at
 * least half as much again as before them, and more so than at any other within two hours.
 */
public final class KickOffs {
  private static final Duration GRID = Duration.ofMinutes(30);
  private static final int GRID_STEPS_APART = 4;
  private static final double JUMP_MIN = 1.5;

  private KickOffs() {}

  /** Those of a recording, in order. */
  public static List<Instant> in(RecordedCurve curve) {
    List<Instant> grid = new ArrayList<>();
    List<Double> jumps = new ArrayList<>();
    long first = FastMath.floorDiv(curve.from().getEpochSecond(), GRID.toSeconds()) + 1;
    for (Instant at = Instant.ofEpochSecond(first * GRID.toSeconds());
        at.isBefore(curve.to());
        at = at.plus(GRID)) {
      grid.add(at);
      jumps.add(jump(curve, at));
    }
    List<Instant> found = new ArrayList<>();
    for (int index = 0; index < grid.size(); index++) {
      if (jumps.get(index) >= JUMP_MIN && isLargest(jumps, index)) {
        found.add(grid.get(index));
      }
    }
    return found;
  }

  /** The load from 5 to 30 minutes after over that from 30 to 5 minutes before; else 0. */
  private static double jump(RecordedCurve curve, Instant at) {
    double before = curve.mean(at.minusSeconds(1800), at.minusSeconds(300));
    double after = curve.mean(at.plusSeconds(300), at.plusSeconds(1800));
    return before > 0 && after > 0 ? after / before : 0;
  }

  private static boolean isLargest(List<Double> jumps, int index) {
    int from = FastMath.max(0, index - GRID_STEPS_APART);
    int to = FastMath.min(jumps.size(), index + GRID_STEPS_APART + 1);
    return jumps.subList(from, to).stream().allMatch(other -> other <= jumps.get(index));
  }
}

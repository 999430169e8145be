package dev.spike.core.demand;

import dev.spike.core.spec.EventSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.hipparchus.util.FastMath;

/**
 * Expected connections around the event: a ramp at the start to the plateau, a second ramp to the
 * maximum at the end, and a decay. In recorded match evenings the maximum is at the final whistle
 * and half of it is gone 11 to 21 minutes later; the second ramp's and the decay's 16 minutes are
 * the middle of that.
 *
 * <p>Capacity is not planned by this curve: it takes the whole maximum in the first ramp, because a
 * late start or a failed stream makes it so.
 *
 * @param endSurge the maximum over the plateau
 * @param maximum at the end
 */
record ConcurrencyCurve(EventSpec.Event event, Duration within, double endSurge, long maximum) {
  private static final int POINTS = 61;
  private static final double HALF_GONE_SECONDS = 16 * 60;

  /** Evenly spaced, from half an hour before the start to an hour after the end. */
  List<DemandForecast.ConcurrencyPoint> points() {
    Instant from = event.startsAt().minus(Duration.ofMinutes(30));
    long span = Duration.between(from, event.endsAt()).plusHours(1).toSeconds();
    List<DemandForecast.ConcurrencyPoint> points = new ArrayList<>();
    for (int point = 0; point < POINTS; point++) {
      Instant at = from.plusSeconds(span * point / (POINTS - 1));
      points.add(new DemandForecast.ConcurrencyPoint(at, at(at)));
    }
    return points;
  }

  /** Expected connections at an instant. */
  long at(Instant instant) {
    double end = seconds(event.endsAt(), instant);
    double plateau = (double) maximum / endSurge;
    double present = LogisticRamp.within(plateau, within).upTo(seconds(event.startsAt(), instant));
    if (end < 0) {
      double rise = (maximum - plateau) * FastMath.exp(end / HALF_GONE_SECONDS);
      return FastMath.round(
          FastMath.min((double) maximum, present + rise * present / plateauOrOne(plateau)));
    }
    return FastMath.round((double) maximum * FastMath.pow(0.5, end / HALF_GONE_SECONDS));
  }

  private static double plateauOrOne(double plateau) {
    return plateau == 0 ? 1 : plateau;
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }
}

package dev.spike.core.demand;

import dev.spike.core.spec.EventSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.hipparchus.util.FastMath;

/**
 * How the planned number of connections comes and goes. Its parts' sizes are such that the most at
 * one time is the planned number, whoever leaves before.
 *
 * <p>Capacity is not planned by this course: it takes the whole number in one ramp at least as
 * steep, because a late start or a failed stream makes it so.
 *
 * @param start of the event; the curves' seconds count from it
 * @param concurrency its maximum is the planned number
 */
record EventCourse(
    Instant start, ArrivalCurve arrivals, ConcurrencyCurve concurrency, double planned) {
  private static final int ARRIVAL_POINTS = 120;
  private static final int CONCURRENCY_POINTS = 60;
  private static final double BEFORE_SECONDS = 30 * 60;
  private static final double AFTER_SECONDS = 60 * 60;

  /**
   * The course of an event.
   *
   * @param recorded the curve that {@code arrivals.trace} names
   */
  static EventCourse of(
      EventSpec.Event event,
      EventSpec.Arrivals arrivals,
      Optional<RecordedCurve> recorded,
      double planned) {
    Stay stay = stay(event, arrivals);
    double end = stay.endSeconds();
    if (recorded.isPresent() && arrivals.trace().isPresent()) {
      ConcurrencyCurve shape =
          recorded
              .get()
              .course(arrivals.trace().get().kickoff(), -BEFORE_SECONDS, end + AFTER_SECONDS);
      ConcurrencyCurve concurrency = shape.times(planned);
      return new EventCourse(
          event.startsAt(),
          RecordedArrivals.of(concurrency, stay.meanSeconds()),
          concurrency,
          planned);
    }
    return ofRamps(event.startsAt(), mixture(event, arrivals), stay, planned);
  }

  private static Stay stay(EventSpec.Event event, EventSpec.Arrivals arrivals) {
    return new Stay(
        arrivals.stay().mean().map(EventCourse::seconds).orElse(Double.POSITIVE_INFINITY),
        arrivals.stay().cv(),
        seconds(event.startsAt(), event.endsAt()),
        seconds(arrivals.stay().halfGone()));
  }

  /** The most at one time of those who come at the base's rate; 0 where a recording has it all. */
  static double mostOfBase(EventSpec.Event event, EventSpec.Arrivals arrivals) {
    if (arrivals.trace().isPresent() || arrivals.basePerSecond() == 0) {
      return 0;
    }
    RampMixture mixture = mixture(event, arrivals);
    Stay stay = stay(event, arrivals);
    ConcurrencyCurve base = base(mixture, stay, from(mixture), stay.endSeconds() + AFTER_SECONDS);
    return base.at(base.peakTime());
  }

  private static ConcurrencyCurve base(RampMixture unit, Stay stay, double from, double to) {
    return ConcurrencyCurve.of(new RampMixture(unit.basePerSecond(), List.of()), stay, from, to);
  }

  private static double from(RampMixture unit) {
    double from = -BEFORE_SECONDS;
    for (RampMixture.Part part : unit.parts()) {
      from = FastMath.min(from, part.at() - 5 * part.ramp().tauSeconds());
    }
    return from;
  }

  static EventCourse ofRamps(Instant start, RampMixture unit, Stay stay, double planned) {
    double from = from(unit);
    double to = stay.endSeconds() + AFTER_SECONDS;
    ConcurrencyCurve crowd = ConcurrencyCurve.of(new RampMixture(0, unit.parts()), stay, from, to);
    ConcurrencyCurve base = base(unit, stay, from, to);
    double factor = crowd.largestFactor(base, planned);
    return new EventCourse(start, unit.times(factor), crowd.plus(factor, base), planned);
  }

  /** The ramps of an event with arrivals as their shares say, on a scale of its own. */
  private static RampMixture mixture(EventSpec.Event event, EventSpec.Arrivals arrivals) {
    List<RampMixture.Part> parts = new ArrayList<>();
    for (EventSpec.Ramp ramp : arrivals.ramps()) {
      parts.add(
          new RampMixture.Part(
              ramp.name(),
              seconds(event.startsAt(), ramp.at()),
              LogisticRamp.within(ramp.share(), ramp.within())));
    }
    return new RampMixture(arrivals.basePerSecond(), parts);
  }

  /** The parts of the arrivals; none where they are recorded. */
  List<DemandForecast.RampShare> ramps() {
    return switch (arrivals) {
      case RampMixture mixture ->
          mixture.parts().stream()
              .map(
                  part ->
                      new DemandForecast.RampShare(
                          part.name(),
                          FastMath.round(part.ramp().arrivals()),
                          Draws.rounded(part.ramp().tauSeconds()),
                          at(part.at())))
              .toList();
      case RecordedArrivals recorded -> List.of();
    };
  }

  /** The arrival rate, with as many points where it is steep as over the whole time. */
  List<DemandForecast.ArrivalPoint> arrivalPoints() {
    double from = concurrency.from();
    double to = concurrency.to();
    return times(ARRIVAL_POINTS, time -> arrivals.between(from, time), from, to).stream()
        .map(
            time ->
                new DemandForecast.ArrivalPoint(
                    at(time), Draws.rounded(arrivals.perSecond((double) time))))
        .toList();
  }

  /** Times for points of the concurrency, with as many where it changes as over the whole time. */
  TreeSet<Long> concurrencyTimes() {
    TreeSet<Long> times =
        times(CONCURRENCY_POINTS, concurrency.moved()::at, concurrency.from(), concurrency.to());
    times.add(FastMath.round(concurrency.peakTime()));
    return times;
  }

  /** Evenly over time, and evenly over a quantity that rises with it. */
  private static TreeSet<Long> times(
      int points, ToDoubleFunction<Double> upTo, double from, double to) {
    TreeSet<Long> times = new TreeSet<>();
    double all = upTo.applyAsDouble(to);
    int steps = points * 50;
    int next = 0;
    for (int step = 0; step <= steps; step++) {
      double time = from + (to - from) * step / steps;
      if (step % (steps / (points - 1)) == 0) {
        times.add(FastMath.round(time));
      }
      if (all > 0 && upTo.applyAsDouble(time) >= all * next / points) {
        times.add(FastMath.round(time));
        next++;
      }
    }
    return times;
  }

  /** The instant so many seconds after the start. */
  Instant at(double time) {
    return start.plusSeconds(FastMath.round(time));
  }

  private static double seconds(Instant from, Instant to) {
    return seconds(Duration.between(from, to));
  }

  private static double seconds(Duration duration) {
    return (double) duration.toMillis() / 1000.0;
  }
}

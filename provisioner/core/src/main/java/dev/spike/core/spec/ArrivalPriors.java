package dev.spike.core.spec;

import java.time.Duration;
import java.util.List;
import org.hipparchus.util.FastMath;

/**
 * How the crowd of a kind of event usually comes, where the event file is silent.
 *
 * @param ramps in the order of their midpoints; shares of the plateau before the end
 * @param endSurge the maximum at the end over that plateau
 * @param stay the mean of a connection's own time; zero when all stay to the end
 */
record ArrivalPriors(
    List<Ramp> ramps,
    String rampSource,
    double endSurge,
    String endSurgeSource,
    Duration stay,
    String staySource) {
  private static final String GUESS = "no recorded source: a guess for events of this kind";
  private static final String TO_THE_END = "no recorded source: most are there to see the end";

  /** Half of those who are there at the end are gone after it: the middle of 11 to 21 minutes. */
  static final Duration HALF_GONE = Duration.ofMinutes(16);

  static final String HALF_GONE_SOURCE =
      "recorded match evenings: half of the load is gone 11 to 21 minutes after the end";

  /**
   * The surge at the end has its midpoint so long before it, and goes from 10 to 90 % in 22 min.
   */
  static final Duration END_SURGE_BEFORE = Duration.ofMinutes(10);

  static final Duration END_SURGE_WITHIN = Duration.ofMinutes(22);

  static final String END_SURGE_SHAPE_SOURCE =
      "recorded match evenings: the load rises in the last 20 minutes before the whistle";

  /** The share of the surge that has come when the event ends: a logistic ramp's. */
  static double endSurgeComeAtTheEnd() {
    double tausBefore =
        2 * FastMath.log(9.0) * END_SURGE_BEFORE.toSeconds() / END_SURGE_WITHIN.toSeconds();
    return 1 / (1 + FastMath.exp(-tausBefore));
  }

  /**
   * One ramp.
   *
   * @param within empty means that of the steep ramp
   */
  record Ramp(
      String name, Duration afterStart, double share, java.util.Optional<Duration> within) {}

  static ArrivalPriors of(String kind) {
    return switch (kind) {
      case "match" ->
          new ArrivalPriors(
              List.of(ramp("kick-off", 7, 0.87, 33), ramp("restart", 64, 0.13, 13)),
              "recorded match evenings: midpoint 4 to 11 min after kick-off, tau 5 to 10 min, and"
                  + " 6 to 30 % more after the break",
              1.8,
              "recorded match evenings: the final whistle brings 1.4 to 2.3 times the plateau",
              Duration.ZERO,
              TO_THE_END);
      case "concert" ->
          new ArrivalPriors(
              List.of(ramp("doors", -45, 0.2, 40), ramp("first song", 0, 0.8, 20)),
              GUESS,
              1.1,
              GUESS,
              Duration.ZERO,
              TO_THE_END);
      case "conference" ->
          new ArrivalPriors(
              List.of(ramp("opening", -5, 0.7, 30), ramp("after the break", 120, 0.3, 15)),
              GUESS,
              1,
              GUESS,
              Duration.ofMinutes(90),
              GUESS);
      case "broadcast" ->
          new ArrivalPriors(
              List.of(ramp("lead-in", -15, 0.2, 20), ramp("start", 0, 0.8, 12)),
              GUESS,
              1.2,
              GUESS,
              Duration.ZERO,
              TO_THE_END);
      case "sale" ->
          new ArrivalPriors(
              List.of(ramp("queue", -10, 0.3, 15), steep("opening", 0.7)),
              GUESS,
              1,
              GUESS,
              Duration.ofMinutes(15),
              GUESS);
      default ->
          new ArrivalPriors(List.of(steep("start", 1)), GUESS, 1, GUESS, Duration.ZERO, TO_THE_END);
    };
  }

  private static Ramp ramp(String name, long minutes, double share, long withinMinutes) {
    return new Ramp(
        name,
        Duration.ofMinutes(minutes),
        share,
        java.util.Optional.of(Duration.ofMinutes(withinMinutes)));
  }

  private static Ramp steep(String name, double share) {
    return new Ramp(name, Duration.ZERO, share, java.util.Optional.empty());
  }
}

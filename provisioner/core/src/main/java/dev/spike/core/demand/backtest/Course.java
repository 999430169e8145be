package dev.spike.core.demand.backtest;

import java.time.Duration;
import java.time.Instant;
import org.hipparchus.util.FastMath;

/**
 * The minutes of an event that are forecast, counted from its kick-off, and what of it was known.
 *
 * @param endMinute the end of the event as it was announced
 * @param lead how long before the kick-off the forecast is made
 * @param overrun how the end may be late
 */
public record Course(int endMinute, Duration lead, Overrun overrun) {
  /** The load of so many minutes before the forecast tells the level of the evening. */
  static final int LEVEL_MINUTES = 30;

  private static final int BEFORE_MINUTES = 30;
  private static final int AFTER_MINUTES = 60;

  /**
   * A late end: the load stays as at the final whistle, and what follows is later.
   *
   * @param probability of it
   * @param minutes later
   */
  public record Overrun(double probability, int minutes) {
    /** An event that ends when it was announced to. */
    public static final Overrun NONE = new Overrun(0, 0);

    /**
     * A match. One in three of the knock-out matches of the world cups of 1986 to 1994 went to
     * extra time and no match of a group did; half of the matches of a tournament that matter are
     * either. Recorded: 40 minutes more with extra time and penalties.
     */
    public static final Overrun MATCH = new Overrun(0.15, 40);

    /** The usual one of a kind of event. */
    public static Overrun of(String kind) {
      return kind.equals("match") ? MATCH : NONE;
    }
  }

  public Course {
    if (endMinute < 1 || lead.isNegative()) {
      throw new IllegalArgumentException("an end at " + endMinute + " known " + lead + " before");
    }
  }

  /** The first minute that is forecast: half an hour before the kick-off, or when it is made. */
  public int fromMinute() {
    return -(int) FastMath.min(BEFORE_MINUTES, lead.toMinutes());
  }

  /** The minute after the last that is forecast: an hour after the announced end. */
  public int toMinute() {
    return endMinute + AFTER_MINUTES;
  }

  /** The minute of the final whistle: recorded maxima came five minutes before a round end. */
  int whistleMinute() {
    return endMinute - FastMath.min(5, endMinute);
  }

  /** The minute of the announced course that is seen in a minute when the end is late. */
  int whenLate(int minute) {
    return minute <= whistleMinute()
        ? minute
        : FastMath.max(whistleMinute(), minute - overrun.minutes());
  }

  /** The instant at which the forecast is made. */
  Instant asOf(Instant kickoff) {
    return kickoff.minus(lead);
  }

  /** The first instant of a recorded evening that a forecast looks at. */
  Instant firstSeen(Instant kickoff) {
    return asOf(kickoff).minus(Duration.ofMinutes(LEVEL_MINUTES));
  }

  /** The first instant after all that belongs to an evening. */
  Instant over(Instant kickoff) {
    return kickoff.plus(Duration.ofMinutes((long) toMinute() + 3));
  }
}

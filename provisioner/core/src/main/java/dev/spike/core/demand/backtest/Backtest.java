package dev.spike.core.demand.backtest;

import dev.spike.core.demand.RecordedCurve;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hipparchus.util.FastMath;

/**
 * Forecasts recorded evenings as if they were to come, and scores what was forecast. A forecast is
 * made of two recordings that do not hold what is to be forecast: this evening up to its instant,
 * and other evenings.
 */
public final class Backtest {
  private static final int LEARNED_MAX = 6;

  private final RecordedCurve curve;
  private final Course course;

  /** Against a recording. */
  public Backtest(RecordedCurve curve, Course course) {
    this.curve = curve;
    this.course = course;
  }

  /**
   * One evening.
   *
   * @param asOf the instant at which it was forecast
   * @param learnedFrom kick-offs of the evenings that the forecast was made of
   * @param minutes what was forecast and what came
   * @param previous the kick-off of the evening that the peer repeats; empty where none is recorded
   */
  public record Evening(
      Instant kickoff,
      Instant asOf,
      List<Instant> learnedFrom,
      List<Minute> minutes,
      Optional<Instant> previous) {
    public Evening {
      learnedFrom = List.copyOf(learnedFrom);
      minutes = List.copyOf(minutes);
    }

    /** Of the forecast. */
    public Score score() {
      return tally(minutes, false).score();
    }

    /** Of repeating the previous evening; of no minute where none is recorded. */
    public Score previousScore() {
      return tally(previous.isEmpty() ? List.of() : minutes, true).score();
    }
  }

  /**
   * One minute.
   *
   * @param minute after the kick-off
   * @param previous the same minute of the previous evening; NaN where there is none
   */
  public record Minute(int minute, double count, MinuteQuantiles forecast, double previous) {}

  /** All evenings' minutes in one. */
  public static Score score(List<Evening> evenings) {
    Score.Tally all = new Score.Tally();
    evenings.forEach(evening -> all.addAll(tally(evening.minutes(), false)));
    return all.score();
  }

  /** All minutes of the evenings that have a previous one; only these can be compared. */
  public static Score previousScore(List<Evening> evenings) {
    Score.Tally all = new Score.Tally();
    comparable(evenings).forEach(evening -> all.addAll(tally(evening.minutes(), true)));
    return all.score();
  }

  /** Those evenings that have a previous one. */
  public static List<Evening> comparable(List<Evening> evenings) {
    return evenings.stream().filter(evening -> evening.previous().isPresent()).toList();
  }

  private static Score.Tally tally(List<Minute> minutes, boolean ofPrevious) {
    Score.Tally tally = new Score.Tally();
    for (Minute minute : minutes) {
      tally.add(
          minute.count(),
          ofPrevious ? MinuteQuantiles.point(minute.previous()) : minute.forecast());
    }
    return tally;
  }

  /** How many minutes of an evening are recorded, of those that are forecast. */
  public int recorded(Instant kickoff) {
    int recorded = 0;
    for (int minute = course.fromMinute(); minute < course.toMinute(); minute++) {
      recorded += Double.isNaN(count(kickoff, minute)) ? 0 : 1;
    }
    return recorded;
  }

  /**
   * Forecasts an evening from those before it: the last six that the recording showed, as a whole,
   * when the forecast was made.
   *
   * @return empty where fewer than two are shown, or the half hour before was not recorded
   */
  public Optional<Evening> fromEarlier(Instant kickoff) {
    Optional<RecordedCurve> known = curve.until(course.asOf(kickoff));
    if (known.isEmpty()) {
      return Optional.empty();
    }
    List<Instant> earlier =
        KickOffs.in(known.get()).stream()
            .filter(other -> !course.over(other).isAfter(course.asOf(kickoff)))
            .toList();
    List<Instant> last =
        earlier.subList(FastMath.max(0, earlier.size() - LEARNED_MAX), earlier.size());
    return forecast(known.get(), kickoff, known.get(), last, earlier);
  }

  /**
   * Forecasts an evening from named others, itself left out; they may be later. One that would show
   * a minute of the evening itself is left out, too.
   *
   * @return empty where fewer than two are left, or the half hour before was not recorded
   */
  public Optional<Evening> fromOthers(Instant kickoff, List<Instant> evenings) {
    Optional<RecordedCurve> known = curve.until(course.asOf(kickoff));
    Optional<RecordedCurve> rest = curve.without(course.asOf(kickoff), course.over(kickoff));
    List<Instant> others =
        evenings.stream().distinct().sorted().filter(other -> isApart(other, kickoff)).toList();
    return known.isEmpty() || rest.isEmpty()
        ? Optional.empty()
        : forecast(known.get(), kickoff, rest.get(), others, others);
  }

  private boolean isApart(Instant other, Instant kickoff) {
    return !course.over(other).isAfter(course.asOf(kickoff))
        || !course.firstSeen(other).isBefore(course.over(kickoff));
  }

  private Optional<Evening> forecast(
      RecordedCurve known,
      Instant kickoff,
      RecordedCurve recorded,
      List<Instant> learnedFrom,
      List<Instant> evenings) {
    return EveningForecast.of(known, kickoff, recorded, learnedFrom, course)
        .map(forecast -> evening(kickoff, forecast, learnedFrom, evenings));
  }

  /**
   * Scores any forecast of an evening.
   *
   * @param learnedFrom kick-offs of the evenings that it was made of
   * @param evenings kick-offs, the last of which before this one is the previous evening; where
   *     none is, it is the same hour of the day before
   */
  public Evening evening(
      Instant kickoff, MinuteForecast forecast, List<Instant> learnedFrom, List<Instant> evenings) {
    Instant previous =
        evenings.stream()
            .filter(other -> !course.over(other).isAfter(course.asOf(kickoff)))
            .max(Instant::compareTo)
            .orElse(kickoff.minus(Duration.ofDays(1)));
    boolean isRecorded = recorded(previous) * 10 >= 9 * (course.toMinute() - course.fromMinute());
    List<Minute> minutes = new ArrayList<>();
    for (int minute = course.fromMinute(); minute < course.toMinute(); minute++) {
      double count = count(kickoff, minute);
      double before = count(previous, minute);
      Optional<MinuteQuantiles> then = forecast.at(minute);
      if (then.isPresent() && !Double.isNaN(count) && !(isRecorded && Double.isNaN(before))) {
        minutes.add(new Minute(minute, count, then.get(), before));
      }
    }
    return new Evening(
        kickoff,
        course.asOf(kickoff),
        learnedFrom,
        minutes,
        isRecorded ? Optional.of(previous) : Optional.empty());
  }

  private double count(Instant kickoff, int minute) {
    return curve.at(kickoff.plus(Duration.ofMinutes(minute)));
  }
}

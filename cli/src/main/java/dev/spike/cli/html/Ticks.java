package dev.spike.cli.html;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleFunction;

/** Where an axis has its ticks, and what they say. */
final class Ticks {
  /** Steps of a clock and of a calendar, shortest first. */
  private static final List<Duration> STEPS =
      List.of(
          Duration.ofMinutes(1),
          Duration.ofMinutes(2),
          Duration.ofMinutes(5),
          Duration.ofMinutes(10),
          Duration.ofMinutes(15),
          Duration.ofMinutes(30),
          Duration.ofHours(1),
          Duration.ofHours(2),
          Duration.ofHours(3),
          Duration.ofHours(6),
          Duration.ofHours(12),
          Duration.ofDays(1),
          Duration.ofDays(2),
          Duration.ofDays(4),
          Duration.ofDays(7),
          Duration.ofDays(14),
          Duration.ofDays(28),
          Duration.ofDays(91),
          Duration.ofDays(182));

  private static final int TICKS_MAX = 60;

  private Ticks() {}

  /**
   * One tick.
   *
   * @param value on the axis
   * @param below a second line, such as a date under a time; may be empty
   */
  record Tick(double value, String label, String below) {}

  /** A step of 1, 2 or 5 times a power of ten, so that about that many fit up to the maximum. */
  static double step(double span, int count) {
    if (!(span > 0)) {
      return 1;
    }
    double rough = span / count;
    double power = Math.pow(10, Math.floor(Math.log10(rough)));
    double digit = rough / power;
    return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
  }

  /** From the first multiple of the step in the range to the last. */
  static List<Tick> numbers(double from, double to, double step, DoubleFunction<String> label) {
    List<Tick> ticks = new ArrayList<>();
    double first = Math.ceil(from / step - 1e-9);
    for (int i = 0; i < TICKS_MAX && (first + i) * step <= to + step * 1e-9; i++) {
      double value = (first + i) * step;
      ticks.add(new Tick(value, label.apply(value), ""));
    }
    return ticks;
  }

  /** Whole minutes, hours, days or weeks of that zone; values are epoch seconds. */
  static List<Tick> times(Instant from, Instant to, EventTime time, int count) {
    Duration span = Duration.between(from, to);
    Duration step = STEPS.getLast();
    for (Duration candidate : STEPS) {
      if (span.toSeconds() <= candidate.toSeconds() * count) {
        step = candidate;
        break;
      }
    }
    boolean days = step.toDays() >= 1;
    List<Tick> ticks = new ArrayList<>();
    String lastDay = "";
    ZonedDateTime at = floor(from, step, time.zone());
    for (int i = 0; i < TICKS_MAX * 4 && !at.toInstant().isAfter(to); i++) {
      Instant instant = at.toInstant();
      if (!instant.isBefore(from)) {
        String day = time.day(instant);
        ticks.add(
            days
                ? new Tick(instant.getEpochSecond(), day, "")
                : new Tick(
                    instant.getEpochSecond(), time.time(instant), day.equals(lastDay) ? "" : day));
        lastDay = day;
      }
      at = days ? at.plusDays(step.toDays()) : after(at, step);
    }
    return ticks;
  }

  /** On the local clock, so that 00:00 stays a tick when the clock is changed. */
  private static ZonedDateTime after(ZonedDateTime at, Duration step) {
    ZonedDateTime next = at.toLocalDateTime().plus(step).atZone(at.getZone());
    return next.toInstant().isAfter(at.toInstant())
        ? next
        : at.toInstant().plus(step).atZone(at.getZone());
  }

  private static ZonedDateTime floor(Instant from, Duration step, ZoneId zone) {
    ZonedDateTime midnight = from.atZone(zone).toLocalDate().atStartOfDay(zone);
    if (step.toDays() >= 1) {
      long days = midnight.toLocalDate().toEpochDay();
      return midnight.plusDays(-Math.floorMod(days, step.toDays()));
    }
    long seconds = Duration.between(midnight, from.atZone(zone)).toSeconds();
    return midnight.plusSeconds(seconds - seconds % step.toSeconds());
  }
}

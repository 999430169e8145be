package dev.spike.cli.html;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Instants as the people of the event read them: in its zone, then in UTC.
 *
 * @param startsAt what "hours before" counts to
 */
record EventTime(ZoneId zone, Instant startsAt) {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("EEE d MMM uuuu", Locale.ROOT);
  private static final DateTimeFormatter SHORT_DAY =
      DateTimeFormatter.ofPattern("d MMM", Locale.ROOT);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final DateTimeFormatter SHORT =
      DateTimeFormatter.ofPattern("EEE d MMM, HH:mm", Locale.ROOT);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);
  private static final DateTimeFormatter UTC_DAY =
      DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ROOT);

  private static final char NO_BREAK = '\u00a0';

  /** {@code Thu 27 May 2027, 20:00 Europe/London (19:00 UTC)}. */
  String full(Instant at) {
    return DAY.format(at.atZone(zone)) + ", " + time(at) + " " + zone.getId() + utcInBrackets(at);
  }

  /** {@code Thu 27 May, 20:00}, in the event's zone. */
  String brief(Instant at) {
    return SHORT.format(at.atZone(zone));
  }

  /** {@code Thu 27 May, 20:00 (19:00 UTC)}, which breaks only before the bracket. */
  String both(Instant at) {
    return brief(at).replace(' ', NO_BREAK)
        + " "
        + utcInBrackets(at).strip().replace(' ', NO_BREAK);
  }

  /** {@code 27 May 19:00 UTC}. */
  static String utc(Instant at) {
    return UTC_DAY.format(at.atZone(ZoneOffset.UTC)) + " UTC";
  }

  /** {@code 20:00}. */
  String time(Instant at) {
    return TIME.format(at.atZone(zone));
  }

  /** {@code 27 May}. */
  String day(Instant at) {
    return SHORT_DAY.format(at.atZone(zone));
  }

  /** {@code 72 h before}, {@code 2 h after}, {@code at the start}; days beyond a week. */
  String toStart(Instant at) {
    Duration before = Duration.between(at, startsAt);
    if (before.isZero()) {
      return "at the start";
    }
    return size(before.abs()) + (before.isNegative() ? " after" : " before");
  }

  /** {@code 72 h}, {@code 30 min}; days beyond a week. */
  static String size(Duration size) {
    if (size.toDays() >= 8) {
      return size.toDays() + " days";
    }
    if (size.toMinutes() % 60 == 0 || size.toHours() >= 24) {
      return size.toHours() + " h";
    }
    return size.toMinutes() + " min";
  }

  /** {@code 1 July 2026}. */
  static String date(LocalDate day) {
    return DATE.format(day);
  }

  /** What an axis of times says of itself. */
  String axisTitle() {
    return zone.equals(ZoneOffset.UTC) || zone.getId().equals("UTC")
        ? "time (UTC)"
        : "time in " + zone.getId() + " (UTC" + offset() + ")";
  }

  private String offset() {
    ZoneOffset offset = zone.getRules().getOffset(startsAt);
    return offset.getTotalSeconds() == 0 ? "+00:00" : offset.getId();
  }

  private String utcInBrackets(Instant at) {
    if (zone.getRules().getOffset(at).getTotalSeconds() == 0) {
      return " (UTC)";
    }
    var utc = at.atZone(ZoneOffset.UTC);
    boolean sameDay = utc.toLocalDate().equals(at.atZone(zone).toLocalDate());
    return " (" + (sameDay ? TIME : UTC_DAY).format(utc) + " UTC)";
  }
}

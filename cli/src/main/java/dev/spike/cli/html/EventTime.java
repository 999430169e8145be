package dev.spike.cli.html;

import java.time.Duration;
import java.time.Instant;
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

  /** {@code T-72 h}, {@code T+2 h}; days beyond a week. */
  String toStart(Instant at) {
    Duration before = Duration.between(at, startsAt);
    String sign = before.isNegative() ? "T+" : "T-";
    Duration size = before.abs();
    if (size.toDays() >= 8) {
      return sign + size.toDays() + " d";
    }
    if (size.toMinutes() % 60 == 0 || size.toHours() >= 24) {
      return sign + size.toHours() + " h";
    }
    return sign + size.toMinutes() + " min";
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

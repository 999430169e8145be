package dev.spike.core.spec;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.zone.ZoneRules;

/** The small notations of event files. Each throws DateTimeException with a sentence. */
final class Texts {
  private Texts() {}

  /** A duration such as 90s, 30m, 72h, 2d or 250ms; its shape was checked by the schema. */
  static Duration duration(String text) {
    int unitAt = 0;
    while (Character.isDigit(text.charAt(unitAt))) {
      unitAt++;
    }
    long amount = Long.parseLong(text.substring(0, unitAt));
    return switch (text.substring(unitAt)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      case "d" -> Duration.ofDays(amount);
      default -> throw new DateTimeException("'" + text + "' is not a duration such as 90s");
    };
  }

  /** The duration in the largest unit that divides it. */
  static String text(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds % 3600 == 0 && seconds > 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
  }

  /** A time zone. */
  static ZoneId zone(String text) {
    try {
      return ZoneId.of(text);
    } catch (DateTimeException unknown) {
      throw new DateTimeException(
          "'"
              + text
              + "' is not a time zone such as Europe/London"
              + Nearest.to(text, ZoneId.getAvailableZoneIds())
                  .map(near -> "; did you mean '" + near + "'?")
                  .orElse(""),
          unknown);
    }
  }

  /** An instant; a time without offset is one in the zone, and must exist there exactly once. */
  static Instant instant(String text, ZoneId zone) {
    String iso = text.replace(' ', 'T');
    try {
      if (iso.endsWith("Z") || iso.matches(".*[+-]\\d{2}:\\d{2}$")) {
        return OffsetDateTime.parse(iso, DateTimeFormatter.ISO_OFFSET_DATE_TIME).toInstant();
      }
      LocalDateTime local = LocalDateTime.parse(iso, DateTimeFormatter.ISO_LOCAL_DATE_TIME);
      return local.toInstant(onlyOffset(zone.getRules(), local, zone));
    } catch (java.time.format.DateTimeParseException unparsable) {
      throw new DateTimeException("'" + text + "' is not a time that exists", unparsable);
    }
  }

  private static java.time.ZoneOffset onlyOffset(
      ZoneRules rules, LocalDateTime local, ZoneId zone) {
    var offsets = rules.getValidOffsets(local);
    if (offsets.size() != 1) {
      throw new DateTimeException(
          "'"
              + local
              + (offsets.isEmpty() ? "' does not exist in " : "' happens twice in ")
              + zone
              + " when the clocks change; write it with an offset");
    }
    return offsets.getFirst();
  }

  /** As a duration, and above 0. */
  static Duration positive(String text) {
    Duration duration = duration(text);
    if (duration.isZero()) {
      throw new DateTimeException("it is 0s; it must be above 0");
    }
    return duration;
  }
}

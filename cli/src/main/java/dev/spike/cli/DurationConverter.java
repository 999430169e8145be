package dev.spike.cli;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 90s}, {@code 30m}, {@code 1h30m}, {@code 2d}; also ISO 8601 such as {@code PT5M}. */
final class DurationConverter implements ITypeConverter<Duration> {
  private static final Duration MOST = Duration.ofDays(30);

  @Override
  public Duration convert(String text) {
    String upper = text.strip().toUpperCase(Locale.ROOT);
    String iso = upper;
    if (!upper.startsWith("P")) {
      int days = upper.indexOf('D');
      iso =
          days < 0
              ? "PT" + upper
              : "P"
                  + upper.substring(0, days + 1)
                  + (days + 1 < upper.length() ? "T" + upper.substring(days + 1) : "");
    }
    Duration duration;
    try {
      duration = Duration.parse(iso);
    } catch (DateTimeParseException malformed) {
      throw new TypeConversionException(
          "'" + text + "' is not a duration such as 90s, 30m or 1h30m");
    }
    if (duration.isNegative() || duration.compareTo(MOST) > 0) {
      throw new TypeConversionException("'" + text + "' is not between 0s and 30d");
    }
    return duration;
  }
}

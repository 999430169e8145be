package dev.spike.cli;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code 2027-05-27T19:00:00Z}, or with another offset. */
final class InstantConverter implements ITypeConverter<Instant> {
  @Override
  public Instant convert(String text) {
    try {
      return OffsetDateTime.parse(text.strip()).toInstant();
    } catch (DateTimeParseException malformed) {
      throw new TypeConversionException(
          "'" + text + "' is not an instant such as 2027-05-27T19:00:00Z");
    }
  }
}

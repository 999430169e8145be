package dev.spike.core.demand;

import dev.spike.core.sales.TicketDataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads recorded curves: a header line, then a minute and a count a line, such as {@code 1998-06-25
 * 14:00:00,64128}. A time without an offset is UTC.
 */
public final class RecordedCurveFile {
  private static final int MINUTES_MAX = 2_000_000;
  private static final String NEXT =
      "Write a header line, then lines such as 2026-06-25 14:00:00,64128.";

  private RecordedCurveFile() {}

  /**
   * Reads one.
   *
   * @param name for messages
   * @throws TicketDataException when it is missing (66) or a line of it is no minute and count (65)
   */
  public static RecordedCurve read(String name, Path path) throws TicketDataException {
    if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
      throw new TicketDataException(
          TicketDataException.Kind.MISSING_FILE,
          "The recorded curve " + name + " is missing: there is no such file that may be read.",
          "Name a CSV of minutes and counts.",
          null);
    }
    try (BufferedReader lines = Files.newBufferedReader(path)) {
      return new RecordedCurve(minutes(name, lines));
    } catch (CharacterCodingException notText) {
      throw bad(name, "it is not text in UTF-8", notText);
    } catch (IOException failed) {
      throw bad(name, "it cannot be read: " + failed.getMessage(), failed);
    }
  }

  private static SortedMap<Long, Double> minutes(String name, BufferedReader lines)
      throws IOException, TicketDataException {
    SortedMap<Long, Double> minutes = new TreeMap<>();
    int number = 1;
    String line = lines.readLine();
    for (line = line == null ? null : lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      if (minutes.size() >= MINUTES_MAX) {
        throw bad(
            name, String.format(Locale.ROOT, "it has more than %,d minutes", MINUTES_MAX), null);
      }
      String[] fields = line.split(",", -1);
      try {
        double count = fields.length == 2 ? Double.parseDouble(fields[1].strip()) : Double.NaN;
        if (!(count >= 0) || Double.isInfinite(count)) {
          throw bad(name, "line " + number + " is '" + shown(line) + "'", null);
        }
        minutes.merge(instant(fields[0].strip()).getEpochSecond() / 60, count, Double::sum);
      } catch (DateTimeException | NumberFormatException unreadable) {
        throw bad(name, "line " + number + " is '" + shown(line) + "'", unreadable);
      }
    }
    if (minutes.isEmpty()) {
      throw bad(name, "it holds no minute", null);
    }
    if (minutes.values().stream().allMatch(count -> count == 0)) {
      throw bad(
          name, String.format(Locale.ROOT, "all its %,d minutes count 0", minutes.size()), null);
    }
    return minutes;
  }

  private static Instant instant(String text) {
    String iso = text.replace(' ', 'T');
    return iso.endsWith("Z") || iso.matches(".*[+-]\\d{2}:\\d{2}$")
        ? OffsetDateTime.parse(iso).toInstant()
        : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
  }

  private static String shown(String line) {
    return line.length() > 60 ? line.substring(0, 60) + "…" : line;
  }

  private static TicketDataException bad(String name, String why, @Nullable Throwable cause) {
    return new TicketDataException(
        TicketDataException.Kind.BAD_DATA,
        "The recorded curve " + name + " cannot be used: " + why + ".",
        NEXT,
        cause);
  }
}

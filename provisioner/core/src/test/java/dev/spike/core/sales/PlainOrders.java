package dev.spike.core.sales;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Counts the rows of a table the plain way, with a library's records and java.time: what the fast
 * reader is held to. The columns are sold_at, product, quantity, status and id.
 */
final class PlainOrders {
  private static final Pattern TIME =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\d)([T ](\\d\\d:\\d\\d)(:([0-5]\\d|60)([.,]\\d*)?)?"
              + "( ?(Z|UTC|[+-]\\d\\d(:?[0-5]\\d)?))?)?");
  private static final Pattern QUANTITY = Pattern.compile("(-?\\d+)(\\.0*)?");
  private static final int QUANTITY_LETTERS_MAX = 15;

  final SortedMap<String, SortedMap<Long, Long>> sold = new TreeMap<>();
  final SortedMap<String, Long> rejected = new TreeMap<>();
  final SortedMap<String, Long> leftOut = new TreeMap<>();
  final List<String> firstRejected = new ArrayList<>();
  long accepted;

  private int line;

  private final ZoneId zone;
  private final Instant asOf;
  private final boolean withId;
  private final Set<String> ids = new HashSet<>();

  PlainOrders(ZoneId zone, Instant asOf, boolean withId) {
    this.zone = zone;
    this.asOf = asOf;
    this.withId = withId;
  }

  static CsvReader<CsvRecord> reader(char separator, String text) {
    return CsvReader.builder()
        .fieldSeparator(separator)
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
        .ofCsvRecord(text);
  }

  /**
   * Counts all of a text without byte-order mark.
   *
   * @param lines where the header and each row start; the library miscounts a lone CR in quotes
   */
  PlainOrders read(char separator, String text, List<Integer> lines) {
    int columns = 0;
    int record = 0;
    for (CsvRecord row : reader(separator, text)) {
      line = lines.get(record++);
      if (columns == 0) {
        columns = row.getFieldCount();
      } else if (row.getFieldCount() != columns) {
        reject("number of columns differs from the header");
      } else {
        row(row);
      }
    }
    return this;
  }

  private void row(CsvRecord row) {
    String status = row.getField(3).strip();
    if (!Set.of("paid", "p").contains(status.toLowerCase(Locale.ROOT))) {
      leaveOut(
          status.matches("[A-Za-z][A-Za-z_-]{0,29}")
              ? "status is " + status.toLowerCase(Locale.ROOT)
              : "status is not accepted");
      return;
    }
    String product = row.getField(1).strip();
    Matcher quantity = QUANTITY.matcher(row.getField(2).strip());
    if (product.isEmpty()) {
      reject("product is empty");
    } else if (product.length() > 256) {
      reject("product is longer than 256 letters");
    } else if (!quantity.matches() || quantity.group(1).length() > QUANTITY_LETTERS_MAX) {
      reject("quantity is not a whole number");
    } else if (Long.parseLong(quantity.group(1)) < 0) {
      reject("quantity is negative");
    } else if (Long.parseLong(quantity.group(1)) > 1_000_000) {
      reject("quantity is above 1000000");
    } else {
      timed(row, product, Long.parseLong(quantity.group(1)));
    }
  }

  private void timed(CsvRecord row, String product, long quantity) {
    Instant time;
    try {
      time = time(row.getField(0).strip());
    } catch (DateTimeException unreadable) {
      reject("time of sale is not readable");
      return;
    }
    if (time == null) {
      reject("time of sale does not exist in " + zone);
    } else if (time.isBefore(Instant.parse("2000-01-01T00:00:00Z"))
        || !time.isBefore(Instant.parse("2100-01-01T00:00:00Z"))) {
      reject("time of sale is a placeholder, before 2000 or after 2099");
    } else if (product.equals("none")) {
      leaveOut("item is no admission");
    } else if (time.getEpochSecond() / 60 > asOf.getEpochSecond() / 60) {
      leaveOut("sold after the plan's instant");
    } else if (quantity == 0) {
      leaveOut("quantity is 0");
    } else if (withId && row.getField(4).isBlank()) {
      reject("id is empty");
    } else if (withId && !ids.add(row.getField(4).strip())) {
      leaveOut("id was there before");
    } else {
      accepted++;
      sold.computeIfAbsent(product, name -> new TreeMap<>())
          .merge(time.getEpochSecond() / 60, quantity, Long::sum);
    }
  }

  /** Null when the clocks skipped it. */
  private Instant time(String text) {
    Matcher parts = TIME.matcher(text);
    if (!parts.matches()) {
      throw new DateTimeException("no time");
    }
    LocalDate date = LocalDate.parse(parts.group(1));
    LocalTime ofDay = parts.group(3) == null ? LocalTime.MIDNIGHT : LocalTime.parse(parts.group(3));
    LocalDateTime local = date.atTime(ofDay);
    if (parts.group(8) != null) {
      return local.toInstant(offset(parts.group(8)));
    }
    List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
    return offsets.isEmpty() ? null : local.toInstant(offsets.getFirst());
  }

  private static ZoneOffset offset(String text) {
    return switch (text) {
      case "Z", "UTC" -> ZoneOffset.UTC;
      default -> ZoneOffset.of(text);
    };
  }

  private void leaveOut(String reason) {
    leftOut.merge(reason, 1L, Long::sum);
  }

  private void reject(String reason) {
    rejected.merge(reason, 1L, Long::sum);
    if (firstRejected.size() < 5) {
      firstRejected.add("line " + line + ": " + reason);
    }
  }

  Map<String, Object> counts() {
    return Map.of(
        "accepted", accepted,
        "rejected", rejected,
        "leftOut", leftOut,
        "firstRejected", firstRejected,
        "sold", sold);
  }
}

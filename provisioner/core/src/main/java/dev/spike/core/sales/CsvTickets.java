package dev.spike.core.sales;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.spike.core.spec.EventSpec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Iterator;
import java.util.Locale;
import java.util.Objects;

/**
 * Counts a CSV export row by row, in constant memory. Rejected is what cannot be understood; left
 * out is what was understood and does not count.
 */
final class CsvTickets {
  /** A record longer than this is an unclosed quote, not an order. */
  private static final int RECORD_CHARS_MAX = 1 << 18;

  private static final int HEADER_CHARS_MAX = 1 << 16;
  private static final long MINUTE_2000 = 946_684_800L / 60;
  private static final long MINUTE_2100 = 4_102_444_800L / 60;

  private final EventSpec.CsvSource source;
  private final long asOfMinute;
  private final SalesHistory.Counter sales;
  private final RowTally tally = new RowTally();
  private final SoldAt soldAt;

  CsvTickets(EventSpec.CsvSource source, Instant asOf, SalesHistory.Counter sales) {
    this.source = source;
    this.asOfMinute = Math.floorDiv(asOf.getEpochSecond(), 60);
    this.sales = sales;
    this.soldAt = new SoldAt(source.timezone(), source.timeFormat());
  }

  /** Reads the export to its end. */
  SourceReport read(ExportFile file) throws TicketDataException, IOException {
    try (BufferedReader text = new BufferedReader(decoded(file.content()), 1 << 16)) {
      char separator =
          source.separator().isPresent() ? source.separator().get() : separatorOf(text);
      CsvReader<CsvRecord> records =
          CsvReader.builder()
              .fieldSeparator(separator)
              .allowExtraFields(true)
              .allowMissingFields(true)
              .maxBufferSize(RECORD_CHARS_MAX)
              .ofCsvRecord(text);
      count(records.iterator());
      file.drain();
    } catch (CsvParseException broken) {
      throw unreadable(
          "is not CSV that can be followed: "
              + String.valueOf(broken.getMessage()).lines().findFirst().orElse(""),
          "Look for a quote that is never closed.",
          broken);
    } catch (UncheckedIOException failed) {
      throw undecodable(Objects.requireNonNullElseGet(failed.getCause(), IOException::new));
    } catch (CharacterCodingException failed) {
      throw undecodable(failed);
    }
    return tally.report("csv", source.path(), file);
  }

  private TicketDataException undecodable(IOException failed) throws IOException {
    if (failed instanceof CharacterCodingException) {
      return unreadable(
          "is not UTF-8 text", "Export it as UTF-8, or convert it with iconv.", failed);
    }
    throw failed;
  }

  private TicketDataException unreadable(String what, String next, Exception cause) {
    return new TicketDataException(
        TicketDataException.Kind.BAD_DATA,
        "The ticket export " + source.path() + " " + what + ".",
        next,
        cause);
  }

  private static Reader decoded(InputStream in) throws IOException {
    in.mark(3);
    byte[] head = in.readNBytes(3);
    in.reset();
    Charset charset = StandardCharsets.UTF_8;
    int skip = 0;
    if (head.length > 1 && (head[0] & 0xff) == 0xff && (head[1] & 0xff) == 0xfe) {
      charset = StandardCharsets.UTF_16LE;
      skip = 2;
    } else if (head.length > 1 && (head[0] & 0xff) == 0xfe && (head[1] & 0xff) == 0xff) {
      charset = StandardCharsets.UTF_16BE;
      skip = 2;
    } else if (head.length > 2
        && (head[0] & 0xff) == 0xef
        && (head[1] & 0xff) == 0xbb
        && (head[2] & 0xff) == 0xbf) {
      skip = 3;
    }
    in.skipNBytes(skip);
    return new InputStreamReader(
        in,
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT));
  }

  /** The separator that the header has most of, outside quotes. */
  private static char separatorOf(BufferedReader text) throws IOException {
    text.mark(HEADER_CHARS_MAX);
    int[] counts = new int[4];
    String candidates = ",;\t|";
    boolean quoted = false;
    boolean any = false;
    for (int read = 0; read < HEADER_CHARS_MAX - 1; read++) {
      int letter = text.read();
      if (letter < 0 || (any && !quoted && (letter == '\n' || letter == '\r'))) {
        break;
      }
      any |= letter != '\n' && letter != '\r';
      quoted ^= letter == '"';
      int candidate = candidates.indexOf(letter);
      if (candidate >= 0 && !quoted) {
        counts[candidate]++;
      }
    }
    text.reset();
    int best = 0;
    for (int candidate = 1; candidate < counts.length; candidate++) {
      best = counts[candidate] > counts[best] ? candidate : best;
    }
    return candidates.charAt(best);
  }

  private void count(Iterator<CsvRecord> records) throws TicketDataException {
    if (!records.hasNext()) {
      throw TicketDataException.bad(
          "The ticket export " + source.path() + " has no row, not even a header.",
          "Export it again, and check that it opens.");
    }
    Columns columns = Columns.of(source, records.next().getFields().toArray(String[]::new));
    while (records.hasNext()) {
      row(records.next(), columns);
    }
  }

  private void row(CsvRecord row, Columns columns) throws TicketDataException {
    if (row.getFieldCount() != columns.count()) {
      reject(row, "number of columns differs from the header");
      return;
    }
    for (Columns.Filter filter : columns.filters()) {
      String value = row.getField(filter.column()).strip();
      if (!filter.accepted().contains(value.toLowerCase(Locale.ROOT))) {
        tally.leaveOutFor(filter.name(), value);
        return;
      }
    }
    String product = row.getField(columns.product()).strip();
    long quantity = columns.quantity() < 0 ? 1 : quantity(row.getField(columns.quantity()));
    long minute = soldAt.minute(row.getField(columns.soldAt()));
    if (product.isEmpty() || product.length() > 256) {
      reject(row, product.isEmpty() ? "product is empty" : "product is longer than 256 letters");
    } else if (quantity == Long.MIN_VALUE) {
      reject(row, "quantity is not a whole number");
    } else if (quantity < 0) {
      reject(row, "quantity is negative");
    } else if (quantity > source.maxQuantity()) {
      reject(row, "quantity is above " + source.maxQuantity());
    } else if (minute == SoldAt.UNREADABLE) {
      reject(row, "time of sale is not readable");
    } else if (minute == SoldAt.SKIPPED) {
      reject(row, "time of sale does not exist in " + source.timezone());
    } else if (minute < MINUTE_2000 || minute >= MINUTE_2100) {
      reject(row, "time of sale is a placeholder, before 2000 or after 2099");
    } else if (minute > asOfMinute) {
      tally.leaveOut("sold after the plan's instant");
    } else if (quantity == 0) {
      tally.leaveOut("quantity is 0");
    } else {
      add(product, minute, quantity);
    }
  }

  private void reject(CsvRecord row, String reason) {
    tally.reject(row.getStartingLineNumber(), reason);
  }

  private void add(String product, long minute, long quantity) throws TicketDataException {
    if (!sales.add(product, minute, quantity)) {
      throw TicketDataException.bad(
          source.path() + " has more than 1000 products or 5 million product minutes.",
          "Check that the column of the product is not the one of the customer.");
    }
    tally.accept(1);
  }

  /** Long.MIN_VALUE when it is no whole number; {@code 2.00} is one. */
  private static long quantity(String field) {
    String text = field.strip();
    int point = text.indexOf('.');
    if (point > 0 && text.substring(point + 1).chars().allMatch(digit -> digit == '0')) {
      text = text.substring(0, point);
    }
    int start = text.startsWith("-") ? 1 : 0;
    if (text.length() == start || text.length() > 15) {
      return Long.MIN_VALUE;
    }
    long value = 0;
    for (int at = start; at < text.length(); at++) {
      int digit = text.charAt(at) - '0';
      if (digit < 0 || digit > 9) {
        return Long.MIN_VALUE;
      }
      value = value * 10 + digit;
    }
    return start == 1 ? -value : value;
  }
}

package dev.spike.sources;

import dev.spike.core.sales.Reading;
import dev.spike.core.sales.RowTally;
import dev.spike.core.sales.SalesHistory;
import dev.spike.core.sales.SourceReport;
import dev.spike.core.sales.TicketDataException;
import dev.spike.core.spec.EventSpec;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** Counts the groups that a database gives: minute, product, quantity. */
final class GroupTally {
  private static final long MINUTE_2000 = 946_684_800L / 60;
  private static final long MINUTE_2100 = 4_102_444_800L / 60;
  private static final long QUANTITY_MAX = 1_000_000_000;
  private static final long NONE = Long.MIN_VALUE;
  private static final long SKIPPED = Long.MIN_VALUE + 1;

  private final EventSpec.JdbcSource source;
  private final Reading reading;
  private final RowTally tally = new RowTally();
  private final SalesHistory.Counter counted = new SalesHistory.Counter();

  GroupTally(EventSpec.JdbcSource source, Reading reading) {
    this.source = source;
    this.reading = reading;
  }

  /** Reads all rows; the connection fetches them in portions. */
  void countAll(ResultSet rows) throws SQLException, TicketDataException {
    boolean zoned = isZoned(rows);
    for (long row = 1; rows.next(); row++) {
      count(rows, zoned, "row " + row);
    }
  }

  /** PostgreSQL's driver calls both of its timestamps by the same SQL type. */
  private static boolean isZoned(ResultSet rows) throws SQLException {
    String type = rows.getMetaData().getColumnTypeName(1).toLowerCase(Locale.ROOT);
    return rows.getMetaData().getColumnType(1) == Types.TIMESTAMP_WITH_TIMEZONE
        || type.equals("timestamptz")
        || type.contains("with time zone");
  }

  private void count(ResultSet rows, boolean zoned, String where)
      throws SQLException, TicketDataException {
    long minute = zoned ? zonedMinute(rows) : localMinute(rows);
    String product = rows.getString(2);
    long quantity = quantity(rows.getObject(3));
    if (product == null || product.isBlank()) {
      tally.reject(where, "product is empty");
    } else if (product.strip().length() > 256) {
      tally.reject(where, "product is longer than 256 letters");
    } else if (quantity == NONE) {
      tally.reject(where, "quantity is not a whole number");
    } else if (quantity < 0) {
      tally.reject(where, "quantity is negative");
    } else if (quantity > QUANTITY_MAX) {
      tally.reject(where, "quantity is above " + QUANTITY_MAX);
    } else if (minute == NONE) {
      tally.reject(where, "time of sale is empty");
    } else if (minute == SKIPPED) {
      tally.reject(where, "time of sale does not exist in " + source.timezone());
    } else if (minute < MINUTE_2000 || minute >= MINUTE_2100) {
      tally.reject(where, "time of sale is a placeholder, before 2000 or after 2099");
    } else if (minute > reading.asOfMinute()) {
      tally.leaveOut(RowTally.LATER);
    } else if (quantity == 0) {
      tally.leaveOut("quantity is 0");
    } else {
      add(product.strip(), minute, quantity);
    }
  }

  private void add(String product, long minute, long quantity) throws TicketDataException {
    if (!counted.add(product, minute, quantity)
        || !reading.sales().add(product, minute, quantity)) {
      throw TicketDataException.bad(
          source.name() + " gives more than 1000 products or too many product minutes.",
          "Check that the column product of the query is not the one of the customer.");
    }
    tally.accept(1);
  }

  private static long zonedMinute(ResultSet rows) throws SQLException {
    OffsetDateTime at = rows.getObject(1, OffsetDateTime.class);
    return at == null ? NONE : Math.floorDiv(at.toEpochSecond(), 60);
  }

  /** Of an hour that happens twice, the first is meant. */
  private long localMinute(ResultSet rows) throws SQLException {
    LocalDateTime at = rows.getObject(1, LocalDateTime.class);
    if (at == null) {
      return NONE;
    }
    List<ZoneOffset> offsets = source.timezone().getRules().getValidOffsets(at);
    return offsets.isEmpty() ? SKIPPED : Math.floorDiv(at.toEpochSecond(offsets.getFirst()), 60);
  }

  private static long quantity(@org.jspecify.annotations.Nullable Object sum) {
    if (sum == null) {
      return NONE;
    }
    try {
      return new BigDecimal(sum.toString()).longValueExact();
    } catch (NumberFormatException | ArithmeticException notWhole) {
      return NONE;
    }
  }

  SourceReport report() {
    return tally.report("jdbc", source.name(), counted.history(), 0);
  }
}

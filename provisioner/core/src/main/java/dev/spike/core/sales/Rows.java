package dev.spike.core.sales;

import java.time.Instant;
import java.util.regex.Pattern;

/**
 * What becomes of the rows that one thread parses, block after block. Fields are looked at where
 * they stand in the block; those that mean nothing are never made into text.
 */
abstract class Rows implements RowScanner.Fields {
  static final int PRODUCT_LETTERS_MAX = 256;
  private static final Pattern ADDRESS = Pattern.compile("[^\\s@]+@[^\\s@]+\\.[^\\s@]+");

  private final long asOfMinute;
  private final long quantityMax;
  private final String zone;
  private final SalesHistory.Counter sales = new SalesHistory.Counter();
  private RowTally tally = new RowTally();
  private boolean isFull;
  private long line;

  /**
   * For one thread.
   *
   * @param asOf later sales were not known
   * @param quantityMax of one row
   * @param zone of times without offset, for the reason of a rejection
   */
  Rows(Instant asOf, long quantityMax, String zone) {
    this.asOfMinute = Math.floorDiv(asOf.getEpochSecond(), 60);
    this.quantityMax = quantityMax;
    this.zone = zone;
  }

  /** Starts a block; what is counted in it, by its own lines. */
  final RowTally begin() {
    tally = new RowTally();
    clear();
    return tally;
  }

  /**
   * Ends a row whose fields were given.
   *
   * @param startsAt the line where it starts
   * @param columns how many fields it has
   */
  final void end(long startsAt, int columns) {
    line = startsAt;
    row(columns);
    clear();
  }

  /** All tickets counted so far. */
  final SalesHistory.Counter sales() {
    return sales;
  }

  /** More products or minutes than any event has. */
  final boolean isFull() {
    return isFull;
  }

  /** Forgets the row before. */
  abstract void clear();

  /** All fields of the row were there. */
  abstract void row(int columns);

  final void reject(String reason) {
    tally.reject(line, reason);
  }

  final void leaveOut(String reason) {
    tally.leaveOut(reason);
  }

  /** Why a sale is not one that can be understood; empty when it is. */
  final String fault(String product, long quantity, long minute) {
    if (product.isEmpty()) {
      return "product is empty";
    }
    if (product.indexOf('@') > 0 && ADDRESS.matcher(product).matches()) {
      return "product is a mail address";
    }
    if (product.length() > PRODUCT_LETTERS_MAX) {
      return "product is longer than 256 letters";
    }
    if (quantity == Long.MIN_VALUE) {
      return "quantity is not a whole number";
    }
    if (quantity < 0) {
      return "quantity is negative";
    }
    if (quantity > quantityMax) {
      return "quantity is above " + quantityMax;
    }
    if (minute == SoldAt.UNREADABLE) {
      return "time of sale is not readable";
    }
    if (minute == SoldAt.SKIPPED) {
      return "time of sale does not exist in " + zone;
    }
    return SoldAt.isPlaceholder(minute)
        ? "time of sale is a placeholder, before 2000 or after 2099"
        : "";
  }

  /** True when it counts; else it was left out. */
  final boolean counts(String product, long quantity, long minute) {
    if (product.equals(TicketSource.NO_ADMISSION)) {
      tally.leaveOut("item is no admission");
    } else if (minute > asOfMinute) {
      tally.leaveOut(RowTally.LATER);
    } else if (quantity == 0) {
      tally.leaveOut("quantity is 0");
    } else {
      return true;
    }
    return false;
  }

  /** Counts a row that was accepted. */
  final void add(String product, long minute, long quantity) {
    isFull |= !sales.add(product, minute, quantity);
    tally.accept(1);
  }

  /** Long.MIN_VALUE when it is no whole number; {@code 2.00} is one. */
  static long wholeNumber(Slice text) {
    int end = text.length();
    for (int at = 1; at < text.length(); at++) {
      if (text.at(at) == '.') {
        end = at;
        break;
      }
    }
    for (int at = end + 1; at < text.length(); at++) {
      if (text.at(at) != '0') {
        return Long.MIN_VALUE;
      }
    }
    int start = end > 0 && text.at(0) == '-' ? 1 : 0;
    if (end == start || end > 15) {
      return Long.MIN_VALUE;
    }
    long value = 0;
    for (int at = start; at < end; at++) {
      int digit = text.at(at) - '0';
      if (digit < 0 || digit > 9) {
        return Long.MIN_VALUE;
      }
      value = value * 10 + digit;
    }
    return start == 1 ? -value : value;
  }
}

package dev.spike.core.sales;

import dev.spike.core.spec.EventSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows of a table whose columns the event file names. */
final class OrderRows extends Rows {
  private static final int TIME = 1;
  private static final int PRODUCT = 2;
  private static final int QUANTITY = 4;
  private static final int ID = 8;
  private static final int FILTER = 16;
  private static final Verdict COUNTS = new Verdict(true, "");

  private final Columns columns;
  private final int[] meanings;
  private final SoldAt soldAt;
  private final Slice slice = new Slice();
  private final SliceTable<String> products;
  private final List<SliceTable<Verdict>> filters = new ArrayList<>();
  private final SeenIds ids;

  private long minute;
  private long quantity;
  private long id;
  private String product = "";
  private int failedFilter;
  private String leftOutFor = "";

  /**
   * What a filter says of a word.
   *
   * @param reason of leaving the row out
   */
  private record Verdict(boolean counts, String reason) {}

  OrderRows(
      EventSpec.CsvSource source, Columns columns, Instant asOf, ItemNames items, SeenIds ids) {
    super(asOf, source.maxQuantity(), source.timezone().getId());
    this.columns = columns;
    this.soldAt = new SoldAt(source.timezone(), source.timeFormat());
    this.products = new SliceTable<>(items::product);
    this.ids = ids;
    this.meanings = new int[columns.count()];
    mean(columns.soldAt(), TIME);
    mean(columns.product(), PRODUCT);
    mean(columns.quantity(), QUANTITY);
    mean(columns.id(), ID);
    for (Columns.Filter filter : columns.filters()) {
      mean(filter.column(), FILTER);
      filters.add(new SliceTable<>(word -> verdict(filter, word)));
    }
  }

  private void mean(int column, int meaning) {
    if (column >= 0) {
      meanings[column] |= meaning;
    }
  }

  private static Verdict verdict(Columns.Filter filter, String word) {
    return filter.accepted().contains(word.toLowerCase(Locale.ROOT))
        ? COUNTS
        : new Verdict(false, RowTally.reasonOf(filter.name(), word));
  }

  @Override
  void clear() {
    quantity = 1;
    failedFilter = Integer.MAX_VALUE;
  }

  @Override
  public void field(int column, byte[] text, int from, int count) {
    int meaning = column < meanings.length ? meanings[column] : 0;
    if (meaning == 0) {
      return;
    }
    slice.over(text, from, count);
    if ((meaning & TIME) != 0) {
      minute = soldAt.minute(slice);
    }
    if ((meaning & PRODUCT) != 0) {
      product = products.of(slice);
    }
    if ((meaning & QUANTITY) != 0) {
      quantity = wholeNumber(slice);
    }
    if ((meaning & ID) != 0) {
      id = slice.isEmpty() ? SeenIds.NONE : SeenIds.hash(slice);
    }
    if ((meaning & FILTER) != 0) {
      filter(column);
    }
  }

  /** Of several filters that fail, the first in the event file gives the reason. */
  private void filter(int column) {
    for (int index = 0; index < filters.size(); index++) {
      if (columns.filters().get(index).column() == column && index < failedFilter) {
        Verdict verdict = filters.get(index).of(slice);
        if (!verdict.counts()) {
          failedFilter = index;
          leftOutFor = verdict.reason();
        }
      }
    }
  }

  @Override
  void row(int columnsOfRow) {
    if (columnsOfRow != meanings.length) {
      reject("number of columns differs from the header");
      return;
    }
    if (failedFilter < Integer.MAX_VALUE) {
      leaveOut(leftOutFor);
      return;
    }
    String fault = fault(product, quantity, minute);
    if (!fault.isEmpty()) {
      reject(fault);
    } else if (counts(product, quantity, minute)) {
      countOnce();
    }
  }

  private void countOnce() {
    if (columns.id() >= 0) {
      if (id == SeenIds.NONE) {
        reject("id is empty");
        return;
      }
      if (!ids.add(id)) {
        leaveOut("id was there before");
        return;
      }
    }
    add(product, minute, quantity);
  }
}

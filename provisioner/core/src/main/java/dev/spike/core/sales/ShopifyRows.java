package dev.spike.core.sales;

import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.Nearest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Rows of Shopify's order export. A row is a line item; what belongs to the order (status, times)
 * stands only in its first row, and holds for the following rows of the same Name. So one thread
 * takes all rows, in their order. Of a partially refunded order all items count: the export does
 * not say which of them were refunded.
 */
final class ShopifyRows extends Rows {
  private static final Set<String> PAID = Set.of("paid", "partially_refunded");
  private static final long QUANTITY_MAX = 1_000_000;

  private final EventSpec.ShopifySource source;
  private final Column[] columns;
  private final SoldAt soldAt;
  private final Slice slice = new Slice();
  private final SliceTable<String> words = new SliceTable<>(word -> word);
  private final SliceTable<String> itemNames;

  private String name = "";
  private String status = "";
  private long createdAt;
  private String item = "";
  private String sku = "";
  private long quantity;
  private boolean isCancelled;
  private boolean isTest;

  private String orderName = "";
  private String orderFault = "";
  private String orderLeftOutFor = "";
  private long orderMinute;

  /** The columns that are looked at, by their titles. */
  private enum Column {
    NAME("Name", true),
    STATUS("Financial Status", true),
    CREATED_AT("Created at", true),
    CANCELLED_AT("Cancelled at", false),
    QUANTITY("Lineitem quantity", true),
    ITEM("Lineitem name", true),
    SKU("Lineitem sku", false),
    PAYMENT_METHOD("Payment Method", false),
    OTHER("", false);

    private final String title;
    private final boolean isNeeded;

    Column(String title, boolean isNeeded) {
      this.title = title;
      this.isNeeded = isNeeded;
    }
  }

  /**
   * For one export.
   *
   * @throws TicketDataException when a column is missing
   */
  ShopifyRows(EventSpec.ShopifySource source, ItemNames items, String[] header, Instant asOf)
      throws TicketDataException {
    super(asOf, QUANTITY_MAX, source.timezone().getId());
    this.source = source;
    this.soldAt = new SoldAt(source.timezone(), Optional.empty());
    this.columns = columns(source, header);
    this.itemNames =
        new SliceTable<>(
            name -> {
              items.has(name);
              return name;
            });
  }

  private static Column[] columns(EventSpec.ShopifySource source, String[] header)
      throws TicketDataException {
    List<String> titles = new ArrayList<>();
    for (String title : header) {
      titles.add(title.strip());
    }
    Column[] columns = new Column[titles.size()];
    java.util.Arrays.fill(columns, Column.OTHER);
    for (Column column : Column.values()) {
      int index = titles.indexOf(column.title);
      if (index >= 0) {
        columns[index] = column;
      } else if (column.isNeeded) {
        throw TicketDataException.bad(
            "The ticket export %s has no column '%s'%s, so it is no order export of Shopify."
                .formatted(
                    ExportFile.named(source.path()),
                    column.title,
                    Nearest.to(column.title, titles)
                        .map(near -> " (the nearest is '" + near + "')")
                        .orElse("")),
            "Export orders as CSV in Shopify, or describe the table as type: csv in line "
                + source.line()
                + " of the event file.");
      }
    }
    return columns;
  }

  @Override
  void clear() {
    name = "";
    status = "";
    createdAt = SoldAt.UNREADABLE;
    item = "";
    sku = "";
    quantity = Long.MIN_VALUE;
    isCancelled = false;
    isTest = false;
  }

  @Override
  public void field(int column, byte[] text, int from, int count) {
    Column meaning = column < columns.length ? columns[column] : Column.OTHER;
    if (meaning == Column.OTHER) {
      return;
    }
    slice.over(text, from, count);
    switch (meaning) {
      case NAME -> name = slice.toString();
      case STATUS -> status = words.of(slice);
      case CREATED_AT -> createdAt = soldAt.minute(slice);
      case CANCELLED_AT -> isCancelled = !slice.isEmpty();
      case QUANTITY -> quantity = wholeNumber(slice);
      case ITEM -> item = itemNames.of(slice);
      case SKU -> sku = itemNames.of(slice);
      case PAYMENT_METHOD -> isTest = words.of(slice).toLowerCase(Locale.ROOT).contains("bogus");
      case OTHER -> {}
    }
  }

  @Override
  void row(int columnsOfRow) {
    if (columnsOfRow != columns.length) {
      reject("number of columns differs from the header");
      return;
    }
    if (name.isEmpty()) {
      reject("order has no name");
      return;
    }
    if (!status.isEmpty() || !name.equals(orderName)) {
      order();
    }
    if (!orderFault.isEmpty()) {
      reject(orderFault);
    } else if (!orderLeftOutFor.isEmpty()) {
      leaveOut(orderLeftOutFor);
    } else {
      item();
    }
  }

  /** What the first row of an order says of all its rows. */
  private void order() {
    orderName = name;
    orderFault = status.isEmpty() ? "order has no financial status" : "";
    orderMinute = createdAt;
    if (isCancelled) {
      orderLeftOutFor = "order is cancelled";
    } else if (isTest) {
      orderLeftOutFor = "test order";
    } else {
      orderLeftOutFor =
          PAID.contains(status.toLowerCase(Locale.ROOT))
              ? ""
              : RowTally.reasonOf("financial status", status);
    }
  }

  private void item() {
    String mapped = source.items().get(sku);
    String product = mapped != null ? mapped : source.items().getOrDefault(item, item);
    String fault = fault(product, quantity, orderMinute);
    if (!fault.isEmpty()) {
      reject(fault);
    } else if (counts(product, quantity, orderMinute)) {
      add(product, orderMinute, quantity);
    }
  }
}

package dev.spike.core.sales;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.hipparchus.random.RandomDataGenerator;

/**
 * Writes realistic ticket exports. Of final sales 28 % come in a burst when sales open, 28 % in a
 * rush of which 94 % falls into the last 48 hours, the rest evenly; by night a tenth of the orders
 * of an evening. Of the orders 92 % are paid, the rest refunded, cancelled, pending, expired or
 * tests; 4 % have a scarf, which admits nobody; an order has 1 to 4 seats. The same request gives
 * the same bytes. Customers in it are invented numbers.
 */
public final class ExportGenerator {
  /** What is sold along: no admission, so an event file maps it to none. */
  public static final String ADD_ON = "scarf";

  private static final double ADD_ON_SHARE = 0.04;
  private static final String[] STATUSES = {
    "paid", "cancelled", "refunded", "pending", "expired", "test"
  };
  private static final double[] STATUSES_UP_TO = {0.92, 0.95, 0.975, 0.99, 0.997, 1};
  private static final String[] SEATS = {"1", "2", "3", "4"};
  private static final String[] AMOUNTS = {"25.00", "50.00", "75.00", "100.00"};

  private final Request request;
  private final RandomDataGenerator random;
  private final OrderTimes times;
  private final double[] productsUpTo;

  /** Line ends and separators that real exports differ in. */
  public enum CsvStyle {
    /** Commas and LF. */
    PLAIN,
    /** A byte-order mark, semicolons and CRLF, as spreadsheets of some countries write it. */
    SPREADSHEET
  }

  /**
   * A kind of ticket.
   *
   * @param share of all orders
   */
  public record Product(String name, double share) {}

  /**
   * What to write.
   *
   * @param rows of the table, or orders of pretix and Shopify; at least 1
   * @param onSaleAt when sales open, at most five years before the export is taken
   * @param asOf no order is later, as in an export taken then
   * @param startsAt of the event, towards which the last rush grows
   * @param products at least one
   */
  public record Request(
      long seed,
      int rows,
      Instant onSaleAt,
      Instant asOf,
      Instant startsAt,
      List<Product> products) {
    public Request {
      products = List.copyOf(products);
      if (rows < 1 || products.isEmpty()) {
        throw new IllegalArgumentException("an export has rows and products");
      }
      if (!onSaleAt.isBefore(asOf) || asOf.isAfter(startsAt)) {
        throw new IllegalArgumentException(
            "sales open before the export is taken, and it is taken before the event starts");
      }
    }
  }

  private ExportGenerator(Request request) {
    this.request = request;
    this.random = new RandomDataGenerator(request.seed());
    this.times =
        new OrderTimes(
            random, request.rows(), request.onSaleAt(), request.asOf(), request.startsAt());
    this.productsUpTo = new double[request.products().size()];
    double sum = 0;
    for (int product = 0; product < productsUpTo.length; product++) {
      sum += request.products().get(product).share();
      productsUpTo[product] = sum;
    }
  }

  /**
   * Writes a table with the columns order_id, ordered_at, ticket_type, qty, status, channel, amount
   * and buyer.
   */
  public static void writeCsv(Request request, CsvStyle style, OutputStream out)
      throws IOException {
    boolean plain = style == CsvStyle.PLAIN;
    new ExportGenerator(request).csv(writer(out), plain ? "," : ";", plain ? "\n" : "\r\n", plain);
  }

  /** Writes pretix's "Order data (JSON)". */
  public static void writePretix(Request request, OutputStream out) throws IOException {
    new ExportGenerator(request).pretix(writer(out));
  }

  /** Writes Shopify's order export: an order's columns stand only in its first row. */
  public static void writeShopify(Request request, OutputStream out) throws IOException {
    new ExportGenerator(request).shopify(writer(out));
  }

  private static Writer writer(OutputStream out) {
    return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
  }

  private void csv(Writer out, String separator, String end, boolean plain) throws IOException {
    out.write(plain ? "" : "\uFEFF");
    out.write(
        String.join(
            separator,
            "order_id",
            "ordered_at",
            "ticket_type",
            "qty",
            "status",
            "channel",
            "amount",
            "buyer"));
    out.write(end);
    Clock clock = new Clock();
    StringBuilder row = new StringBuilder(256);
    String status = "paid";
    long buyer = 0;
    int order = 0;
    for (int written = 0; written < request.rows(); written++) {
      String time = clock.of(times.next(random));
      boolean addOn = written > 0 && random.nextDouble() < ADD_ON_SHARE;
      if (!addOn) {
        order++;
        status = status();
        buyer = (long) (random.nextDouble() * 1e10);
      }
      int seats = addOn ? 0 : seats();
      row.setLength(0);
      row.append('A').append(100_000_000L + order).append(separator);
      row.append(time).append(separator);
      row.append(addOn ? ADD_ON : request.products().get(product()).name()).append(separator);
      row.append(SEATS[seats]).append(separator);
      row.append(status).append(separator);
      row.append(random.nextDouble() < 0.7 ? "web" : "app").append(separator);
      row.append(AMOUNTS[seats]).append(separator);
      row.append("buyer-").append(buyer).append("@example.com").append(end);
      out.append(row);
    }
    out.flush();
  }

  private void pretix(Writer out) throws IOException {
    out.write("{\"event\":{\"name\":\"Generated event\",\"slug\":\"generated\",\"items\":[");
    int addOn = request.products().size() + 1;
    for (int item = 0; item < request.products().size(); item++) {
      out.write(
          "{\"id\":%d,\"name\":\"%s\",\"admission\":true},\n"
              .formatted(item + 1, json(request.products().get(item).name())));
    }
    out.write(
        "{\"id\":%d,\"name\":\"%s\",\"admission\":false}],\"orders\":[".formatted(addOn, ADD_ON));
    Clock clock = new Clock();
    long position = 0;
    for (int order = 0; order < request.rows(); order++) {
      out.write(order == 0 ? "\n" : ",\n");
      String time = clock.of(times.next(random));
      String status = status();
      out.write("{\"code\":\"");
      out.write(Integer.toString(1_000_000 + order, 36).toUpperCase(Locale.ROOT));
      out.write("\",\"status\":\"" + pretixStatus(status));
      out.write("\",\"testmode\":" + status.equals("test"));
      out.write(",\"datetime\":\"" + time + "\",\"positions\":[");
      int item = product() + 1;
      long first = position + 1;
      for (int seat = seats(); seat >= 0; seat--) {
        position++;
        out.write(position == first ? "" : ",");
        out.write("{\"id\":" + position + ",\"item\":" + item + ",\"addon_to\":null}");
      }
      if (random.nextDouble() < ADD_ON_SHARE) {
        position++;
        out.write(",{\"id\":" + position + ",\"item\":" + addOn + ",\"addon_to\":" + first + "}");
      }
      out.write("]}");
    }
    out.write("],\"quotas\":[]}}\n");
    out.flush();
  }

  /** Refunded orders are canceled in pretix; test orders are told by their mode. */
  private static String pretixStatus(String status) {
    return switch (status) {
      case "cancelled", "refunded" -> "c";
      case "pending" -> "n";
      case "expired" -> "e";
      default -> "p";
    };
  }

  private void shopify(Writer out) throws IOException {
    out.write(
        "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Total,Created at,"
            + "Lineitem quantity,Lineitem name,Lineitem sku,Cancelled at,Refunded Amount,"
            + "Payment Method\n");
    ShopifyClock clock = new ShopifyClock();
    for (int order = 0; order < request.rows(); order++) {
      String time = clock.of(times.next(random));
      String status = status();
      boolean paid = !status.equals("pending") && !status.equals("expired");
      int seats = seats();
      int product = product();
      String name = "#" + (1001 + order);
      out.write(
          "%s,buyer-%d@example.com,%s,%s,,EUR,%s,%s,%s,%s,SKU-%d,%s,%s,%s\n"
              .formatted(
                  name,
                  (long) (random.nextDouble() * 1e10),
                  paid ? status.equals("refunded") ? "refunded" : "paid" : status,
                  paid ? time : "",
                  AMOUNTS[seats],
                  time,
                  SEATS[seats],
                  quoted(request.products().get(product).name()),
                  product + 1,
                  status.equals("cancelled") ? time : "",
                  status.equals("refunded") ? AMOUNTS[seats] : "0.00",
                  status.equals("test") ? "(for testing) Bogus Gateway" : "Card"));
      if (random.nextDouble() < ADD_ON_SHARE) {
        out.write(name + ",,,,,,,,1," + ADD_ON + ",SKU-0,,,\n");
      }
    }
    out.flush();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\"", "\"\"") + '"';
  }

  private static String json(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private int product() {
    double at = random.nextDouble() * productsUpTo[productsUpTo.length - 1];
    int product = 0;
    while (product < productsUpTo.length - 1 && productsUpTo[product] <= at) {
      product++;
    }
    return product;
  }

  /** One less than the seats of an order: 1.68 seats on average. */
  private int seats() {
    double at = random.nextDouble();
    return at < 0.5 ? 0 : at < 0.86 ? 1 : at < 0.95 ? 2 : 3;
  }

  private String status() {
    double at = random.nextDouble();
    int status = 0;
    while (STATUSES_UP_TO[status] <= at) {
      status++;
    }
    return STATUSES[status];
  }

  /** Writes rising times in ISO 8601; a minute is written once. */
  private static class Clock {
    private long minute = Long.MIN_VALUE;
    private String start = "";

    String of(long epochSecond) {
      if (Math.floorDiv(epochSecond, 60) != minute) {
        minute = Math.floorDiv(epochSecond, 60);
        start = Instant.ofEpochSecond(minute * 60).toString().substring(0, 17);
      }
      int second = (int) (epochSecond - minute * 60);
      return start + (char) ('0' + second / 10) + (char) ('0' + second % 10) + end();
    }

    String end() {
      return "Z";
    }
  }

  /** Writes them as Shopify does: {@code 2027-05-01 10:00:00 +0000}. */
  private static final class ShopifyClock extends Clock {
    @Override
    String of(long epochSecond) {
      return super.of(epochSecond).replace('T', ' ');
    }

    @Override
    String end() {
      return " +0000";
    }
  }
}

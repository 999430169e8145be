package dev.spike.core.sales;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.hipparchus.random.RandomDataGenerator;
import org.hipparchus.util.FastMath;

/**
 * Writes realistic ticket exports: a burst when sales open, a long tail, a rush in the last 48
 * hours, orders that are cancelled or never paid, add-ons. The same request gives the same bytes.
 * Customers in it are invented numbers.
 */
public final class ExportGenerator {
  private static final double BURST = 0.28;
  private static final double RUSH = 0.28;
  private static final double BURST_DAYS = 1.5;
  private static final double RUSH_DAYS = 0.7;

  private final Request request;
  private final RandomDataGenerator random;

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
   * @param rows orders, at least 1
   * @param onSaleAt when sales open
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
  }

  /** Writes CSV with the columns order_id, ordered_at, ticket_type, qty, status, channel. */
  public static void writeCsv(Request request, CsvStyle style, OutputStream out)
      throws IOException {
    boolean plain = style == CsvStyle.PLAIN;
    new ExportGenerator(request).csv(writer(out), plain ? "," : ";", plain ? "\n" : "\r\n", plain);
  }

  /** Writes pretix's "Order data (JSON)". */
  public static void writePretix(Request request, OutputStream out) throws IOException {
    new ExportGenerator(request).pretix(writer(out));
  }

  private static Writer writer(OutputStream out) {
    return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
  }

  private void csv(Writer out, String separator, String end, boolean plain) throws IOException {
    out.write(plain ? "" : "\uFEFF");
    out.write(
        String.join(
            separator, "order_id", "ordered_at", "ticket_type", "qty", "status", "channel"));
    out.write(end);
    long[] seconds = times();
    for (int row = 0; row < seconds.length; row++) {
      out.write("A" + (100_000_000L + row));
      out.write(separator);
      out.write(Instant.ofEpochSecond(seconds[row]).toString());
      out.write(separator);
      out.write(request.products().get(product()).name());
      out.write(separator);
      out.write(Integer.toString(seats()));
      out.write(separator);
      out.write(status());
      out.write(separator);
      out.write(random.nextDouble() < 0.7 ? "web" : "app");
      out.write(end);
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
    out.write("{\"id\":%d,\"name\":\"Scarf\",\"admission\":false}],\"orders\":[".formatted(addOn));
    long[] seconds = times();
    long position = 0;
    for (int row = 0; row < seconds.length; row++) {
      out.write(row == 0 ? "\n" : ",\n");
      out.write(
          "{\"code\":\"%s\",\"status\":\"%s\",\"testmode\":%b,\"datetime\":\"%s\",\"positions\":["
              .formatted(
                  Integer.toString(1_000_000 + row, 36).toUpperCase(java.util.Locale.ROOT),
                  switch (status()) {
                    case "paid" -> "p";
                    case "pending" -> "n";
                    case "cancelled" -> "c";
                    default -> "e";
                  },
                  random.nextDouble() < 0.001,
                  Instant.ofEpochSecond(seconds[row])));
      int item = product() + 1;
      long first = position + 1;
      for (int seat = seats(); seat > 0; seat--) {
        position++;
        out.write(position == first ? "" : ",");
        out.write("{\"id\":%d,\"item\":%d,\"addon_to\":null}".formatted(position, item));
      }
      if (random.nextDouble() < 0.05) {
        position++;
        out.write(",{\"id\":%d,\"item\":%d,\"addon_to\":%d}".formatted(position, addOn, first));
      }
      out.write("]}");
    }
    out.write("],\"quotas\":[]}}\n");
    out.flush();
  }

  private static String json(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** Seconds of all orders, rising. */
  private long[] times() {
    double span = days(Duration.between(request.onSaleAt(), request.startsAt()));
    double until = days(Duration.between(request.onSaleAt(), request.asOf()));
    double end = share(until, span);
    long[] seconds = new long[request.rows()];
    for (int row = 0; row < seconds.length; row++) {
      double day = dayOf(random.nextDouble() * end, span);
      long second = FastMath.min((long) (day * 86_400), (long) (until * 86_400));
      seconds[row] = request.onSaleAt().getEpochSecond() + second;
    }
    Arrays.sort(seconds);
    return seconds;
  }

  /** The share of final sales by that day: burst, even tail, rush. */
  private static double share(double day, double span) {
    double burst = (1 - FastMath.exp(-day / BURST_DAYS)) / (1 - FastMath.exp(-span / BURST_DAYS));
    double rush =
        (FastMath.exp((day - span) / RUSH_DAYS) - FastMath.exp(-span / RUSH_DAYS))
            / (1 - FastMath.exp(-span / RUSH_DAYS));
    return BURST * burst + RUSH * rush + (1 - BURST - RUSH) * day / span;
  }

  /** The inverse of the share, by halving. */
  private static double dayOf(double share, double span) {
    double low = 0;
    double high = span;
    for (int step = 0; step < 40; step++) {
      double middle = (low + high) / 2;
      if (share(middle, span) < share) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int product() {
    double total = request.products().stream().mapToDouble(Product::share).sum();
    double at = random.nextDouble() * total;
    for (int product = 0; product < request.products().size(); product++) {
      at -= request.products().get(product).share();
      if (at < 0) {
        return product;
      }
    }
    return request.products().size() - 1;
  }

  private int seats() {
    double at = random.nextDouble();
    return at < 0.45 ? 1 : at < 0.83 ? 2 : at < 0.93 ? 3 : 4;
  }

  private String status() {
    double at = random.nextDouble();
    return at < 0.93 ? "paid" : at < 0.965 ? "cancelled" : at < 0.985 ? "pending" : "expired";
  }

  private static double days(Duration duration) {
    return duration.toSeconds() / 86_400.0;
  }
}

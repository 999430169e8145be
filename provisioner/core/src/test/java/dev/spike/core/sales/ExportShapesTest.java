package dev.spike.core.sales;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.SpecReader;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The shapes of generated sales, held in each format by itself. */
class ExportShapesTest {
  private static final Instant ON_SALE = Instant.parse("2027-03-31T19:00:00Z");
  private static final Instant START = Instant.parse("2027-05-30T19:00:00Z");
  private static final int ROWS = 60_000;

  @TempDir Path folder;

  private enum Format {
    CSV,
    PRETIX
  }

  /** An order, or what one row of the table says of it. */
  private record Order(Instant at, String product, int seats, String status, boolean hasAddOn) {}

  @ParameterizedTest
  @EnumSource(Format.class)
  void salesOpenWithABurstGoOnEvenlyAndEndInARushOfTwoDays(Format format) throws Exception {
    List<Order> orders = orders(format);

    double first = share(orders, between(0, 1));
    assertThat(first).as("first day").isBetween(0.11, 0.14);
    assertThat(first).as("the burst fades").isGreaterThan(1.3 * share(orders, between(1, 2)));
    for (int day = 10; day < 50; day += 10) {
      assertThat(share(orders, between(day, day + 10)))
          .as("tail from day " + day)
          .isCloseTo(0.44 / 6, within(0.006));
    }
    assertThat(share(orders, between(58, 60))).as("last 48 hours").isBetween(0.26, 0.30);
    assertThat(share(orders, between(59, 60)))
        .as("last day beside the one before")
        .isGreaterThan(2.5 * share(orders, between(58, 59)));
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void severalProductsHaveTheirShares(Format format) throws Exception {
    List<Order> orders =
        orders(format).stream().filter(order -> !order.product().equals("scarf")).toList();

    assertThat(share(orders, order -> order.product().equals("stream-pass")))
        .isCloseTo(0.6, within(0.01));
    assertThat(share(orders, order -> order.product().equals("seat"))).isCloseTo(0.3, within(0.01));
    assertThat(share(orders, order -> order.product().equals("box"))).isCloseTo(0.1, within(0.01));
    assertThat(orders.stream().mapToInt(Order::seats).average().orElse(0))
        .isCloseTo(1.68, within(0.02));
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void someOrdersAreCancelledPendingExpiredOrTests(Format format) throws Exception {
    List<Order> orders = orders(format);

    assertThat(share(orders, order -> order.status().equals("paid")))
        .isCloseTo(0.92, within(0.005));
    assertThat(share(orders, order -> Set.of("cancelled", "refunded").contains(order.status())))
        .isCloseTo(0.055, within(0.004));
    assertThat(share(orders, order -> order.status().equals("pending")))
        .isCloseTo(0.015, within(0.003));
    assertThat(share(orders, order -> order.status().equals("expired")))
        .isCloseTo(0.007, within(0.002));
    assertThat(share(orders, order -> order.status().equals("test")))
        .isCloseTo(0.003, within(0.0015));
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void someOrdersHaveAnAddOn(Format format) throws Exception {
    assertThat(share(orders(format), Order::hasAddOn)).isCloseTo(0.04, within(0.004));
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void theSameSeedGivesTheSameBytesAndAnotherSeedOthers(Format format) throws Exception {
    assertThat(written(format, 7, 2000))
        .isEqualTo(written(format, 7, 2000))
        .isNotEqualTo(written(format, 8, 2000));
  }

  /** Rows of the table that are add-ons are rows too, so it has 96 % of the orders. */
  @Test
  void bothFormatsAreReadAsTheSameSalesByProductAndDay() throws Exception {
    SalesHistory csv = read(Format.CSV, "- {type: csv, path: export, items: {scarf: none}}");
    SalesHistory pretix = read(Format.PRETIX, "- {type: pretix, path: export}");

    assertThat(csv.byProduct()).containsOnlyKeys("stream-pass", "seat", "box");
    assertThat(pretix.byProduct()).containsOnlyKeys("stream-pass", "seat", "box");
    for (String product : csv.byProduct().keySet()) {
      assertThat(csv.sold(product) / 0.96)
          .as(product)
          .isCloseTo(pretix.sold(product), within(0.04 * pretix.sold(product)));
    }
    for (int day = 1; day <= 60; day++) {
      assertThat(soldBefore(csv, day))
          .as("share sold before day " + day)
          .isCloseTo(soldBefore(pretix, day), within(0.012));
    }
  }

  private SalesHistory read(Format format, String source) throws Exception {
    Files.write(folder.resolve("export"), written(format, 7, ROWS));
    EventSpec.Tickets tickets =
        SpecReader.read(
                "event.yaml",
                ("apiVersion: spike/v1\nevent: {name: cup, startsAt: 2027-05-30T19:00:00Z}\n"
                        + "tickets:\n  sources:\n    "
                        + source
                        + "\n")
                    .getBytes(StandardCharsets.UTF_8),
                null,
                START.minusSeconds(60))
            .tickets();
    return TicketSales.read(tickets, folder, START.minusSeconds(60)).history();
  }

  private static double soldBefore(SalesHistory history, int day) {
    long until = ON_SALE.plus(Duration.ofDays(day)).getEpochSecond() / 60;
    double before = 0;
    double all = 0;
    for (Map<Long, Long> minutes : history.byProduct().values()) {
      for (Map.Entry<Long, Long> minute : minutes.entrySet()) {
        before += minute.getKey() < until ? minute.getValue() : 0;
        all += minute.getValue();
      }
    }
    return before / all;
  }

  private static Predicate<Order> between(int day, int nextDay) {
    Instant from = ON_SALE.plus(Duration.ofDays(day));
    Instant until = ON_SALE.plus(Duration.ofDays(nextDay));
    return order -> !order.at().isBefore(from) && order.at().isBefore(until);
  }

  private static double share(List<Order> orders, Predicate<Order> of) {
    return (double) orders.stream().filter(of).count() / orders.size();
  }

  private static List<Order> orders(Format format) throws Exception {
    byte[] written = written(format, 7, ROWS);
    return switch (format) {
      case CSV -> ofTable(new String(written, StandardCharsets.UTF_8));
      case PRETIX -> ofPretix(new ObjectMapper().readTree(written).get("event"));
    };
  }

  private static List<Order> ofTable(String text) {
    return text.lines()
        .skip(1)
        .map(line -> line.split(","))
        .map(
            row ->
                new Order(
                    Instant.parse(row[1]),
                    row[2],
                    Integer.parseInt(row[3]),
                    row[4],
                    row[2].equals("scarf")))
        .toList();
  }

  private static List<Order> ofPretix(JsonNode event) {
    List<Order> orders = new ArrayList<>();
    for (JsonNode order : event.get("orders")) {
      Set<Long> own = new HashSet<>();
      boolean hasAddOn = false;
      String product = "";
      for (JsonNode position : order.get("positions")) {
        JsonNode item = event.get("items").get(position.get("item").asInt() - 1);
        if (position.get("addon_to").isNull()) {
          own.add(position.get("id").asLong());
          product = item.get("name").asText();
          assertThat(item.get("admission").asBoolean()).isTrue();
        } else {
          hasAddOn = true;
          assertThat(own).as("what the add-on is to").contains(position.get("addon_to").asLong());
          assertThat(item.get("admission").asBoolean()).isFalse();
        }
      }
      String status =
          order.get("testmode").asBoolean()
              ? "test"
              : switch (order.get("status").asText()) {
                case "c" -> "cancelled";
                case "n" -> "pending";
                case "e" -> "expired";
                default -> "paid";
              };
      Instant at = Instant.parse(order.get("datetime").asText());
      orders.add(new Order(at, product, own.size(), status, hasAddOn));
    }
    return orders;
  }

  private static byte[] written(Format format, long seed, int rows) throws Exception {
    ExportGenerator.Request request =
        new ExportGenerator.Request(
            seed,
            rows,
            ON_SALE,
            START,
            START,
            List.of(
                new ExportGenerator.Product("stream-pass", 0.6),
                new ExportGenerator.Product("seat", 0.3),
                new ExportGenerator.Product("box", 0.1)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(format, request, out);
    return out.toByteArray();
  }

  private static void write(Format format, ExportGenerator.Request request, OutputStream out)
      throws Exception {
    switch (format) {
      case CSV -> ExportGenerator.writeCsv(request, ExportGenerator.CsvStyle.PLAIN, out);
      case PRETIX -> ExportGenerator.writePretix(request, out);
    }
  }
}

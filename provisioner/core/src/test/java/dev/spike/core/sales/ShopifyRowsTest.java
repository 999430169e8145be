package dev.spike.core.sales;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spike.core.spec.SpecReader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopifyRowsTest {
  private static final Instant AS_OF = Instant.parse("2027-05-27T12:00:00Z");
  private static final String HEADER =
      "Name,Email,Financial Status,Created at,Lineitem quantity,Lineitem name,Lineitem sku,"
          + "Cancelled at,Payment Method\n";

  @TempDir Path folder;
  private String items = "{}";

  @Test
  void theLinesOfAnOrderBelongToItsFirstLine() throws Exception {
    TicketSales sales =
        read(
            "#1,jane@example.com,paid,2027-05-01 10:00:30 -0500,2,Stream pass,SP,,Card\n"
                + "#1,jane@example.com,,,3,Seat,SE,,\n"
                + "#2,joe@example.com,pending,2027-05-01 10:01:00 -0500,1,Stream pass,SP,,Card\n"
                + "#2,joe@example.com,,,4,Seat,SE,,\n");

    assertThat(sold(sales)).isEqualTo(Map.of("Stream pass", 2L, "Seat", 3L));
    assertThat(sales.history().byProduct().get("Seat"))
        .containsOnlyKeys(Instant.parse("2027-05-01T15:00:00Z").getEpochSecond() / 60);
    assertThat(sales.reports().getFirst().leftOut())
        .containsExactly(Map.entry("financial status is pending", 2L));
    assertThat(sales.reports().getFirst().type()).isEqualTo("shopify");
  }

  @Test
  void anExportThatASpreadsheetSavedAnewWithSemicolonsIsReadAsWell() throws Exception {
    String row = "#1,jane@example.com,paid,2027-05-01 10:00:30 -0500,2,Stream pass,SP,,Card\n";

    assertThat(sold(readAll((HEADER + row).replace(',', ';'))))
        .isEqualTo(Map.of("Stream pass", 2L));
  }

  @Test
  void anOrderGoesOnAcrossBlocks() throws Exception {
    StringBuilder rows = new StringBuilder();
    rows.append("#1,j@example.com,paid,2027-05-01 10:00:00 +0000,1,Seat,SE,,Card\n");
    String line = "#1,j@example.com,,,1,Seat,SE,,\n";
    rows.repeat(line, 120_000);

    assertThat(rows.length()).isGreaterThan(3 << 20);
    assertThat(sold(read(rows.toString()))).isEqualTo(Map.of("Seat", 120_001L));
  }

  @Test
  void partiallyRefundedOrdersCountAndRefundedVoidedCancelledAndTestOrdersDoNot() throws Exception {
    String paid = "#1,j@example.com,paid,2027-05-01 10:00:00 +0000,1,Seat,SE,,Card\n";

    TicketSales sales =
        read(
            paid.replace("paid", "partially_refunded")
                + paid.replace("#1", "#2").replace("paid", "refunded")
                + paid.replace("#1", "#3").replace("paid", "voided")
                + paid.replace("#1", "#4").replace("SE,,", "SE,2027-05-02 10:00:00 +0000,")
                + "#4,j@example.com,,,7,Seat,SE,,\n"
                + paid.replace("#1", "#5").replace("Card", "(for testing) Bogus Gateway"));

    assertThat(sold(sales)).isEqualTo(Map.of("Seat", 1L));
    assertThat(sales.reports().getFirst().leftOut())
        .isEqualTo(
            new TreeMap<>(
                Map.of(
                    "financial status is refunded", 1L,
                    "financial status is voided", 1L,
                    "order is cancelled", 2L,
                    "test order", 1L)));
  }

  @Test
  void skuOrNameSayTheProductAndGoodsAreNoAdmission() throws Exception {
    items = "{SP: stream-pass, 'Seat, upper': seat, Scarf: none}";
    String order = "#1,j@example.com,paid,2027-05-01 10:00:00 +0000,2,Pass - early,SP,,Card\n";

    TicketSales sales =
        read(
            order
                + "#1,j@example.com,,,1,\"Seat, upper\",,,\n"
                + "#1,j@example.com,,,5,Scarf,SC,,\n");

    assertThat(sold(sales)).isEqualTo(Map.of("stream-pass", 2L, "seat", 1L));
    assertThat(sales.reports().getFirst().leftOut()).containsEntry("item is no admission", 1L);
  }

  @Test
  void aLineWithoutItsOrderIsRejectedAndNotGivenToTheOrderBefore() throws Exception {
    String paid = "#1,j@example.com,paid,2027-05-01 10:00:00 +0000,1,Seat,SE,,Card\n";

    TicketSales sales = read(paid.repeat(120) + "#2,j@example.com,,,1,Seat,SE,,\n");

    assertThat(sales.reports().getFirst().firstRejected())
        .containsExactly("line 122: order has no financial status");
  }

  @Test
  void anotherTableIsToldByTheColumnThatIsMissing() {
    TicketDataException refused =
        catchThrowableOfType(
            TicketDataException.class, () -> readAll("Name,Financial status,Created at\n#1,a,b\n"));

    assertThat(refused)
        .hasMessageContaining("has no column 'Financial Status'")
        .hasMessageContaining("no order export of Shopify");
    assertThat(refused.next()).contains("type: csv in line 3");
  }

  @Test
  void aGeneratedExportIsReadToItsLastLineAndNothingPersonalStandsInTheReport() throws Exception {
    items = "{scarf: none}";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ExportGenerator.writeShopify(
        new ExportGenerator.Request(
            3,
            5000,
            Instant.parse("2027-03-01T09:00:00Z"),
            AS_OF,
            Instant.parse("2027-05-30T19:00:00Z"),
            List.of(new ExportGenerator.Product("pass, \"early\"", 1))),
        out);
    String text = out.toString(StandardCharsets.UTF_8);

    TicketSales sales = readAll(text);

    SourceReport report = sales.reports().getFirst();
    assertThat(report.read()).isEqualTo(text.lines().count() - 1);
    assertThat(report.rejected()).isZero();
    assertThat(report.leftOut()).containsKeys("order is cancelled", "test order");
    assertThat(sales.history().byProduct()).containsOnlyKeys("pass, \"early\"");
    assertThat(report.toString()).doesNotContain("example.com");
  }

  private static Map<String, Long> sold(TicketSales sales) {
    Map<String, Long> sold = new TreeMap<>();
    sales.history().byProduct().keySet().forEach(n -> sold.put(n, sales.history().sold(n)));
    return sold;
  }

  private TicketSales read(String rows) throws Exception {
    return readAll(HEADER + rows);
  }

  private TicketSales readAll(String text) throws Exception {
    Files.writeString(folder.resolve("orders.csv"), text);
    String yaml =
        "apiVersion: spike/v1\nevent: {name: cup, startsAt: 2027-05-30T19:00:00Z}\n"
            + "tickets: {sources: [{type: shopify, path: orders.csv, items: "
            + items
            + "}]}\n";
    return TicketSales.read(
        SpecReader.read("event.yaml", yaml.getBytes(StandardCharsets.UTF_8), null, AS_OF).tickets(),
        folder,
        AS_OF);
  }
}

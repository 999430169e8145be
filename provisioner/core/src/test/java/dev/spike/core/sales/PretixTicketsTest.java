package dev.spike.core.sales;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spike.core.spec.EventSpec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PretixTicketsTest {
  private static final Instant AS_OF = Instant.parse("2027-05-27T12:00:00Z");
  private static final String PAID =
      """
      {"code": "A1", "status": "p", "datetime": "2027-05-01T10:00:00Z", "email": "jane@example.com",
       "positions": [{"id": 1, "item": 7, "addon_to": null, "canceled": false}]}""";

  @TempDir Path folder;

  @Test
  void onlyPaidAdmissionPositionsOfRealOrdersCount() throws Exception {
    TicketSales sales =
        read(
            export(
                PAID,
                PAID.replace("\"p\"", "\"n\""),
                PAID.replace("\"p\"", "\"e\""),
                PAID.replace("\"p\"", "\"c\""),
                PAID.replace("{\"code\"", "{\"testmode\": true, \"code\""),
                PAID.replace("\"canceled\": false", "\"canceled\": true"),
                PAID.replace("\"addon_to\": null", "\"addon_to\": 1"),
                PAID.replace("\"item\": 7", "\"item\": 8"),
                PAID.replace("2027-05-01", "2027-05-28")));

    assertThat(sales.history().byProduct()).containsOnlyKeys("Stream pass");
    assertThat(sales.history().sold("Stream pass")).isEqualTo(1);
    assertThat(sales.reports().getFirst().read()).isEqualTo(9);
    assertThat(sales.reports().getFirst().rejected()).isZero();
    assertThat(sales.reports().getFirst().leftOut())
        .containsOnlyKeys(
            "status is n (pending)",
            "status is e (expired)",
            "status is c (canceled)",
            "test order",
            "position is canceled",
            "add-on to another position",
            "item is no admission",
            "sold after the plan's instant");
  }

  @Test
  void aQuotaOfOneItemGivesItsCapacity() throws Exception {
    assertThat(read(export(PAID)).capacities())
        .isEqualTo(new TreeMap<>(Map.of("Stream pass", 9000L)));
  }

  @Test
  void ofSeveralQuotasOfAnItemTheSmallestCountsAndASharedOneSaysNothing() throws Exception {
    assertThat(capacities("{'size': 500, 'items': [7]}, {'size': 300, 'items': [7]}"))
        .isEqualTo(Map.of("Stream pass", 300L));
    assertThat(capacities("{'size': 500, 'items': [7]}, {'size': 100, 'items': [7, 8]}"))
        .isEqualTo(Map.of("Stream pass", 500L));
    assertThat(capacities("{'size': 100, 'items': [7, 8]}")).isEmpty();
    assertThat(capacities("{'size': null, 'items': [7]}, {'size': 0, 'items': [7]}")).isEmpty();
    assertThat(capacities("{'size': 100, 'items': [7], 'variations': [71]}")).isEmpty();
  }

  @Test
  void quotasOfTheDatesOfASeriesAddUpUnlessOneIsWithoutBound() throws Exception {
    String saturday = "{'size': 500, 'items': [7], 'subevent': 1}";
    String sunday = "{'size': 400, 'items': [7], 'subevent': 2}";

    assertThat(capacities(saturday + "," + sunday)).isEqualTo(Map.of("Stream pass", 900L));
    assertThat(capacities(saturday + "," + sunday + "," + sunday.replace("400", "350")))
        .isEqualTo(Map.of("Stream pass", 850L));
    assertThat(capacities(saturday + "," + sunday.replace("400", "null"))).isEmpty();
  }

  @Test
  void variationsAndDatesOfASeriesCountAsTheirItemWithoutCanceledOnesAndAddOns() throws Exception {
    String order =
        PAID.replace(
            "[{\"id\": 1, \"item\": 7, \"addon_to\": null, \"canceled\": false}]",
            """
            [{"id": 1, "item": 7, "variation": 71, "subevent": 1, "canceled": false},
             {"id": 2, "item": 7, "variation": 72, "subevent": 1, "canceled": false},
             {"id": 3, "item": 7, "variation": null, "subevent": 2, "canceled": false},
             {"id": 4, "item": 7, "variation": 71, "subevent": 2, "canceled": true},
             {"id": 5, "item": 7, "variation": 72, "subevent": 2, "addon_to": 3},
             {"id": 6, "item": 8, "variation": 81, "subevent": 2, "addon_to": null}]""");

    TicketSales sales = read(export(order));

    assertThat(sales.history().byProduct()).containsOnlyKeys("Stream pass");
    assertThat(sales.history().sold("Stream pass")).isEqualTo(3);
    assertThat(sales.reports().getFirst().leftOut())
        .isEqualTo(
            Map.of(
                "position is canceled", 1L,
                "add-on to another position", 1L,
                "item is no admission", 1L));
  }

  @Test
  void itemsMapToProductsById() throws Exception {
    TicketSales sales = read(export(PAID), Map.of("7", "pass"));

    assertThat(sales.history().sold("pass")).isEqualTo(1);
  }

  @Test
  void aPageOfTheApiIsReadAsWell() throws Exception {
    TicketSales sales = read("{\"count\": 1, \"next\": null, \"results\": [" + PAID + "]}");

    assertThat(sales.history().sold("item-7")).isEqualTo(1);
  }

  @Test
  void whatIsNoOrderIsRejectedAndHidesNoneOfThoseAfterIt() throws Exception {
    String orders = String.join(",", java.util.Collections.nCopies(150, PAID));

    TicketSales sales = read(export("null", orders));

    assertThat(sales.history().sold("Stream pass")).isEqualTo(150);
    assertThat(sales.reports().getFirst().rejectedByReason())
        .containsExactly(Map.entry("order is not a JSON object", 1L));
  }

  @Test
  void whatIsNoPositionIsRejectedAndHidesNoneOfThoseAfterIt() throws Exception {
    String odd = PAID.replace("[{\"id\"", "[[1], {\"id\"");
    String orders = String.join(",", java.util.Collections.nCopies(150, PAID));

    TicketSales sales = read(export(odd, orders));

    assertThat(sales.history().sold("Stream pass")).isEqualTo(151);
    assertThat(sales.reports().getFirst().rejectedByReason())
        .containsExactly(Map.entry("position is not a JSON object", 1L));
  }

  @Test
  void anUnknownStatusOrTimeIsRejectedWithItsLine() throws Exception {
    assertThat(refused(export(PAID.replace("\"p\"", "\"x\""))))
        .hasMessageContaining("order has a status pretix does not know")
        .hasMessageContaining("line 4: ");
    assertThat(refused(export(PAID.replace("2027-05-01T10:00:00Z", "soon"))))
        .hasMessageContaining("time of the order is not readable");
  }

  @Test
  void anExportThatWasCutOffIsRefusedAndNotHalfCounted() throws Exception {
    String whole = export(PAID, PAID);

    assertThat(refused(whole.substring(0, whole.length() - 60)))
        .hasMessageContaining("ends in the middle, in line 7");
    assertThat(refused("order,status\n1,p\n")).hasMessageContaining("is not JSON from line 1");
  }

  @Test
  void jsonWithoutAListOfOrdersIsSaidToBeNoOrderData() {
    assertThat(refused("{}")).hasMessageContaining("has no list of orders");
    assertThat(refused("[]")).hasMessageContaining("holds no order");
    assertThat(refused("42")).hasMessageContaining("has no list of orders");
    assertThat(refused("  \n")).hasMessageContaining("has no list of orders");
    assertThat(refused("{\"orders\": {\"a\": 1}}")).hasMessageContaining("has no list of orders");
  }

  @Test
  void whatFollowsTheEndOfTheExportIsRefusedAndNotLeftOutWithoutAWord() {
    String whole = export(PAID);

    assertThat(refused(whole + whole)).hasMessageContaining("goes on after its end, in line 5");
    assertThat(refused(whole + "jane")).hasMessageContaining("is not JSON from line 5");
  }

  @Test
  void lettersThatAreNoUtf8AreNamedAsThat() {
    byte[] latin = export(PAID.replace("jane", "j\u00e4ne")).getBytes(StandardCharsets.ISO_8859_1);

    TicketDataException refused =
        catchThrowableOfType(
            TicketDataException.class,
            () -> {
              Files.write(folder.resolve("orders.json"), latin);
              TicketSales.read(tickets("orders.json", Map.of(), Optional.empty()), folder, AS_OF);
            });

    assertThat(refused).hasMessageContaining("is not UTF-8 text from line 3");
  }

  @Test
  void nestingWithoutEndIsNoJsonOfPretixAndNoLineIsMadeUpForIt() {
    assertThat(refused("{\"a\":".repeat(5000) + "1" + "}".repeat(5000)))
        .hasMessageContaining("is not JSON that pretix writes")
        .hasMessageNotContaining("line 0");
  }

  @Test
  void placeholderTimesAreRejectedAsInTables() {
    String orders = String.join(",", java.util.Collections.nCopies(10, PAID));

    for (String placeholder : List.of("1969-12-31", "1970-01-01", "1999-12-31", "9999-12-31")) {
      assertThat(refused(export(orders, PAID.replace("2027-05-01", placeholder))))
          .as(placeholder)
          .hasMessageContaining(
              "1 × time of the order is a placeholder, before 2000 or after 2099");
    }
  }

  @Test
  void itemsThatTheEventFileMapsToNoneAreNoAdmissionAndHaveNoCapacity() throws Exception {
    String seat = PAID.replace("\"item\": 7", "\"item\": 9");

    TicketSales sales = read(export(PAID, seat), Map.of("7", "none"));

    assertThat(sales.history().byProduct()).containsOnlyKeys("item-9");
    assertThat(sales.capacities()).isEmpty();
    assertThat(sales.reports().getFirst().leftOut())
        .containsExactly(Map.entry("item is no admission", 1L));
  }

  @Test
  void aQuotaThatNoNumberHoldsSaysNothingOfTheCapacity() throws Exception {
    assertThat(capacities("{'size': 1000000000000000000000000000000, 'items': [7]}")).isEmpty();
  }

  @Test
  void anOrderWithoutAListOfPositionsIsRejectedAndOneWithoutPositionsIsNot() throws Exception {
    String none = PAID.replaceFirst("(?s)\"positions\": \\[.*\\]", "\"positions\": []");

    assertThat(read(export(PAID, none)).reports().getFirst().read()).isEqualTo(1);
    assertThat(refused(export(PAID, none.replace("[]", "\"jane\""))))
        .hasMessageContaining("1 × order has no list of positions")
        .hasMessageNotContaining("jane");
    assertThat(refused(export(PAID, none.replace("positions", "places"))))
        .hasMessageContaining("1 × order has no list of positions");
  }

  @Test
  void aNameOfMoreThan256LettersIsNoProductAndNotRepeated() {
    assertThat(refused(export(PAID).replace("Stream pass", "x".repeat(257))))
        .hasMessageContaining("item 7 has a name of more than 256 letters")
        .hasMessageNotContaining("xxx");
  }

  @Test
  void ofAnExportOnlyTheNamedDateOfASeriesCounts() throws Exception {
    String saturday = PAID.replace("\"item\"", "\"subevent\": 5, \"item\"");
    String sunday = PAID.replace("\"item\"", "\"subevent\": 6, \"item\"");
    Files.writeString(folder.resolve("orders.json"), export(saturday, sunday, sunday));

    TicketSales sales =
        TicketSales.read(tickets("orders.json", Map.of(), Optional.of(6L)), folder, AS_OF);

    assertThat(sales.history().sold("Stream pass")).isEqualTo(2);
    assertThat(sales.reports().getFirst().leftOut())
        .containsExactly(Map.entry("another date of the series", 1L));
  }

  @Test
  void anExportOnStandardInputIsCalledSo() {
    InputStream before = System.in;
    try {
      System.setIn(new ByteArrayInputStream("{}".getBytes(StandardCharsets.UTF_8)));
      TicketDataException refused =
          catchThrowableOfType(
              TicketDataException.class,
              () -> TicketSales.read(tickets("-", Map.of(), Optional.empty()), folder, AS_OF));
      assertThat(refused).hasMessageContaining("The ticket export on standard input has no list");
    } finally {
      System.setIn(before);
    }
  }

  @Test
  void aGeneratedExportIsCountedToItsLastPosition() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ExportGenerator.writePretix(
        new ExportGenerator.Request(
            3,
            500,
            Instant.parse("2027-03-01T09:00:00Z"),
            AS_OF,
            Instant.parse("2027-05-30T19:00:00Z"),
            List.of(new ExportGenerator.Product("pass", 1))),
        out);
    String text = out.toString(StandardCharsets.UTF_8);

    SourceReport report = read(text).reports().getFirst();

    assertThat(report.read()).isEqualTo(text.split("\"addon_to\"", -1).length - 1);
    assertThat(report.rejected()).isZero();
    assertThat(report.accepted()).isGreaterThan(400);
  }

  private static String export(String... orders) {
    return """
        {"event": {"name": "Cup", "items": [{"id": 7, "name": {"en": "Stream pass"}},
         {"id": 8, "name": "Scarf", "admission": false}],
         "orders": [%s],
         "quotas": [{"size": 9000, "items": [7], "variations": []}]}}"""
        .formatted(String.join(",\n", orders));
  }

  private Map<String, Long> capacities(String quotas) throws Exception {
    String export = export(PAID);
    return read(export.substring(0, export.indexOf("\"quotas\""))
            + "\"quotas\": ["
            + quotas.replace('\'', '"')
            + "]}}")
        .capacities();
  }

  private TicketSales read(String text) throws Exception {
    return read(text, Map.of());
  }

  private TicketSales read(String text, Map<String, String> items) throws Exception {
    Files.writeString(folder.resolve("orders.json"), text);
    return TicketSales.read(tickets("orders.json", items, Optional.empty()), folder, AS_OF);
  }

  private static EventSpec.Tickets tickets(
      String path, Map<String, String> items, Optional<Long> subevent) {
    return new EventSpec.Tickets(
        List.of(new EventSpec.PretixSource(7, path, items, subevent)), 0.01, new TreeMap<>());
  }

  private TicketDataException refused(String text) {
    return catchThrowableOfType(TicketDataException.class, () -> read(text));
  }
}

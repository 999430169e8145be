package dev.spike.core.sales;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.SpecReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TicketSalesTest {
  private static final Instant AS_OF = Instant.parse("2027-05-27T12:00:00Z");

  private static final String EVENT =
      """
      apiVersion: spike/v1
      event: {name: cup, startsAt: 2027-05-30T19:00:00Z}
      tickets:
        sources: [%s]
        history: [{name: last-year, startsAt: 2026-05-30T19:00:00Z, sources: [{type: csv, path: %s}]}]
      """;

  @TempDir Path folder;

  @BeforeEach
  void exports() throws Exception {
    Files.writeString(folder.resolve("now.csv"), "sold_at,product\n2027-05-01T10:00Z,pass\n");
    Files.writeString(
        folder.resolve("then.csv"),
        "sold_at,product,quantity\n2026-05-01T10:00Z,pass,3\n2026-05-30T18:00Z,pass,4\n");
  }

  @Test
  void salesOfAPastEventAreCarriedBesideThoseOfTheEventAndNotAmongThem() throws Exception {
    TicketSales sales = read("then.csv", TicketReaders.ofFiles());

    assertThat(sales.history().sold("pass")).isEqualTo(1);
    assertThat(sales.past())
        .singleElement()
        .satisfies(
            past -> {
              assertThat(past.name()).isEqualTo("last-year");
              assertThat(past.startsAt()).isEqualTo(Instant.parse("2026-05-30T19:00:00Z"));
              assertThat(past.sales().sold("pass")).isEqualTo(7);
            });
    assertThat(sales.reports())
        .extracting(SourceReport::pastEvent)
        .containsExactly("", "last-year");
    assertThat(sales.reports()).extracting(SourceReport::isOfEvent).containsExactly(true, false);
  }

  @Test
  void aPastEventThatCannotBeReadIsNamed() throws Exception {
    TicketDataException missing = refused("nowhere.csv");
    assertThat(missing)
        .hasMessageStartingWith("The past event last-year cannot be read. ")
        .hasMessageContaining("nowhere.csv");
    assertThat(missing.kind()).isEqualTo(TicketDataException.Kind.MISSING_FILE);

    Files.writeString(folder.resolve("bad.csv"), "sold_at,product\nsoon,pass\n");
    assertThat(refused("bad.csv"))
        .hasMessageContaining("last-year")
        .hasMessageContaining("time of sale is not readable");
  }

  @Test
  void keysOfItemsThatNoSourceHasAreToldWithTheNearestThatItHas() throws Exception {
    Files.writeString(
        folder.resolve("orders.json"),
        """
        {"event": {"items": [{"id": 7, "name": {"en": "Stream pass"}}, {"id": 8, "name": "Seat"}],
          "orders": [{"code": "A", "status": "p", "datetime": "2027-05-01T10:00:00Z",
            "positions": [{"item": 7}, {"item": 9}]}]}}""");
    Files.writeString(
        folder.resolve("orders.csv"),
        """
        Name,Financial Status,Created at,Lineitem quantity,Lineitem name,Lineitem sku
        #1,paid,2027-05-01 10:00:00 +0000,1,Scarf,SC-1
        #1,,,1,Pass,PA-1
        """);

    assertThat(
            remarks(
                "{type: pretix, path: orders.json, items: {'9': pass, Strem pass: pass, '17': x}}"))
        .singleElement()
        .satisfies(
            remark -> {
              assertThat(remark.summary())
                  .isEqualTo(
                      "The ticket export orders.json has no '17', no 'Strem pass', which items in"
                          + " line 4 of the event file map.");
              assertThat(remark.next()).isEqualTo("Did you mean 'Stream pass'?");
            });
    assertThat(remarks("{type: shopify, path: orders.csv, items: {Scraf: none, PA-1: pass}}"))
        .extracting(SourceRemark::next)
        .containsExactly("Did you mean 'Scarf'?");
    assertThat(remarks("{type: csv, path: now.csv, items: {lounge: none}}"))
        .extracting(SourceRemark::next)
        .containsExactly(
            "Others there are: pass. Correct it, or leave it for an item that is not sold yet.");
    assertThat(remarks("{type: csv, path: now.csv, items: {pass: seat}}")).isEmpty();
  }

  @Test
  void aHistoryEventThatHadNotStartedIsSaidToBeLeftOut() throws Exception {
    EventSpec spec = spec("{type: csv, path: now.csv}");

    assertThat(
            TicketSales.read(
                    SpecReader.read(
                            "event.yaml",
                            EVENT
                                .formatted("{type: csv, path: now.csv}", "then.csv")
                                .replace("startsAt: 2026-05-30", "startsAt: 2027-05-28")
                                .getBytes(StandardCharsets.UTF_8),
                            null,
                            AS_OF)
                        .tickets(),
                    folder,
                    AS_OF)
                .remarks())
        .extracting(SourceRemark::summary)
        .containsExactly("The event last-year under tickets.history is left out.");
    assertThat(TicketSales.read(spec.tickets(), folder, AS_OF).remarks()).isEmpty();
  }

  @Test
  void whatIsAdvisedNamesOnlyKeysThatSuchASourceHas() throws Exception {
    Files.writeString(folder.resolve("later.csv"), "sold_at,product\n2027-05-28T10:00Z,pass\n");
    Files.writeString(folder.resolve("empty.json"), "[]");
    Files.writeString(
        folder.resolve("unpaid.json"),
        "[{\"code\": \"A\", \"status\": \"n\", \"positions\": [{\"item\": 7}]}]");
    Files.writeString(
        folder.resolve("odd.json"),
        "[{\"code\": \"A\", \"status\": \"?\", \"positions\": [{\"item\": 7}]}]");

    assertThat(refusedSource("{type: csv, path: later.csv}"))
        .hasMessageContaining("counts as a sale at the plan's instant 2027-05-27T12:00:00Z")
        .extracting(TicketDataException::next)
        .asString()
        .contains("--as-of");
    assertThat(refusedSource("{type: csv, path: now.csv, accept: {product: [seat]}}").next())
        .isEqualTo("Check accept, columns and items of the source in line 4 of the event file.");
    assertThat(refusedSource("{type: pretix, path: empty.json}").next()).contains("filter");
    assertThat(refusedSource("{type: pretix, path: unpaid.json}").next())
        .contains("items and subevent")
        .doesNotContain("accept", "timeFormat");
    assertThat(refusedSource("{type: pretix, path: odd.json}").next())
        .doesNotContain("accept", "timeFormat", "columns");
  }

  private TicketDataException refusedSource(String source) throws Exception {
    EventSpec.Tickets tickets = spec(source).tickets();
    return catchThrowableOfType(
        TicketDataException.class, () -> TicketSales.read(tickets, folder, AS_OF));
  }

  private List<SourceRemark> remarks(String source) throws Exception {
    return TicketSales.read(spec(source).tickets(), folder, AS_OF).remarks();
  }

  @Test
  void aSourceWithoutAReaderIsUnavailable() {
    TicketDataException refused =
        catchThrowableOfType(
            TicketDataException.class,
            () ->
                TicketSales.read(
                    spec("{type: eventbrite, event: 5, tokenEnv: TOKEN}").tickets(),
                    folder,
                    AS_OF));

    assertThat(refused.kind()).isEqualTo(TicketDataException.Kind.UNAVAILABLE);
    assertThat(refused).hasMessageContaining("no reader for eventbrite event 5");
  }

  @Test
  void whatAReadingHoldsIsNotShownWithIt() {
    Reading reading =
        new Reading(
            folder,
            AS_OF,
            Map.of("TOKEN", "s3cret"),
            new SalesHistory.Counter(),
            new java.util.TreeMap<>(),
            List.of());

    assertThat(reading.toString()).doesNotContain("s3cret").contains(AS_OF.toString());
  }

  @Test
  void aReaderThatIsInstalledIsAskedForItsSources() throws Exception {
    TicketSource fixed =
        new TicketSource() {
          @Override
          public boolean reads(EventSpec.Source source) {
            return source instanceof EventSpec.CsvSource csv && csv.path().equals("then.csv");
          }

          @Override
          public SourceReport read(EventSpec.Source source, Reading reading) {
            reading.sales().add("pass", 30_000_000, 11);
            RowTally tally = new RowTally();
            tally.accept(1);
            return tally.report("fixed", source.name(), reading.sales().history(), 0);
          }
        };

    TicketSales sales = read("then.csv", TicketReaders.with(List.of(fixed), Map.of()));

    assertThat(sales.past().getFirst().sales().sold("pass")).isEqualTo(11);
    assertThat(sales.reports().getLast().digest()).startsWith("sha256:");
  }

  private TicketDataException refused(String path) {
    return catchThrowableOfType(
        TicketDataException.class, () -> read(path, TicketReaders.ofFiles()));
  }

  private TicketSales read(String past, TicketReaders readers) throws Exception {
    EventSpec spec = spec("{type: csv, path: now.csv}", past);
    return TicketSales.read(spec.tickets(), folder, AS_OF, readers);
  }

  private static EventSpec spec(String source) throws Exception {
    return spec(source, "then.csv");
  }

  private static EventSpec spec(String source, String past) throws Exception {
    return SpecReader.read(
        "event.yaml", EVENT.formatted(source, past).getBytes(StandardCharsets.UTF_8), null, AS_OF);
  }
}

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
            new java.util.TreeMap<>());

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
        "event.yaml",
        """
        apiVersion: spike/v1
        event: {name: cup, startsAt: 2027-05-30T19:00:00Z}
        tickets:
          sources: [%s]
          history: [{name: last-year, startsAt: 2026-05-30T19:00:00Z, sources: [{type: csv, path: %s}]}]
        """
            .formatted(source, past)
            .getBytes(StandardCharsets.UTF_8),
        null,
        AS_OF);
  }
}

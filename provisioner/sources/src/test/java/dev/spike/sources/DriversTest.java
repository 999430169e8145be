package dev.spike.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.spike.core.sales.Reading;
import dev.spike.core.sales.SalesHistory;
import dev.spike.core.sales.SourceReport;
import dev.spike.core.sales.TicketDataException;
import dev.spike.core.spec.EventSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drivers, with DuckDB's as the one that is not bundled. */
class DriversTest {
  @TempDir Path folder;

  @Test
  void aParquetFileIsCountedByDuckDbItself() throws Exception {
    Path parquet = folder.resolve("orders.parquet");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement()) {
      statement.execute(
          "copy (select timestamp '2027-05-01 10:00:00' + to_seconds(n % 3600) as sold_at,"
              + " case n % 4 when 0 then 'seat' else 'stream' end as product, 1 as quantity"
              + " from range(1000000) r(n)) to '"
              + parquet
              + "' (format parquet)");
    }
    Reading reading = Readings.with(Map.of());

    SourceReport report =
        new JdbcTickets()
            .read(
                new EventSpec.JdbcSource(
                    3,
                    "jdbc:duckdb:",
                    "select sold_at, product, quantity from '" + parquet + "'",
                    Optional.empty(),
                    Optional.empty(),
                    ZoneOffset.UTC),
                reading);

    assertThat(report.read()).isEqualTo(120);
    assertThat(reading.sales().history().sold("seat")).isEqualTo(250_000);
    assertThat(reading.sales().history().sold("stream")).isEqualTo(750_000);
  }

  @Test
  void whatDuckDbSaysOfNamesAndFilesIsToldAndNothingOfRows() throws Exception {
    Files.writeString(
        folder.resolve("orders.csv"),
        "sold_at,product,quantity,email\n2027-05-01 10:00:00,seat,1,jane@example.com\n");

    assertThat(reading("jdbc:duckdb:", "select sold_at, product, quantity from 'orders.csv'"))
        .containsExactly(Map.entry("seat", 1L));
    assertThat(refused("jdbc:duckdb:", "select sold_at, product, nosuch from 'orders.csv'"))
        .hasMessageContaining("Binder Error: Referenced column \"nosuch\" not found")
        .hasMessageContaining("Candidate bindings");
    assertThat(
            refused(
                "jdbc:duckdb:",
                "select sold_at, product, email::int as quantity from 'orders.csv'"))
        .hasMessageContaining("cannot answer the query; what it says may hold values of rows")
        .hasMessageNotContaining("jane");
    assertThat(refused("jdbc:duckdb:", "select * from 'nosuch.parquet'"))
        .hasMessageContaining("No files found that match the pattern")
        .extracting(TicketDataException::kind)
        .isEqualTo(TicketDataException.Kind.MISSING_FILE);
  }

  @Test
  void aDatabaseFileThatIsNotThereIsMissingAndIsNotMade() {
    Path database = folder.resolve("nosuch.duckdb");

    assertThat(refused("jdbc:duckdb:" + database, "select 1").kind())
        .isEqualTo(TicketDataException.Kind.MISSING_FILE);
    assertThat(database).doesNotExist();
  }

  private Map<String, Long> reading(String url, String query) throws TicketDataException {
    Reading reading =
        new Reading(
            folder,
            Readings.AS_OF,
            Map.of(),
            new SalesHistory.Counter(),
            new TreeMap<>(),
            new java.util.ArrayList<>());
    new JdbcTickets()
        .read(
            new EventSpec.JdbcSource(
                3, url, query, Optional.empty(), Optional.empty(), ZoneId.of("Europe/London")),
            reading);
    SalesHistory sales = reading.sales().history();
    return sales.byProduct().keySet().stream()
        .collect(Collectors.toMap(product -> product, sales::sold));
  }

  private TicketDataException refused(String url, String query) {
    return catchThrowableOfType(TicketDataException.class, () -> reading(url, query));
  }

  @Test
  void aDriverThatIsNotBundledIsTakenFromTheDriversFolder() throws Exception {
    ClassLoader without = ClassLoader.getPlatformClassLoader();
    Path jar =
        Path.of(
            Class.forName("org.duckdb.DuckDBDriver")
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    Files.createSymbolicLink(folder.resolve("duckdb.jar"), jar);

    try (Drivers drivers = Drivers.open("jdbc:duckdb:", "duckdb", without, Optional.of(folder));
        Connection connection = drivers.driver().connect("jdbc:duckdb:", new Properties())) {
      assertThat(drivers.driver().getClass().getClassLoader())
          .isNotEqualTo(getClass().getClassLoader());
      assertThat(connection.isValid(5)).isTrue();
    }
  }

  @Test
  void aDatabaseWithoutADriverIsUnavailableAndSaysWhereToPutOne() {
    Reading reading = Readings.with(Map.of("SPIKE_DRIVERS", folder.toString()));
    TicketDataException refused =
        catchThrowableOfType(
            TicketDataException.class,
            () ->
                new JdbcTickets()
                    .read(
                        new EventSpec.JdbcSource(
                            3,
                            "jdbc:nosuch://db/shop?user=x",
                            "select 1",
                            Optional.empty(),
                            Optional.empty(),
                            ZoneOffset.UTC),
                        reading));

    assertThat(refused.kind()).isEqualTo(TicketDataException.Kind.UNAVAILABLE);
    assertThat(refused)
        .hasMessageContaining("no JDBC driver for jdbc:nosuch://db/shop.")
        .hasMessageContaining(folder.toString());
    assertThat(refused.next()).contains(folder.toString(), "SPIKE_DRIVERS");
  }

  @Test
  void aDatabaseThatIsNotKnownGroupsByTheTimeAsItIs() {
    assertThat(GroupedQuery.of("select 1", "PostgreSQL")).contains("date_trunc('minute'");
    assertThat(GroupedQuery.of("select 1", "Oracle"))
        .doesNotContain("date_trunc")
        .contains("group by q.sold_at, q.product");
  }
}

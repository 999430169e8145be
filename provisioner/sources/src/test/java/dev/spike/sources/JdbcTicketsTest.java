package dev.spike.sources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.spike.core.sales.Reading;
import dev.spike.core.sales.SourceReport;
import dev.spike.core.sales.TicketDataException;
import dev.spike.core.spec.EventSpec;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Against a PostgreSQL server that this class starts. */
class JdbcTicketsTest {
  private static PostgresServer server;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(
        PostgresServer.programs().isPresent(),
        "no PostgreSQL server is installed; scripts/setup installs it");
    server = PostgresServer.start();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          create table orders as
            select timestamptz '2027-05-01 10:00:00+00' + (n % 3600) * interval '1 second' as sold_at,
                   case n % 4 when 0 then 'seat' else 'stream' end as product,
                   1 as quantity, 'jane' || n || '@example.com' as email
            from generate_series(0, 999999) n""");
      statement.execute("create table none (sold_at timestamptz, product text, quantity int)");
      statement.execute(
          "create function wipe() returns int language sql volatile as"
              + " 'delete from orders; select 1'");
      statement.execute("create user locked password 'other-s3cret'");
    }
  }

  @AfterAll
  static void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @Test
  void aMillionRowsComeAsOneRowAMinuteAndProduct() throws Exception {
    Reading reading = reading();

    SourceReport report = read("select sold_at, product, quantity from orders", reading);

    assertThat(report.read()).isEqualTo(120);
    assertThat(report.accepted()).isEqualTo(120);
    assertThat(reading.sales().history().sold("seat")).isEqualTo(250_000);
    assertThat(reading.sales().history().sold("stream")).isEqualTo(750_000);
    long first = Instant.parse("2027-05-01T10:00:00Z").getEpochSecond() / 60;
    assertThat(reading.sales().history().byProduct().get("seat")).hasSize(60).containsKey(first);
    assertThat(report.name()).isEqualTo(server.url());
  }

  @Test
  void aQueryThatIsAggregatedAlreadyMayEndWithASemicolonAndCarryACommonTable() throws Exception {
    Reading reading = reading();

    read(
        """
        with sold as (select date_trunc('hour', sold_at) as sold_at, product, count(*) as quantity
          from orders group by 1, 2) -- by the hour
        select * from sold""",
        reading);

    assertThat(reading.sales().history().sold("stream")).isEqualTo(750_000);
  }

  @Test
  void timesWithoutOffsetAreOfTheSourcesZoneAndThoseThatTheClocksSkippedAreRejected()
      throws Exception {
    Reading reading = reading();

    SourceReport report =
        read(
            """
            select * from (values (timestamp '2027-03-28 01:30:00', 'a', 1),
              (timestamp '2027-05-01 12:00:30', 'a', 2)) as v (sold_at, product, quantity)""",
            reading,
            ZoneId.of("Europe/London"));

    assertThat(report.rejectedByReason())
        .containsExactly(Map.entry("time of sale does not exist in Europe/London", 1L));
    assertThat(reading.sales().history().byProduct().get("a"))
        .containsExactly(
            Map.entry(Instant.parse("2027-05-01T11:00:00Z").getEpochSecond() / 60, 2L));
  }

  @Test
  void whatIsNoSaleIsLeftOutOrRejectedByItsReason() throws Exception {
    SourceReport report =
        read(
            """
            select * from (values (timestamptz '2027-05-01 12:00Z', 'a', 1.0),
              (null, 'a', 1), (timestamptz '2027-05-01 12:00Z', '', 1),
              (timestamptz '2027-05-01 12:00Z', 'b', -2), (timestamptz '2027-05-01 12:00Z', 'c', 1.5),
              (timestamptz '1970-01-01 00:00Z', 'd', 1), (timestamptz '2027-05-01 12:00Z', 'e', 0),
              (timestamptz '2027-05-29 12:00Z', 'f', 1)) as v (sold_at, product, quantity)""",
            reading());

    assertThat(report.accepted()).isEqualTo(1);
    assertThat(report.rejectedByReason())
        .containsOnlyKeys(
            "product is empty",
            "quantity is negative",
            "quantity is not a whole number",
            "time of sale is empty",
            "time of sale is a placeholder, before 2000 or after 2099");
    assertThat(report.leftOut()).containsOnlyKeys("quantity is 0", "sold after the plan's instant");
  }

  @Test
  void nothingCanBeChangedThroughIt() throws Exception {
    TicketDataException deleting =
        refused("select sold_at, product, wipe() as quantity from orders", reading());

    assertThat(deleting.kind()).isEqualTo(TicketDataException.Kind.BAD_DATA);
    assertThat(deleting).hasMessageContaining("read-only transaction");
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet count = statement.executeQuery("select count(*) from orders")) {
      count.next();
      assertThat(count.getLong(1)).isEqualTo(1_000_000);
    }
  }

  @Test
  void aMistakeInTheQueryIsNamedButValuesOfRowsAreNot() {
    assertThat(refused("select sold_at, product, quantity from ordres", reading()))
        .hasMessageContaining("relation \"ordres\" does not exist");
    assertThat(refused("select sold_at, product, email::int as quantity from orders", reading()))
        .hasMessageContaining("SQL state 22P02")
        .hasMessageNotContaining("jane");
    assertThat(
            refused("with gone as (delete from orders returning *) select * from gone", reading()))
        .hasMessageContaining("data-modifying statement must be at the top level");
  }

  @Test
  void aColumnThatIsMissingOrCannotBeWhatItIsCalledIsToldByItsName() {
    assertThat(refused("select sold_at as soldat, product, quantity from orders", reading()))
        .hasMessageContaining("gives no column sold_at; did you mean 'soldat'?")
        .hasMessageContaining("It gives soldat, product, quantity.");
    assertThat(refused("select email as sold_at, product, quantity from orders", reading()))
        .hasMessageContaining("the column sold_at is of type text; it must be a timestamp");
    assertThat(refused("select sold_at, product, email as quantity from orders", reading()))
        .hasMessageContaining("the column quantity is of type text; it must be a number");
  }

  @Test
  void daysOfTheQueryAreThoseOfTheSourcesZoneWhateverThatOfThisMachine() throws Exception {
    for (String zone : new String[] {"Asia/Tokyo", "+09:00"}) {
      Reading reading = reading();

      read(
          "select timestamptz '2027-05-01 20:00Z'::date as sold_at, 'a' as product, 1 as quantity",
          reading,
          ZoneId.of(zone));

      assertThat(reading.sales().history().byProduct().get("a"))
          .containsOnlyKeys(Instant.parse("2027-05-01T15:00:00Z").getEpochSecond() / 60);
    }
  }

  @Test
  void aWrongPasswordIsUnauthorizedAndNeverShown() {
    TicketDataException wrong =
        refused(
            "select 1", Readings.with(Map.of("DB_USER", "spike", "DB_PASSWORD", "wr0ng-passw0rd")));

    assertThat(wrong.kind()).isEqualTo(TicketDataException.Kind.UNAUTHORIZED);
    assertThat(wrong.toString() + wrong.next() + wrong.getCause()).doesNotContain("wr0ng");
    assertThat(refused("select 1", Readings.with(Map.of("DB_USER", "spike"))))
        .hasMessageContaining("passwordEnv names in line 3");
  }

  @Test
  void aUserWhoMayNotSelectIsUnauthorized() {
    TicketDataException refused =
        refused(
            "select sold_at, product, quantity from orders",
            Readings.with(Map.of("DB_USER", "locked", "DB_PASSWORD", "other-s3cret")));

    assertThat(refused.kind()).isEqualTo(TicketDataException.Kind.UNAUTHORIZED);
    assertThat(refused).hasMessageContaining("permission denied for table orders");
  }

  @Test
  void aQueryIsCancelledInTheDatabaseWhenTheProcessIsToldToEnd() throws Exception {
    String running =
        "select count(*) from pg_stat_activity where state = 'active' and query like '%ended%'"
            + " and pid <> pg_backend_pid()";
    Process waiting =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                JdbcTicketsTest.class.getName(),
                server.url())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(await(running, 1)).isTrue();

      waiting.destroy();

      assertThat(waiting.waitFor(8, TimeUnit.SECONDS)).isTrue();
      assertThat(await(running, 0)).isTrue();
    } finally {
      waiting.destroyForcibly();
    }
  }

  /** Whether that count is given within 15 seconds. */
  private static boolean await(String query, int expected) throws Exception {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      for (int tries = 0; tries < 150; tries++) {
        try (ResultSet count = statement.executeQuery(query)) {
          count.next();
          if (count.getInt(1) == expected) {
            return true;
          }
        }
        Thread.sleep(100);
      }
      return false;
    }
  }

  /** Reads until it is ended, in a process of its own. */
  public static void main(String[] arguments) throws Exception {
    new JdbcTickets()
        .read(
            source(
                arguments[0],
                "select now() as sold_at, 'ended' as product, 1 as quantity from pg_sleep(120)",
                ZoneOffset.UTC),
            reading());
  }

  @Test
  void aQueryThatTakesTooLongAndAServerThatIsNotThereAreUnavailable() throws Exception {
    JdbcTickets impatient = new JdbcTickets(Duration.ofSeconds(1));
    TicketDataException late =
        catchThrowableOfType(
            TicketDataException.class,
            () ->
                impatient.read(
                    source(
                        server.url(),
                        "select sold_at, product, quantity from orders, pg_sleep(30)",
                        ZoneOffset.UTC),
                    reading()));
    assertThat(late.kind()).isEqualTo(TicketDataException.Kind.UNAVAILABLE);
    assertThat(late).hasMessageContaining("took longer than 1 s");

    TicketDataException broken =
        refused(
            "select sold_at, product, quantity from orders"
                + " where pg_terminate_backend(pg_backend_pid())",
            reading());
    assertThat(broken.kind()).isEqualTo(TicketDataException.Kind.UNAVAILABLE);
    assertThat(broken).hasMessageContaining("broke: FATAL: terminating connection");

    TicketDataException gone =
        catchThrowableOfType(
            TicketDataException.class,
            () ->
                new JdbcTickets()
                    .read(
                        source("jdbc:postgresql://127.0.0.1:1/x", "select 1", ZoneOffset.UTC),
                        reading()));
    assertThat(gone.kind()).isEqualTo(TicketDataException.Kind.UNAVAILABLE);
  }

  @Test
  void anEmptyAnswerIsReadAsNothing() throws Exception {
    assertThat(read("select * from none", reading()).read()).isZero();
  }

  @Test
  void tooManyProductsEndTheReading() {
    assertThat(
            refused("select sold_at, email as product, quantity from orders limit 5000", reading()))
        .hasMessageContaining("more than 1000 products");
  }

  private static Reading reading() {
    return Readings.with(Map.of("DB_USER", "spike", "DB_PASSWORD", PostgresServer.PASSWORD));
  }

  private static EventSpec.JdbcSource source(String url, String query, ZoneId zone) {
    return new EventSpec.JdbcSource(
        3, url, query, Optional.of("DB_USER"), Optional.of("DB_PASSWORD"), zone);
  }

  private static SourceReport read(String query, Reading reading) throws Exception {
    return read(query, reading, ZoneOffset.UTC);
  }

  private static SourceReport read(String query, Reading reading, ZoneId zone) throws Exception {
    return new JdbcTickets().read(source(server.url(), query, zone), reading);
  }

  private static TicketDataException refused(String query, Reading reading) {
    return catchThrowableOfType(TicketDataException.class, () -> read(query, reading));
  }
}

package dev.spike.sources;

import dev.spike.core.sales.Reading;
import dev.spike.core.sales.SourceReport;
import dev.spike.core.sales.TicketDataException;
import dev.spike.core.sales.TicketSource;
import dev.spike.core.spec.EventSpec;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads counts out of a database, which adds them up itself. The connection only reads; connecting
 * and the query have time-outs, and the whole has one that does not trust the driver.
 */
public final class JdbcTickets implements TicketSource {
  private static final int FETCH_ROWS = 10_000;
  private static final int SLACK_SECONDS = 15;

  private final Duration queryTimeout;

  /** For the service loader. */
  public JdbcTickets() {
    this(Duration.ofMinutes(10));
  }

  JdbcTickets(Duration queryTimeout) {
    this.queryTimeout = queryTimeout;
  }

  @Override
  public boolean reads(EventSpec.Source source) {
    return source instanceof EventSpec.JdbcSource;
  }

  @Override
  public SourceReport read(EventSpec.Source source, Reading reading) throws TicketDataException {
    if (!(source instanceof EventSpec.JdbcSource database)) {
      throw new IllegalArgumentException(source.name() + " is no database");
    }
    Properties properties = properties(database, reading);
    SqlFailures failures =
        new SqlFailures(database.name(), properties.getProperty("password", ""), queryTimeout);
    FutureTask<SourceReport> task =
        new FutureTask<>(() -> read(database, reading, properties, failures));
    // A daemon, so that a driver that ignores its time-outs does not keep the process.
    Thread thread = Thread.ofPlatform().daemon().name("spike-jdbc").start(task);
    try {
      Duration patience =
          queryTimeout.plus(DatabaseSession.connectTimeout()).plusSeconds(SLACK_SECONDS);
      return task.get(patience.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      thread.interrupt();
      throw failures.unavailable("it did not answer in time");
    } catch (InterruptedException stopped) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      throw failures.unavailable("the reading was interrupted");
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof TicketDataException known) {
        throw known;
      }
      throw new IllegalStateException("the JDBC driver failed", failed.getCause());
    }
  }

  private Properties properties(EventSpec.JdbcSource database, Reading reading)
      throws TicketDataException {
    Properties properties = DatabaseSession.properties(database.url(), queryTimeout);
    if (database.userEnv().isPresent()) {
      properties.setProperty(
          "user",
          Tokens.of(
              reading, database.userEnv().get(), "userEnv", database.name(), database.line()));
    }
    if (database.passwordEnv().isPresent()) {
      properties.setProperty(
          "password",
          Tokens.of(
              reading,
              database.passwordEnv().get(),
              "passwordEnv",
              database.name(),
              database.line()));
    }
    return properties;
  }

  private SourceReport read(
      EventSpec.JdbcSource database, Reading reading, Properties properties, SqlFailures failures)
      throws TicketDataException {
    ClassLoader bundled = JdbcTickets.class.getClassLoader();
    try (Drivers drivers =
            Drivers.open(
                database.url(), database.name(), bundled, Drivers.folder(reading.environment()));
        Connection connection =
            Objects.requireNonNull(
                drivers.driver().connect(database.url(), properties),
                "a driver that takes an address connects to it")) {
      return counted(connection, database, reading, failures);
    } catch (SQLException failed) {
      throw failures.of(failed);
    }
  }

  private SourceReport counted(
      Connection connection, EventSpec.JdbcSource database, Reading reading, SqlFailures failures)
      throws SQLException, TicketDataException {
    String product = connection.getMetaData().getDatabaseProductName();
    DatabaseSession.begin(connection, product, database, reading.folder(), queryTimeout);
    GroupTally groups = new GroupTally(database, reading);
    try {
      query(connection, GroupedQuery.of(database.query(), product), database, groups, failures);
    } catch (SQLException | TicketDataException failed) {
      rollBack(connection, failed);
      throw failed;
    }
    connection.rollback();
    return groups.report();
  }

  private void query(
      Connection connection,
      String grouped,
      EventSpec.JdbcSource database,
      GroupTally groups,
      SqlFailures failures)
      throws SQLException, TicketDataException {
    try (Statement statement = connection.createStatement();
        RunningQuery running = RunningQuery.of(statement)) {
      statement.setFetchSize(FETCH_ROWS);
      statement.setQueryTimeout((int) Math.max(1, queryTimeout.toSeconds()));
      try {
        QueryColumns.check(statement, database);
        try (ResultSet rows = statement.executeQuery(grouped)) {
          groups.countAll(rows);
        }
      } catch (SQLException failed) {
        if (running.isCancelled()) {
          throw failures.unavailable("spike was told to end");
        }
        throw failed;
      }
    }
  }

  /** Some drivers would commit at closing. What failed first is what is told. */
  private static void rollBack(Connection connection, Exception failed) {
    try {
      connection.rollback();
    } catch (SQLException broken) {
      failed.addSuppressed(broken);
    }
  }
}

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
  private static final int CONNECT_SECONDS = 15;

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
    String password = properties.getProperty("password", "");
    FutureTask<SourceReport> task =
        new FutureTask<>(() -> read(database, reading, properties, password));
    // A daemon, so that a driver that ignores its time-outs does not keep the process.
    Thread thread = Thread.ofPlatform().daemon().name("spike-jdbc").start(task);
    try {
      return task.get(queryTimeout.toSeconds() + CONNECT_SECONDS + 15, TimeUnit.SECONDS);
    } catch (TimeoutException late) {
      thread.interrupt();
      throw SqlFailures.unavailable(
          database.name(), "it did not answer in time", new SQLException());
    } catch (InterruptedException stopped) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      throw SqlFailures.unavailable(
          database.name(), "the reading was interrupted", new SQLException());
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof TicketDataException known) {
        throw known;
      }
      if (failed.getCause() instanceof SQLException refused) {
        throw SqlFailures.of(database.name(), refused, password);
      }
      throw new IllegalStateException("the JDBC driver failed", failed.getCause());
    }
  }

  private Properties properties(EventSpec.JdbcSource database, Reading reading)
      throws TicketDataException {
    Properties properties = new Properties();
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
    if (database.url().startsWith("jdbc:postgresql:")) {
      properties.setProperty("connectTimeout", Integer.toString(CONNECT_SECONDS));
      properties.setProperty("loginTimeout", Integer.toString(CONNECT_SECONDS));
      properties.setProperty("socketTimeout", Long.toString(queryTimeout.toSeconds() + 10));
      properties.setProperty("ApplicationName", "spike");
    }
    return properties;
  }

  private SourceReport read(
      EventSpec.JdbcSource database, Reading reading, Properties properties, String password)
      throws TicketDataException {
    ClassLoader bundled = JdbcTickets.class.getClassLoader();
    try (Drivers drivers =
            Drivers.open(
                database.url(), database.name(), bundled, Drivers.folder(reading.environment()));
        Connection connection = drivers.driver().connect(database.url(), properties)) {
      return counted(
          Objects.requireNonNull(connection, "a driver that takes an address connects to it"),
          database,
          reading);
    } catch (SQLException failed) {
      throw SqlFailures.of(database.name(), failed, password);
    }
  }

  private SourceReport counted(
      Connection connection, EventSpec.JdbcSource database, Reading reading)
      throws SQLException, TicketDataException {
    String product = connection.getMetaData().getDatabaseProductName();
    // DuckDB's driver takes this only at connecting, and has no other user to protect from.
    if (!product.equals("DuckDB")) {
      connection.setReadOnly(true);
    }
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH_ROWS);
      statement.setQueryTimeout((int) Math.max(1, queryTimeout.toSeconds()));
      GroupTally groups = new GroupTally(database, reading);
      try (ResultSet rows = statement.executeQuery(GroupedQuery.of(database.query(), product))) {
        groups.countAll(rows);
      }
      return groups.report();
    } finally {
      connection.rollback();
    }
  }
}

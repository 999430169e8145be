package dev.spike.sources;

import dev.spike.core.spec.EventSpec;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Properties;

/**
 * How a database is talked to: it is only read, its session has the time zone of the source and not
 * that of this machine, and it gives a query up by itself when nobody is left to wait for it.
 */
final class DatabaseSession {
  private static final Duration CONNECT = Duration.ofSeconds(15);
  private static final String DUCKDB = "jdbc:duckdb:";

  private DatabaseSession() {}

  /** Until a connection stands, where a driver can be told. */
  static Duration connectTimeout() {
    return CONNECT;
  }

  /** What a driver is told at connecting, beside user and password. */
  static Properties properties(String url, Duration queryTimeout) {
    Properties properties = new Properties();
    if (url.startsWith("jdbc:postgresql:")) {
      properties.setProperty("connectTimeout", Long.toString(CONNECT.toSeconds()));
      properties.setProperty("loginTimeout", Long.toString(CONNECT.toSeconds()));
      properties.setProperty("cancelSignalTimeout", "5");
      properties.setProperty("socketTimeout", Long.toString(queryTimeout.toSeconds() + 10));
      properties.setProperty("ApplicationName", "spike");
    }
    if (url.startsWith(DUCKDB) && isFile(url.substring(DUCKDB.length()))) {
      // Without it a file that is not there would be made.
      properties.setProperty("duckdb.read_only", "true");
    }
    return properties;
  }

  private static boolean isFile(String database) {
    return !database.isEmpty() && !database.startsWith(":memory:") && !database.startsWith(";");
  }

  /**
   * Begins the transaction of the reading.
   *
   * @param product as {@link java.sql.DatabaseMetaData#getDatabaseProductName} has it
   * @param folder that files in a query of DuckDB are relative to
   */
  static void begin(
      Connection connection,
      String product,
      EventSpec.JdbcSource source,
      Path folder,
      Duration queryTimeout)
      throws SQLException {
    // DuckDB's driver takes this only at connecting, and its memory is nobody else's.
    if (!product.equals("DuckDB")) {
      connection.setReadOnly(true);
    }
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      if (product.equals("DuckDB")) {
        statement.execute("set TimeZone = " + quoted(region(source.timezone())));
        statement.execute("set file_search_path = " + quoted(folder.toString()));
      }
      if (product.equals("PostgreSQL")) {
        statement.execute("set time zone " + ofPostgres(source.timezone()));
        statement.execute("set statement_timeout = " + queryTimeout.plusSeconds(5).toMillis());
      }
    }
  }

  /** An offset as an interval, since a text of it would be taken west for east. */
  private static String ofPostgres(ZoneId zone) {
    return zone.normalized() instanceof ZoneOffset offset
        ? "interval '" + offset.getTotalSeconds() + " seconds'"
        : quoted(zone.getId());
  }

  /** The names of regions for whole hours have the sign of POSIX: Etc/GMT-2 is two hours east. */
  private static String region(ZoneId zone) {
    if (!(zone.normalized() instanceof ZoneOffset offset)) {
      return zone.getId();
    }
    int hours = offset.getTotalSeconds() / 3600;
    return hours == 0 ? "Etc/UTC" : "Etc/GMT" + (hours > 0 ? "-" : "+") + Math.abs(hours);
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}

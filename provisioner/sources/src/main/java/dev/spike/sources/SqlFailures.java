package dev.spike.sources;

import dev.spike.core.sales.TicketDataException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What a driver's failure means. A message of the database is repeated only where it speaks of
 * names and grammar: others hold values of rows, and there are people in them.
 */
final class SqlFailures {
  private static final int MESSAGE_MAX = 300;
  private static final Pattern OF_DUCKDB =
      Pattern.compile("^(Catalog|Binder|Parser|IO) Error:.*", Pattern.DOTALL);

  private SqlFailures() {}

  /**
   * The exception to end with.
   *
   * @param password taken out wherever it occurs; may be empty
   */
  static TicketDataException of(String name, SQLException failed, String password) {
    String state = Objects.requireNonNullElse(failed.getSQLState(), "");
    if (failed instanceof SQLTimeoutException || state.equals("57014")) {
      return unavailable(name, "the query ran into its time-out", failed);
    }
    if (state.startsWith("28") || state.equals("42501")) {
      return new TicketDataException(
          TicketDataException.Kind.UNAUTHORIZED,
          name + " refuses the user or the password (SQL state " + state + ").",
          "Check the variables that userEnv and passwordEnv name, and the user's right to select.",
          null);
    }
    String group = state.length() < 2 ? "" : state.substring(0, 2).toUpperCase(Locale.ROOT);
    return switch (group) {
      case "08", "53", "57", "58" ->
          unavailable(name, "the connection failed (SQL state " + state + ")", failed);
      default ->
          new TicketDataException(
              TicketDataException.Kind.BAD_DATA,
              name + " cannot answer the query" + told(failed, group, password) + ".",
              "Try the query in the database's own client; it must give sold_at (a timestamp),"
                  + " product and quantity.",
              null);
    };
  }

  private static String told(SQLException failed, String group, String password) {
    String message = Objects.requireNonNullElse(failed.getMessage(), "").strip();
    boolean ofNames =
        group.equals("42")
            || group.equals("3D")
            || group.equals("25")
            || OF_DUCKDB.matcher(message).matches();
    if (!ofNames) {
      return group.isEmpty() ? "" : " (SQL state " + failed.getSQLState() + ")";
    }
    String shown = password.isEmpty() ? message : message.replace(password, "…");
    return ": " + (shown.length() > MESSAGE_MAX ? shown.substring(0, MESSAGE_MAX) + "…" : shown);
  }

  /** UNAVAILABLE, with what happened. */
  static TicketDataException unavailable(String name, String what, SQLException cause) {
    return new TicketDataException(
        TicketDataException.Kind.UNAVAILABLE,
        name + " is not available: " + what + ".",
        "Check that the database answers from this machine, then run the command again.",
        // Not the driver's exception: a stack trace would show its message.
        cause.getSQLState() == null ? null : new SQLException("", cause.getSQLState()));
  }
}

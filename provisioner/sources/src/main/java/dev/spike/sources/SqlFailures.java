package dev.spike.sources;

import dev.spike.core.sales.TicketDataException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a driver's failure means. A message of the database is repeated only where it speaks of
 * names, grammar or the connection, and of it only the line that says what is wrong: others hold
 * values of rows, and there are people in them.
 */
final class SqlFailures {
  private static final int MESSAGE_MAX = 300;

  /** Classes of SQL states whose messages name things, not values. */
  private static final Set<String> OF_NAMES = Set.of("08", "0A", "25", "3D", "42", "53", "57");

  /** DuckDB gives no SQL state, but says the kind; what it read of a table is of other kinds. */
  private static final Pattern OF_DUCKDB =
      Pattern.compile(
          "(?m)^(?:Error: )?((?:(?:Catalog|Binder|Parser|IO) Error: |Invalid (?:Input )?Error: (?:File '|No"
              + " magic bytes)).*)$");

  private static final Pattern NO_FILE =
      Pattern.compile("No files found|database does not exist|No such file");
  private static final Pattern HINT =
      Pattern.compile("(?m)^\\s*(?:Hint: |Candidate bindings: |Did you mean ).*$");

  private final String name;
  private final String password;
  private final Duration timeout;

  /**
   * For one source.
   *
   * @param password taken out wherever it occurs; may be empty
   * @param timeout of its query
   */
  SqlFailures(String name, String password, Duration timeout) {
    this.name = name;
    this.password = password;
    this.timeout = timeout;
  }

  /** The exception to end with. */
  TicketDataException of(SQLException failed) {
    String state = Objects.requireNonNullElse(failed.getSQLState(), "");
    if (failed instanceof SQLTimeoutException || state.equals("57014")) {
      return unavailable(
          "the query took longer than " + timeout.toSeconds() + " s, or was cancelled",
          "See in the database's own client how long it takes; a table of its counts by hour or day"
              + " answers at once.");
    }
    String group = state.length() < 2 ? "" : state.substring(0, 2).toUpperCase(Locale.ROOT);
    if (group.equals("28")) {
      return unauthorized(
          name + " refuses the user or the password (SQL state " + state + ").",
          "Check the variables that userEnv and passwordEnv name.");
    }
    Optional<String> told = told(failed, group);
    String why =
        told.map(message -> ": " + message)
            .orElse(
                state.isEmpty()
                    ? "; what it says may hold values of rows and is not shown"
                    : " (SQL state " + state + ")");
    if (state.equals("42501")) {
      return unauthorized(
          name + " does not let its user read what the query asks for" + why + ".",
          "Grant that user select on it, or name another with userEnv and passwordEnv.");
    }
    return switch (group) {
      case "08", "53", "57", "58" ->
          unavailable(
              isOfUnknownHost(failed)
                  ? "its host has no address"
                  : "the connection failed or broke" + why,
              "Check url, and that the database answers from this machine; then run the command"
                  + " again.");
      case "3D" ->
          unavailable(told.orElse("it has no such database"), "Check the database in url.");
      default -> unanswered(told, why);
    };
  }

  private TicketDataException unanswered(Optional<String> told, String why) {
    if (told.isPresent() && NO_FILE.matcher(told.get()).find()) {
      return new TicketDataException(
          TicketDataException.Kind.MISSING_FILE,
          name + " lacks a file: " + told.get() + ".",
          "Name the file whole; in a query of DuckDB it may be relative to the event file.",
          null);
    }
    return TicketDataException.bad(
        name + " cannot answer the query" + why + ".",
        "Try the query in the database's own client; it must give sold_at (a timestamp), product"
            + " and quantity.");
  }

  private static boolean isOfUnknownHost(Throwable failed) {
    for (Throwable at = failed; at != null; at = at.getCause()) {
      if (at instanceof UnknownHostException) {
        return true;
      }
    }
    return false;
  }

  /** The line of the message that says what is wrong, and the database's own advice. */
  private Optional<String> told(SQLException failed, String group) {
    String message = Objects.requireNonNullElse(failed.getMessage(), "").strip();
    List<String> lines = new ArrayList<>();
    if (OF_NAMES.contains(group)) {
      lines.add(message.lines().findFirst().orElse(""));
    } else if (group.isEmpty()) {
      Matcher known = OF_DUCKDB.matcher(message);
      while (known.find()) {
        lines.add(known.group(1));
      }
    }
    if (lines.isEmpty()) {
      return Optional.empty();
    }
    HINT.matcher(message).results().map(hint -> hint.group().strip()).forEach(lines::add);
    String whole = String.join(" ", lines).strip();
    String shown = password.isEmpty() ? whole : whole.replace(password, "…");
    String cut = shown.length() > MESSAGE_MAX ? shown.substring(0, MESSAGE_MAX) + "…" : shown;
    return Optional.of(cut.endsWith(".") ? cut.substring(0, cut.length() - 1) : cut);
  }

  /** UNAVAILABLE, because the whole took too long or was interrupted. */
  TicketDataException unavailable(String what) {
    return unavailable(what, "Check that the database answers, then run the command again.");
  }

  private TicketDataException unavailable(String what, String next) {
    // Not with the driver's exception: a stack trace would show its message.
    return new TicketDataException(
        TicketDataException.Kind.UNAVAILABLE,
        name + " is not available: " + what + ".",
        next,
        null);
  }

  private static TicketDataException unauthorized(String message, String next) {
    return new TicketDataException(TicketDataException.Kind.UNAUTHORIZED, message, next, null);
  }
}

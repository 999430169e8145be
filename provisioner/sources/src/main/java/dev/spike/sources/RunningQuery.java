package dev.spike.sources;

import java.sql.SQLException;
import java.sql.Statement;

/**
 * A statement that is cancelled in the database when this process is told to end. Databases look at
 * their connection only when they answer, so they would go on with a query of hours.
 */
final class RunningQuery implements AutoCloseable {
  private final Statement statement;
  private volatile boolean isRunning = true;
  private volatile boolean isCancelled;

  private RunningQuery(Statement statement) {
    this.statement = statement;
  }

  static RunningQuery of(Statement statement) {
    RunningQuery query = new RunningQuery(statement);
    Runtime.getRuntime().addShutdownHook(new Thread(query::cancel, "spike-jdbc-cancel"));
    return query;
  }

  /** Whether the process ends, and the query with it. */
  boolean isCancelled() {
    return isCancelled;
  }

  private void cancel() {
    if (!isRunning) {
      return;
    }
    isCancelled = true;
    try {
      statement.cancel();
    } catch (SQLException failed) {
      System.getLogger(RunningQuery.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "The query may go on in the database: it could not be cancelled.");
    }
  }

  @Override
  public void close() {
    isRunning = false;
  }
}

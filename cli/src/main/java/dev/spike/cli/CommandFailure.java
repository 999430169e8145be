package dev.spike.cli;

import dev.spike.core.plan.Diagnostic;
import dev.spike.core.plan.PlanException;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.sales.TicketDataException;
import dev.spike.core.spec.SpecException;
import dev.spike.core.spec.SpecProblem;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A command that ends early: its exit code and what to tell the reader. */
public final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1L;
  private final ExitCode exit;
  private final transient List<Diagnostic> diagnostics;

  /**
   * @param summary what and where
   * @param detail which value; may be empty
   * @param next what to do now
   */
  public CommandFailure(ExitCode exit, String summary, String detail, String next) {
    this(exit, List.of(Diagnostic.error(summary, detail, next)), null);
  }

  /** Several mistakes told at once. */
  public CommandFailure(ExitCode exit, List<Diagnostic> diagnostics, @Nullable Throwable cause) {
    super(diagnostics.isEmpty() ? exit.meaning() : diagnostics.getFirst().summary(), cause);
    this.exit = exit;
    this.diagnostics = List.copyOf(diagnostics);
  }

  /** A plan file that cannot be read, trusted or written. */
  static CommandFailure of(PlanException failure) {
    ExitCode exit =
        switch (failure.kind()) {
          case MISSING_FILE -> ExitCode.FILE_MISSING;
          case BAD -> ExitCode.BAD_SPEC;
          case CANNOT_WRITE -> ExitCode.CANNOT_WRITE;
        };
    return single(exit, failure, failure.next());
  }

  /**
   * Mistakes of an event file, or of a file that it names, all at once.
   *
   * @param event the event file's name as given
   */
  static CommandFailure of(SpecException failure, String event) {
    String file = failure.file().endsWith(event) ? event : failure.file();
    List<Diagnostic> all = new ArrayList<>();
    for (SpecProblem problem : failure.problems()) {
      String line = problem.line() == 0 ? "" : " line " + problem.line();
      String at = problem.path().isEmpty() ? "" : " at " + problem.path();
      all.add(Diagnostic.error(file + line + at, problem.message(), failure.next()));
    }
    return new CommandFailure(ExitCode.BAD_SPEC, all, failure);
  }

  /** A source of tickets, or a recorded curve, that cannot be used. */
  static CommandFailure of(TicketDataException failure) {
    ExitCode exit =
        switch (failure.kind()) {
          case MISSING_FILE -> ExitCode.FILE_MISSING;
          case BAD_DATA -> ExitCode.BAD_TICKETS;
          case UNAVAILABLE -> ExitCode.UNAVAILABLE;
          case UNAUTHORIZED -> ExitCode.NO_PRIVILEGE;
        };
    return single(exit, failure, failure.next());
  }

  /** A provider that refuses or fails outside a run. */
  static CommandFailure of(ProviderException failure) {
    ExitCode exit =
        switch (failure.kind()) {
          case UNAUTHORIZED, QUOTA_EXCEEDED -> ExitCode.NO_PRIVILEGE;
          case INSUFFICIENT_CAPACITY, UNAVAILABLE, THROTTLED -> ExitCode.UNAVAILABLE;
          case NOT_FOUND, ALREADY_EXISTS, INVALID -> ExitCode.FAILED;
        };
    return single(exit, failure, failure.next());
  }

  private static CommandFailure single(ExitCode exit, Exception failure, String next) {
    return new CommandFailure(
        exit, List.of(Diagnostic.error(String.valueOf(failure.getMessage()), "", next)), failure);
  }

  public ExitCode exit() {
    return exit;
  }

  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }
}

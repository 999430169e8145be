package dev.spike.cli;

import dev.spike.core.plan.Diagnostic;
import dev.spike.core.plan.PlanException;
import dev.spike.core.provider.ProviderException;
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

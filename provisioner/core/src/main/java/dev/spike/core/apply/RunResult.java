package dev.spike.core.apply;

import dev.spike.core.plan.Diagnostic;
import java.time.Duration;
import java.util.List;

/** What a run did. */
public record RunResult(
    Ending ending,
    ChangeSet changes,
    List<Outcome> outcomes,
    List<Diagnostic> diagnostics,
    Duration elapsed) {
  public RunResult {
    outcomes = List.copyOf(outcomes);
    diagnostics = List.copyOf(diagnostics);
  }

  /** How many steps were carried out. */
  public int applied() {
    return (int) outcomes.stream().filter(Outcome.Applied.class::isInstance).count();
  }
}

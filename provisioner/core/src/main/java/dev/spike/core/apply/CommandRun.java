package dev.spike.core.apply;

import dev.spike.core.plan.Diagnostic;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Lease;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One command's run: its start, its deadline, its lease, what it has to tell, and how it ends. The
 * ending is decided here and nowhere else.
 */
final class CommandRun {
  private final long startNanos = System.nanoTime();
  private final Engine engine;
  private final Deadline deadline;
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  CommandRun(Engine engine, Duration time) {
    this.engine = engine;
    this.deadline = Deadline.in(engine.clock(), time);
  }

  /** What a command does; a failure of the provider ends it. */
  @FunctionalInterface
  interface Work {
    RunResult run() throws ProviderException, InterruptedException;
  }

  Deadline deadline() {
    return deadline;
  }

  void tell(Diagnostic diagnostic) {
    diagnostics.add(diagnostic);
    engine.listener().diagnostic(diagnostic);
  }

  RunResult end(Ending ending, ChangeSet changes, List<Outcome> outcomes) {
    return new RunResult(
        ending, changes, outcomes, diagnostics, Duration.ofNanos(System.nanoTime() - startNanos));
  }

  RunResult end(Ending ending) {
    return end(ending, new ChangeSet(List.of()), List.of());
  }

  /** Does the work; a failure is told and decides the ending. */
  RunResult guarded(Work work) throws InterruptedException {
    try {
      return work.run();
    } catch (ProviderException failure) {
      tell(
          Diagnostic.error(
              String.valueOf(failure.getMessage()), failure.kind().words(), failure.next()));
      return end(deadline.passed() ? Ending.DEADLINE : Ending.of(failure.kind()));
    }
  }

  /**
   * Does the work under the event's lease, and gives the lease back whatever happens.
   *
   * @param lockTimeout how long the lease is waited for while another run holds it
   */
  RunResult leased(EventName event, Duration lockTimeout, Work work) throws InterruptedException {
    return guarded(
        () -> {
          Optional<Lease> lease =
              LeaseWait.take(engine.provider(), event, deadline.atMost(lockTimeout), engine.stop());
          if (lease.isEmpty()) {
            return withoutLease(event, lockTimeout);
          }
          try (Lease held = lease.get()) {
            held.onLoss(engine.stop()::loseLease);
            RunResult result = work.run();
            if (engine.stop().ending() == Ending.LEASE_HELD) {
              tell(LeaseWait.lost(event));
            }
            return result;
          }
        });
  }

  private RunResult withoutLease(EventName event, Duration lockTimeout)
      throws ProviderException, InterruptedException {
    if (engine.stop().requested()) {
      return end(Ending.STOPPED);
    }
    tell(LeaseWait.held(engine.provider(), event, lockTimeout));
    return end(Ending.LEASE_HELD);
  }

  /** Tells what the provider lacks for these resources; empty when it lacks nothing. */
  Optional<Ending> preflight(List<Resource> desired, EventName event) {
    return PreflightGate.unfit(
        engine.provider().preflight(desired, Optional.of(event)), this::tell);
  }

  /** Tells what would take live parts away; false when that is not allowed. */
  boolean allows(ChangeSet changes, boolean allowReplace) {
    List<String> disruptions = changes.disruptions();
    if (disruptions.isEmpty()) {
      return true;
    }
    tell(
        new Diagnostic(
            allowReplace ? Diagnostic.Severity.WARNING : Diagnostic.Severity.ERROR,
            "This plan takes live parts of the tier away",
            String.join("; ", disruptions),
            allowReplace ? "" : "Give --allow-replace if that is meant."));
    return allowReplace;
  }

  /** Tells which steps failed or ended unknown, and says how the command ends with them. */
  Ending settle(List<Outcome> outcomes) {
    outcomes.forEach(this::tell);
    if (engine.stop().requested()) {
      return engine.stop().ending();
    }
    if (outcomes.stream().allMatch(Outcome.Applied.class::isInstance)) {
      return Ending.DONE;
    }
    if (deadline.passed()) {
      return Ending.DEADLINE;
    }
    Optional<Outcome.Failed> failed =
        outcomes.stream()
            .filter(Outcome.Failed.class::isInstance)
            .map(Outcome.Failed.class::cast)
            .findFirst();
    if (failed.isEmpty()) {
      return Ending.PARTLY;
    }
    boolean applied = outcomes.stream().anyMatch(Outcome.Applied.class::isInstance);
    Ending ending = Ending.of(failed.get().failure().kind());
    return ending == Ending.UNAVAILABLE && applied ? Ending.PARTLY : ending;
  }

  private void tell(Outcome outcome) {
    switch (outcome) {
      case Outcome.Failed failed ->
          tell(
              Diagnostic.error(
                  failed.id() + ": " + failed.failure().getMessage(),
                  failed.failure().kind().words(),
                  failed.failure().next()));
      case Outcome.Unknown unknown ->
          tell(
              Diagnostic.warning(
                  unknown.id() + ": " + unknown.why(),
                  "its effect may or may not be there",
                  "Run the same command again: it observes first."));
      case Outcome.Applied applied -> {}
      case Outcome.Skipped skipped -> {}
    }
  }
}

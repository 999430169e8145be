package dev.spike.core.apply;

import dev.spike.core.plan.Diagnostic;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.Provider;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.Stage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes an event's tier converge or removes it. Each method is one command: it takes the lease,
 * observes, compares, applies, observes again, and gives the lease back whatever happens. Nothing
 * is remembered between runs.
 */
public final class TierRun {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  private final Engine engine;

  public TierRun(Provider provider, Clock clock, RunListener listener, Stop stop) {
    this(provider, clock, listener, stop, FIRST_PAUSE);
  }

  /**
   * As the other constructor, with another first pause.
   *
   * @param firstPause before a step that was throttled or found the provider away is tried again;
   *     each further one is twice as long
   */
  public TierRun(
      Provider provider, Clock clock, RunListener listener, Stop stop, Duration firstPause) {
    this.engine = new Engine(provider, clock, listener, stop, firstPause);
  }

  /** Makes the stage {@code provision} converge. */
  public RunResult provision(Plan plan, ProvisionOptions options) throws InterruptedException {
    CommandRun run = new CommandRun(engine, options.deadline());
    Instant present = present(options.asOf());
    if (!present.isBefore(plan.event().endsAt())) {
      run.tell(
          Diagnostic.error(
              "The event " + plan.event().name() + " is over",
              "it ended at " + plan.event().endsAt() + " and it is " + present,
              "Correct event.startsAt and event.endsAt, then plan again."));
      return run.end(Ending.INVALID_PLAN);
    }
    Instant due = plan.schedule().provisionAt();
    if (!options.now() && present.isBefore(due)) {
      engine
          .listener()
          .note("Not due yet: this plan is due at " + due + "; --now provisions before that.");
      return run.end(Ending.NOT_DUE);
    }
    Convergence convergence = new Convergence(engine, run, plan);
    if (options.dryRun()) {
      return admitted(run, () -> convergence.foreseen(options.allowReplace()));
    }
    return fitAndLeased(
        run,
        plan.resources(),
        plan.event().name(),
        options.lockTimeout(),
        () -> {
          Optional<RunResult> unended = new NodeSwap(engine, run, plan).endBegun();
          return unended.isPresent()
              ? unended.get()
              : convergence.provision(options.allowReplace());
        });
  }

  /**
   * Swaps one node of a tier that stands for a new one, and ends what an earlier run began of that.
   *
   * @param options whose {@code now} and {@code asOf} mean nothing here
   */
  public RunResult replace(Plan plan, String node, ProvisionOptions options)
      throws InterruptedException {
    CommandRun run = new CommandRun(engine, options.deadline());
    if (options.dryRun()) {
      return admitted(run, () -> new NodeSwap(engine, run, plan).of(node, true));
    }
    return fitAndLeased(
        run,
        plan.resources(),
        plan.event().name(),
        options.lockTimeout(),
        () -> new NodeSwap(engine, run, plan).of(node, false));
  }

  /** Makes the stage {@code warm} converge, where the stage before it has. */
  public RunResult warm(Plan plan, WarmOptions options) throws InterruptedException {
    CommandRun run = new CommandRun(engine, options.deadline());
    return fitAndLeased(
        run,
        plan.resources().stream().filter(it -> it.stage() == Stage.WARM).toList(),
        plan.event().name(),
        options.lockTimeout(),
        new Convergence(engine, run, plan)::warm);
  }

  /**
   * Removes everything that carries the event's tag and proves it.
   *
   * @param teardownAfter the plan's instant before which it is not due; null without a plan
   */
  public RunResult teardown(
      EventName event, @Nullable Instant teardownAfter, TeardownOptions options)
      throws InterruptedException {
    CommandRun run = new CommandRun(engine, options.deadline());
    Instant present = present(options.asOf());
    if (!options.force() && teardownAfter != null && present.isBefore(teardownAfter)) {
      engine
          .listener()
          .note(
              "Not due yet: this tier is due to go at "
                  + teardownAfter
                  + "; --force removes it before that.");
      return run.end(Ending.NOT_DUE);
    }
    return fitAndLeased(
        run,
        List.of(),
        event,
        options.lockTimeout(),
        new Removal(engine, run, event, options)::run);
  }

  /** What is foreseen changes nothing, so that it needs neither the preflight nor the lease. */
  private RunResult admitted(CommandRun run, CommandRun.Work work) throws InterruptedException {
    return run.guarded(
        () -> {
          engine.provider().admit(run.deadline());
          return work.run();
        });
  }

  private static RunResult fitAndLeased(
      CommandRun run,
      List<Resource> desired,
      EventName event,
      Duration lockTimeout,
      CommandRun.Work work)
      throws InterruptedException {
    Optional<Ending> unfit = run.preflight(desired, event);
    return unfit.isPresent() ? run.end(unfit.get()) : run.leased(event, lockTimeout, work);
  }

  private Instant present(@Nullable Instant asOf) {
    return asOf == null ? engine.clock().instant() : asOf;
  }
}

package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.View;
import dev.spike.cli.view.Words;
import dev.spike.core.apply.Ending;
import dev.spike.core.apply.RunResult;
import dev.spike.core.apply.TeardownOptions;
import dev.spike.core.apply.TierRun;
import dev.spike.core.plan.Plan;
import dev.spike.core.plan.PlanException;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.FutureCapacity.Promise;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spike teardown PLAN.json}. */
@Command(
    name = "teardown",
    description = "Removes an event's tier to the last resource and proves it.")
final class TeardownCommand extends Verb {
  private static final Duration LOOK = Duration.ofSeconds(30);

  @Mixin private final Target target = new Target();

  @Option(
      names = "--force",
      fallbackValue = "true",
      description = "Before it is due too, and with clients connected.")
  private boolean force;

  @Option(
      names = "--keep-data",
      fallbackValue = "true",
      description = "Leave the cache and what it stands on.")
  private boolean keepData;

  @Option(
      names = "--drain-gate",
      paramLabel = "N",
      defaultValue = "0",
      description = "With more live connections than this it refuses; exit 3.")
  private long drainGate;

  @Option(
      names = "--deadline",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "60m",
      description = "When it gives up; exit 124.")
  private Duration deadline = Duration.ZERO;

  @Option(
      names = "--logs",
      paramLabel = "FOLDER",
      description = "Where the nodes' last logs and counts are saved; else EVENT-teardown.")
  private @Nullable String logs;

  @Mixin private final LockTimeout lock = new LockTimeout();

  TeardownCommand(Globals globals) {
    super("teardown", globals);
  }

  @Override
  boolean stopsItself() {
    return true;
  }

  @Override
  Report run(View view)
      throws CommandFailure, PlanException, ProviderException, InterruptedException {
    Target.Named named = target.named(globals());
    Plan plan = named.plan();
    try (Provider provider = Target.open(globals(), named)) {
      Keepsake keepsake =
          new Keepsake(
              view, surroundings().path(logs == null ? named.event() + "-teardown" : logs));
      RunResult result =
          new TierRun(provider, surroundings().clock(), keepsake, surroundings().stop())
              .teardown(
                  named.event(),
                  plan == null ? null : plan.schedule().teardownAfter(),
                  new TeardownOptions(force, keepData, null, deadline, lock.value(), drainGate));
      Report.Draft draft = Report.of(name()).fact("event", named.event().value());
      RunReport.facts(draft, result);
      Instant now = surroundings().clock().instant();
      List<Promise> stays = stays(provider, named, result);
      if (result.ending() == Ending.DONE || !stays.isEmpty()) {
        Outlook.bill(draft, plan, keepsake.standingSince(), now);
        Rooms.committed(draft, stays, plan, now);
      }
      return draft
          .headline("Teardown " + named.event() + ": " + story(result, plan, stays, provider))
          .exit(Endings.exit(result.ending(), surroundings().stop()));
    }
  }

  /** What is left alone of all, where all else went: room that is committed. */
  private List<Promise> stays(Provider provider, Target.Named named, RunResult result)
      throws ProviderException, InterruptedException {
    if (result.ending() != Ending.PARTLY || provider.futureCapacity().isEmpty()) {
      return List.of();
    }
    boolean only =
        provider.observe(named.event()).resources().values().stream()
            .allMatch(seen -> seen.committedUntil().isPresent() || keepData);
    return only
        ? provider
            .futureCapacity()
            .get()
            .promises(named.event(), Deadline.in(surroundings().clock(), LOOK))
            .stream()
            .filter(promise -> promise.committedUntil().isPresent())
            .toList()
        : List.of();
  }

  private String story(
      RunResult result, @Nullable Plan plan, List<Promise> stays, Provider provider)
      throws ProviderException, InterruptedException {
    if (!stays.isEmpty()) {
      return RunReport.done(result)
          + "; "
          + Words.count(stays.size(), "capacity reservation")
          + " stay committed, "
          + (keepData ? "and the cache" : "and nothing else is left");
    }
    if (result.ending() == Ending.NOT_DUE && plan != null) {
      return "not due yet; due at " + plan.schedule().teardownAfter() + ", nothing was changed";
    }
    if (result.ending() != Ending.DONE) {
      return Endings.words(result.ending()) + "; " + RunReport.done(result);
    }
    if (keepData) {
      return RunReport.done(result) + "; the cache stays";
    }
    if (result.changes().deletes() > 0) {
      return RunReport.done(result) + "; nothing is left";
    }
    String where = provider.where(Deadline.in(surroundings().clock(), LOOK));
    return "nothing was there, nothing is left" + (where.isEmpty() ? "" : " in " + where);
  }
}

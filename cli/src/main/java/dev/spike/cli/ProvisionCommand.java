package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.View;
import dev.spike.cli.view.Words;
import dev.spike.core.apply.Ending;
import dev.spike.core.apply.ProvisionOptions;
import dev.spike.core.apply.RunResult;
import dev.spike.core.apply.TierRun;
import dev.spike.core.plan.Plan;
import dev.spike.core.plan.PlanException;
import dev.spike.core.plan.PlanFiles;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.Stage;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spike provision PLAN.json}. */
@Command(
    name = "provision",
    description = "Builds the tier of a plan, or repairs what differs. Before it is due it waits.")
final class ProvisionCommand extends Verb {
  @Parameters(paramLabel = "PLAN.json", description = "From spike plan -o.")
  private String file = "";

  @Option(names = "--now", fallbackValue = "true", description = "Before the due time too.")
  private boolean now;

  @Option(
      names = "--as-of",
      paramLabel = "INSTANT",
      converter = InstantConverter.class,
      description = "Taken for the present when deciding what is due.")
  private @Nullable Instant asOf;

  @Option(
      names = "--deadline",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "60m",
      description = "When it gives up; exit 124.")
  private Duration deadline = Duration.ZERO;

  @Mixin private final LockTimeout lock = new LockTimeout();

  @Option(
      names = "--dry-run",
      fallbackValue = "true",
      description = "Observe and compare; change nothing.")
  private boolean dryRun;

  @Option(
      names = "--allow-replace",
      fallbackValue = "true",
      description = "Permit what takes live parts away.")
  private boolean allowReplace;

  @Option(
      names = "--replace",
      paramLabel = "NODE",
      description = "Swap this one node of the tier for a new one, the new one first; no more.")
  private @Nullable String node;

  ProvisionCommand(Globals globals) {
    super("provision", globals);
  }

  @Override
  boolean stopsItself() {
    return true;
  }

  @Override
  Report run(View view)
      throws CommandFailure, PlanException, ProviderException, InterruptedException {
    Plan plan = PlanFiles.read(surroundings().path(file));
    ProvisionOptions options =
        new ProvisionOptions(now, asOf, dryRun, allowReplace, deadline, lock.value());
    if (node != null) {
      return replace(view, plan, node, options);
    }
    view.expect(
        (int) plan.resources().stream().filter(it -> it.stage() == Stage.PROVISION).count());
    try (Provider provider = Installed.open(globals(), plan)) {
      RunResult result =
          new TierRun(provider, surroundings().clock(), view, surroundings().stop())
              .provision(plan, options);
      return report(plan, provider, result);
    }
  }

  private Report replace(View view, Plan plan, String sick, ProvisionOptions options)
      throws CommandFailure, ProviderException, InterruptedException {
    try (Provider provider = Installed.open(globals(), plan)) {
      view.expect(provider.exchange().phases().size());
      RunResult result =
          new TierRun(provider, surroundings().clock(), view, surroundings().stop())
              .replace(plan, sick, options);
      Report.Draft draft =
          Report.of(name()).fact("event", plan.event().name().value()).fact("replace", sick);
      RunReport.facts(draft, result);
      String head = "Provision " + plan.event().name() + ": node " + sick;
      if (result.ending() != Ending.DONE) {
        draft.headline(head + " is not replaced: " + Endings.words(result.ending()));
      } else if (dryRun) {
        draft.headline(head + " to be replaced; dry run, nothing was changed");
        RunReport.changes(draft, result.changes());
      } else {
        draft.headline(head + " replaced in " + Words.seconds(result.elapsed()));
        draft.line("  next   spike warm " + file + " --verify");
      }
      return draft.exit(Endings.exit(result.ending(), surroundings().stop()));
    }
  }

  private Report report(Plan plan, Provider provider, RunResult result)
      throws ProviderException, InterruptedException {
    Report.Draft draft = Report.of(name()).fact("event", plan.event().name().value());
    RunReport.facts(draft, result);
    String event = "Provision " + plan.event().name() + ": ";
    if (result.ending() == Ending.NOT_DUE) {
      draft
          .headline(
              event
                  + "not due yet; due at "
                  + plan.schedule().provisionAt()
                  + ", nothing was changed")
          .fact("dueAt", plan.schedule().provisionAt().toString());
    } else if (dryRun && result.ending() == Ending.DONE) {
      draft.headline(event + RunReport.toDo(result.changes()) + "; dry run, nothing was changed");
      RunReport.changes(draft, result.changes());
    } else if (result.ending() == Ending.DONE) {
      draft.headline(
          event + RunReport.done(result) + "; " + Words.count(plan.capacity().nodes(), "node"));
      Rooms.later(
          draft,
          Rooms.of(draft, provider, plan.event().name(), surroundings().clock()),
          surroundings().clock().instant());
      var fronts = provider.nodes(plan.event().name()).fronts();
      Outlook.fronts(draft, fronts);
      Outlook.records(draft, plan.service().host(), fronts);
      Outlook.cost(draft, plan);
      draft.line("  next   spike warm " + file + " --verify");
    } else {
      draft.headline(event + Endings.words(result.ending()) + "; " + RunReport.done(result));
    }
    return draft.exit(Endings.exit(result.ending(), surroundings().stop()));
  }
}

package dev.spike.cli;

import dev.spike.cli.html.PlanPage;
import dev.spike.cli.view.Report;
import dev.spike.cli.view.View;
import dev.spike.core.plan.Plan;
import dev.spike.core.plan.PlanComparison;
import dev.spike.core.plan.PlanDifference;
import dev.spike.core.plan.PlanException;
import dev.spike.core.plan.PlanFiles;
import dev.spike.core.plan.PlanResult;
import java.io.PrintStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spike plan EVENT.yaml}. */
@Command(
    name = "plan",
    description = "Computes a tier from an event file and its ticket sales. Needs no privilege.")
final class PlanCommand extends Verb {
  private static final String STDOUT = "-";

  @Parameters(paramLabel = "EVENT.yaml", description = "From spike init.")
  private String file = "";

  @Option(
      names = {"-o", "--out"},
      paramLabel = "plan.json",
      description = "Save the plan; - prints it. Without it the plan is only shown.")
  private @Nullable String out;

  @Option(
      names = "--html",
      paramLabel = "plan.html",
      description = "Write the plan as one page for people: charts, calendar, cost, assumptions.")
  private @Nullable String html;

  @Option(
      names = "--baseline",
      paramLabel = "OLD.json",
      description = "Say what changed against that plan, and why.")
  private @Nullable String baseline;

  @Option(
      names = "--as-of",
      paramLabel = "INSTANT",
      converter = InstantConverter.class,
      description = "Later sales are left out; the same instant gives the same plan.")
  private @Nullable Instant asOf;

  @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Of the draws.")
  private long seed;

  @Option(
      names = "--detailed-exitcode",
      fallbackValue = "true",
      description = "Exit 2 when there is something to change.")
  private boolean detailedExitCode;

  PlanCommand(Globals globals) {
    super("plan", globals);
  }

  @Override
  boolean stopsItself() {
    return false;
  }

  @Override
  Report run(View view) throws CommandFailure, PlanException {
    Installed.check(globals().provider());
    checkTargets();
    Plan old = baseline == null ? null : PlanFiles.read(surroundings().path(baseline));
    PlanResult made =
        EventFile.planned(
            globals(), file, asOf == null ? surroundings().clock().instant() : asOf, seed);
    made.diagnostics().forEach(view::diagnostic);
    Plan plan = made.plan();
    Report.Draft draft = PlanReport.of(name(), plan);
    PlanDifference difference =
        old == null ? null : PlanComparison.between(old, String.valueOf(baseline), plan);
    if (difference != null) {
      Baseline.tell(difference, draft);
    }
    ExitCode exit = exit(plan, difference);
    if (html == null) {
      return ended(view, draft, plan, exit);
    }
    try (PageFile page = PageFile.stage(surroundings().path(html), PlanPage.of(plan, difference))) {
      draft.entry("page", html).fact("page", html);
      Report report = ended(view, draft, plan, exit);
      page.publish();
      return report;
    }
  }

  private void checkTargets() throws CommandFailure {
    if (STDOUT.equals(out) && globals().json()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--json and -o - both want stdout",
          "",
          "Give -o a file, or leave --json out.");
    }
    if (STDOUT.equals(html)) {
      throw new CommandFailure(
          ExitCode.USAGE, "--html writes a file and was given -", "", "Name a file, as plan.html.");
    }
    if (html != null
        && out != null
        && surroundings().path(html).normalize().equals(surroundings().path(out).normalize())) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "-o and --html both name " + out,
          "",
          "Give the plan and its page a file each.");
    }
  }

  private ExitCode exit(Plan plan, @Nullable PlanDifference difference) {
    if (!plan.violations().isEmpty()) {
      return ExitCode.REFUSED;
    }
    boolean changes =
        difference == null ? !plan.changes().create().isEmpty() : !difference.resources().isEmpty();
    return detailedExitCode && changes ? ExitCode.CHANGES_PRESENT : ExitCode.DONE;
  }

  private Report ended(View view, Report.Draft draft, Plan plan, ExitCode exit)
      throws PlanException {
    if (exit == ExitCode.REFUSED) {
      draft.entry("saved", Report.Emphasis.BAD, "no plan, because it breaks a policy");
      return draft.exit(exit);
    }
    if (STDOUT.equals(out)) {
      PrintStream stdout = surroundings().out();
      byte[] bytes = PlanFiles.bytes(plan);
      stdout.write(bytes, 0, bytes.length);
      stdout.println();
      stdout.flush();
      view.note(plan.headline());
      return Report.ended(name(), exit);
    }
    if (out == null) {
      draft.line("  not saved; add -o plan.json to provision it later");
    } else {
      PlanFiles.write(plan, surroundings().path(out));
      draft.entry("saved", out).entry("next", "spike provision " + out).fact("saved", out);
    }
    return draft.exit(exit);
  }
}

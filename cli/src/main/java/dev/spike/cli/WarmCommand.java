package dev.spike.cli;

import dev.spike.cli.view.JUnitXml;
import dev.spike.cli.view.Report;
import dev.spike.cli.view.View;
import dev.spike.cli.view.Words;
import dev.spike.core.apply.Ending;
import dev.spike.core.apply.RunResult;
import dev.spike.core.apply.Stop;
import dev.spike.core.apply.TierRun;
import dev.spike.core.apply.WarmOptions;
import dev.spike.core.plan.Diagnostic;
import dev.spike.core.plan.Plan;
import dev.spike.core.plan.PlanException;
import dev.spike.core.plan.PlanFiles;
import dev.spike.core.plan.WholeFile;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.Stage;
import dev.spike.core.warm.CheckResult;
import dev.spike.core.warm.DrillOptions;
import dev.spike.core.warm.DrillReport;
import dev.spike.core.warm.NodeDrill;
import dev.spike.core.warm.WarmReport;
import dev.spike.core.warm.WarmVerification;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code spike warm PLAN.json}. */
@Command(
    name = "warm",
    description = {
      "Installs the router and warms the nodes. --verify then checks, harmless at any hour;",
      "a drill breaks something on purpose, measures, repairs and verifies again."
    })
final class WarmCommand extends Verb {
  @Parameters(paramLabel = "PLAN.json", description = "From spike plan -o.")
  private String file = "";

  @Option(names = "--verify", fallbackValue = "true", description = "Check; exit 4 if one fails.")
  private boolean verify;

  @Option(
      names = "--drill",
      paramLabel = "node",
      split = ",",
      description = "What to break: node kills one under live sessions.")
  private List<String> drills = new ArrayList<>();

  @Option(
      names = "--drill-sessions",
      paramLabel = "N",
      defaultValue = "300",
      description = "Live sessions during a drill.")
  private int drillSessions;

  @Option(
      names = "--drill-seconds",
      paramLabel = "N",
      defaultValue = "25",
      description = "How long a drill's sessions are held.")
  private int drillSeconds;

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "One test case a check, and one for a drill.")
  private @Nullable String junit;

  @Option(
      names = "--deadline",
      paramLabel = "DURATION",
      converter = DurationConverter.class,
      defaultValue = "30m",
      description = "When it gives up; exit 124.")
  private Duration deadline = Duration.ZERO;

  @Mixin private final LockTimeout lock = new LockTimeout();

  WarmCommand(Globals globals) {
    super("warm", globals);
  }

  @Override
  boolean stopsItself() {
    return true;
  }

  @Override
  Report run(View view)
      throws CommandFailure, PlanException, ProviderException, InterruptedException {
    checkOptions();
    checkJunit();
    Plan plan = PlanFiles.read(surroundings().path(file));
    view.expect((int) plan.resources().stream().filter(it -> it.stage() == Stage.WARM).count());
    Deadline until = Deadline.in(surroundings().clock(), deadline);
    try (Provider provider = Installed.open(globals(), plan)) {
      RunResult warmed =
          new TierRun(provider, surroundings().clock(), view, stop())
              .warm(plan, new WarmOptions(until.left(), lock.value()));
      Report.Draft draft = Report.of(name()).fact("event", plan.event().name().value());
      RunReport.facts(draft, warmed);
      String head = "Warm " + plan.event().name() + ": ";
      if (warmed.ending() != Ending.DONE && !(verify && stepsWereTried(warmed))) {
        return draft
            .headline(head + Endings.words(warmed.ending()) + "; " + RunReport.done(warmed))
            .exit(Endings.exit(warmed.ending(), stop()));
      }
      if (!verify && drills.isEmpty()) {
        return draft
            .headline(head + RunReport.done(warmed))
            .line("  next   spike warm " + file + " --verify")
            .exit(ExitCode.DONE);
      }
      ExitCode warmth = Endings.exit(warmed.ending(), stop());
      return proved(view, draft, head, plan, provider, until, warmth);
    }
  }

  /** Whether it is worth asking what is wrong: the run got as far as steps, and was not stopped. */
  private static boolean stepsWereTried(RunResult warmed) {
    return switch (warmed.ending()) {
      case DONE, FAILED, PARTLY, UNAVAILABLE -> !warmed.outcomes().isEmpty();
      case NOT_DUE, REFUSED, LEASE_HELD, UNAUTHORIZED, INVALID_PLAN, DEADLINE, STOPPED -> false;
    };
  }

  /** The checks and drills; a drill is taken only by a tier that passes, and is verified after. */
  private Report proved(
      View view,
      Report.Draft draft,
      String head,
      Plan plan,
      Provider provider,
      Deadline until,
      ExitCode warmth)
      throws CommandFailure, ProviderException, InterruptedException {
    WarmReport checks = verified(view, plan, provider, until);
    writeJunit(checks, null);
    if (warmth == ExitCode.DONE && checks.passed() && !drills.isEmpty()) {
      DrillReport drill =
          new NodeDrill(provider, surroundings().clock())
              .run(
                  plan,
                  new DrillOptions(drillSessions, drillSeconds, until.left(), lock.value()),
                  view,
                  stop(),
                  until);
      drillFacts(draft, drill);
      if (drill.ending() != Ending.DONE) {
        writeJunit(checks, drill);
        return draft
            .headline(head + "drill " + Endings.words(drill.ending()) + "; " + drill.sentence())
            .exit(Endings.exit(drill.ending(), stop()));
      }
      checks = verified(view, plan, provider, until);
      writeJunit(checks, drill);
      draft.line(
          "  drill node: " + (drill.passed() ? "passed" : "FAILED") + ", " + drill.sentence());
      if (!drill.passed()) {
        view.diagnostic(
            Diagnostic.error(
                "The node drill did not pass",
                drill.sentence(),
                "See the logs of the nodes that took the sessions over, then drill again."));
        return summary(draft, head, checks).exit(ExitCode.VERIFY_FAILED);
      }
    }
    return summary(draft, head, checks).exit(checks.passed() ? warmth : ExitCode.VERIFY_FAILED);
  }

  private static Report.Draft summary(Report.Draft draft, String head, WarmReport checks) {
    int passed = checks.count(CheckResult.Status.PASSED);
    int failed = checks.count(CheckResult.Status.FAILED);
    int blocked = checks.count(CheckResult.Status.BLOCKED);
    return draft
        .headline(
            head
                + (checks.passed() ? "verified, " : "NOT verified, ")
                + passed
                + " of "
                + Words.count(checks.checks().size(), "check")
                + " passed, "
                + failed
                + " failed, "
                + blocked
                + " blocked in "
                + Words.seconds(checks.elapsed()))
        .fact("passed", passed)
        .fact("failed", failed)
        .fact("blocked", blocked)
        .fact("skipped", checks.count(CheckResult.Status.SKIPPED))
        .checks(checks.checks());
  }

  private WarmReport verified(View view, Plan plan, Provider provider, Deadline until)
      throws ProviderException, InterruptedException {
    AtomicBoolean verifying = new AtomicBoolean(true);
    Thread thread = Thread.currentThread();
    stop()
        .onRequest(
            () -> {
              if (verifying.get()) {
                thread.interrupt();
              }
            });
    try {
      return new WarmVerification(provider, plan, surroundings().clock()).run(view::check, until);
    } finally {
      verifying.set(false);
    }
  }

  private void writeJunit(WarmReport checks, @Nullable DrillReport drill) throws CommandFailure {
    if (junit != null) {
      try {
        WholeFile.write(surroundings().path(junit), JUnitXml.of(checks, drill));
      } catch (IOException unwritable) {
        throw unwritten(unwritable);
      }
    }
  }

  private void checkOptions() throws CommandFailure {
    for (String drill : drills) {
      if (!drill.equals("node")) {
        throw new CommandFailure(
            ExitCode.USAGE,
            "There is no drill '" + drill + "'",
            "known: node",
            "Give --drill node.");
      }
    }
    if (drillSessions < 1 || drillSessions > 100_000 || drillSeconds < 15 || drillSeconds > 600) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "A drill holds 1 to 100,000 sessions for 15 to 600 seconds",
          "--drill-sessions is " + drillSessions + ", --drill-seconds is " + drillSeconds,
          "Give values in these ranges.");
    }
  }

  /** Before anything is changed: a report that cannot be written is no reason to find out late. */
  private void checkJunit() throws CommandFailure {
    if (junit == null) {
      return;
    }
    if (!verify && drills.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--junit writes checks and drills, and none was asked for",
          "",
          "Add --verify, or leave --junit out.");
    }
    try (WholeFile report = WholeFile.open(surroundings().path(junit))) {
      report.close();
    } catch (IOException unwritable) {
      throw unwritten(unwritable);
    }
  }

  private CommandFailure unwritten(IOException cause) {
    return new CommandFailure(
        ExitCode.CANNOT_WRITE,
        "The JUnit report cannot be written to " + junit,
        cause.toString(),
        "Make its folder writable, or give another file to --junit.");
  }

  private static void drillFacts(Report.Draft draft, DrillReport drill) {
    draft
        .fact("drillPassed", drill.passed())
        .fact("killed", drill.killed())
        .fact("sessions", drill.sessions())
        .fact("cut", drill.cut())
        .fact("resumed", drill.resumed())
        .fact("lost", drill.lost())
        .fact("repeated", drill.repeated())
        .fact("resumeP50Millis", drill.resumeP50Millis())
        .fact("resumeP99Millis", drill.resumeP99Millis())
        .fact("resumeMaxMillis", drill.resumeMaxMillis());
  }

  private Stop stop() {
    return surroundings().stop();
  }
}

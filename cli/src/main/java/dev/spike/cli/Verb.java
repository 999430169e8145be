package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.View;
import dev.spike.core.plan.Diagnostic;
import dev.spike.core.plan.PlanException;
import dev.spike.core.provider.ProviderException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** A command: parse, one call, render. What every verb shares is here. */
@Command(mixinStandardHelpOptions = true, versionProvider = Version.class, showDefaultValues = true)
abstract class Verb implements Callable<Integer> {
  private final String name;
  private final Globals globals;

  Verb(String name, Globals globals) {
    this.name = name;
    this.globals = globals;
  }

  /** Does the work and says how it ended. */
  abstract Report run(View view)
      throws CommandFailure, PlanException, ProviderException, InterruptedException;

  /** Whether it ends by itself when it is asked to stop; else the process is left at once. */
  abstract boolean stopsItself();

  final String name() {
    return name;
  }

  final Globals globals() {
    return globals;
  }

  final Surroundings surroundings() {
    return globals.surroundings();
  }

  @Override
  public final Integer call() {
    View view = globals.view();
    Surroundings surroundings = surroundings();
    if (!stopsItself()) {
      surroundings
          .stop()
          .onRequest(() -> surroundings.leave().accept(128 + surroundings.stop().signal()));
    }
    Report report;
    try {
      report = run(view);
    } catch (CommandFailure failure) {
      report = failed(view, failure);
    } catch (PlanException failure) {
      report = failed(view, CommandFailure.of(failure));
    } catch (ProviderException failure) {
      report = failed(view, CommandFailure.of(failure));
    } catch (InterruptedException stopped) {
      report = Report.ended(name, Endings.stopped(surroundings.stop()));
    } catch (RuntimeException bug) {
      view.diagnostic(
          Diagnostic.error(
              "This is a bug in spike: " + bug,
              globals.verbose() ? stack(bug) : "",
              globals.verbose()
                  ? "Report this text."
                  : "Run the same command with -v and report what it prints."));
      report = Report.ended(name, ExitCode.BUG);
    }
    view.result(report);
    return report.exit().code();
  }

  private Report failed(View view, CommandFailure failure) {
    failure.diagnostics().forEach(view::diagnostic);
    return Report.ended(name, failure.exit());
  }

  private static String stack(RuntimeException bug) {
    StringWriter text = new StringWriter();
    bug.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}

package dev.spike.cli.view;

import dev.spike.core.apply.StepEvent;
import dev.spike.core.plan.Diagnostic;
import dev.spike.core.provider.Finding;
import dev.spike.core.warm.CheckResult;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** For people: the result on stdout, the commentary on stderr, a progress line on a terminal. */
public final class HumanView implements View {
  /** What a line may look like. */
  private enum Tone {
    PLAIN(""),
    GOOD("\033[32m"),
    BAD("\033[31m"),
    DOUBTFUL("\033[33m");

    private final String start;

    Tone(String start) {
      this.start = start;
    }
  }

  /**
   * How much is said.
   *
   * @param color whether stdout may be coloured
   * @param progressLine whether stderr is a terminal
   */
  public record Manner(boolean color, boolean progressLine, boolean quiet, boolean verbose) {}

  private final PrintStream out;
  private final PrintStream err;
  private final Manner manner;
  private final long startNanos = System.nanoTime();
  private int stepsMax;
  private int done;
  private boolean progressShown;

  public HumanView(PrintStream out, PrintStream err, Manner manner) {
    this.out = out;
    this.err = err;
    this.manner = manner;
  }

  @Override
  public synchronized void expect(int most) {
    stepsMax = most;
  }

  @Override
  public synchronized void step(StepEvent event) {
    String what = event.action() + " " + event.resource();
    switch (event.state()) {
      case STARTED -> {
        if (manner.verbose()) {
          say("  " + what + " ..." + (event.detail().isEmpty() ? "" : " " + event.detail()));
        }
      }
      case RETRYING -> say("  " + what + ": again, because " + event.detail());
      case DONE -> {
        done++;
        say(String.format(Locale.ROOT, "  %-40s %8s", what, Words.seconds(event.elapsed())));
      }
      case FAILED -> say("  " + what + " FAILED: " + event.detail());
      case SKIPPED -> say("  " + what + " skipped: " + event.detail());
      case UNKNOWN -> say("  " + what + " unknown: " + event.detail());
    }
    progress();
  }

  @Override
  public synchronized void note(String sentence) {
    say(sentence);
  }

  @Override
  public synchronized void diagnostic(Diagnostic diagnostic) {
    if (manner.quiet() && diagnostic.severity() != Diagnostic.Severity.ERROR) {
      return;
    }
    clearProgress();
    StringBuilder text = new StringBuilder();
    text.append(diagnostic.severity().name().toLowerCase(Locale.ROOT)).append(": ");
    text.append(diagnostic.summary());
    if (!diagnostic.detail().isEmpty()) {
      text.append("\n  ").append(diagnostic.detail().replace("\n", "\n  "));
    }
    if (!diagnostic.next().isEmpty()) {
      text.append("\n  next: ").append(diagnostic.next().replace("\n", "\n  "));
    }
    err.println(text);
  }

  @Override
  public synchronized void check(CheckResult result) {
    if (manner.verbose()) {
      say("  check " + result.id() + ": " + status(result));
    } else if (manner.progressLine() && !manner.quiet()) {
      showProgress("checked " + result.title());
    }
  }

  /** The report's lines show it, with what to do about it. */
  @Override
  public void finding(Finding finding) {}

  @Override
  public synchronized void result(Report report) {
    clearProgress();
    if (!report.headline().isEmpty()) {
      out.println(toned(report.headline(), headTone(report)));
    }
    for (Report.Line line : report.lines()) {
      out.println(toned(line.label(), tone(line.emphasis())) + line.rest());
    }
    report.checks().forEach(this::row);
    out.flush();
  }

  private static Tone tone(Report.Emphasis emphasis) {
    return switch (emphasis) {
      case PLAIN -> Tone.PLAIN;
      case DOUBTFUL -> Tone.DOUBTFUL;
      case BAD -> Tone.BAD;
    };
  }

  private static Tone headTone(Report report) {
    return switch (report.exit()) {
      case DONE, CHANGES_PRESENT -> Tone.PLAIN;
      case PARTLY, STOPPED_INT, STOPPED_TERM -> Tone.DOUBTFUL;
      case FAILED,
          REFUSED,
          VERIFY_FAILED,
          USAGE,
          BAD_TICKETS,
          FILE_MISSING,
          UNAVAILABLE,
          BUG,
          CANNOT_WRITE,
          LEASE_HELD,
          NO_PRIVILEGE,
          BAD_SPEC,
          DEADLINE ->
          Tone.BAD;
    };
  }

  private void row(CheckResult check) {
    Tone tone =
        switch (check.status()) {
          case PASSED -> Tone.GOOD;
          case FAILED -> Tone.BAD;
          case BLOCKED, SKIPPED -> Tone.DOUBTFUL;
        };
    String status = String.format(Locale.ROOT, "%-8s", statusWord(check));
    out.println("  " + toned(status, tone) + check.title() + ": " + outcome(check));
    if (check.status() == CheckResult.Status.FAILED) {
      out.println("          expected: " + check.expected());
      out.println("          next: " + check.next());
    }
  }

  private static String outcome(CheckResult check) {
    return check.status() == CheckResult.Status.BLOCKED
        ? "blocked by " + String.join(", ", check.blockedBy())
        : check.observed();
  }

  private static String statusWord(CheckResult check) {
    return switch (check.status()) {
      case PASSED -> "passed";
      case FAILED -> "FAILED";
      case BLOCKED -> "blocked";
      case SKIPPED -> "skipped";
    };
  }

  private static String status(CheckResult check) {
    return statusWord(check) + ", " + outcome(check);
  }

  private String toned(String text, Tone tone) {
    return manner.color() && tone != Tone.PLAIN ? tone.start + text + "\033[0m" : text;
  }

  private void say(String sentence) {
    if (!manner.quiet()) {
      clearProgress();
      err.println(sentence);
    }
  }

  private void progress() {
    if (!manner.progressLine() || manner.quiet() || stepsMax == 0) {
      return;
    }
    Duration passed = Duration.ofNanos(System.nanoTime() - startNanos);
    double rate = done / Math.max(0.1, passed.toMillis() / 1000.0);
    String left =
        done == 0
            ? ""
            : String.format(Locale.ROOT, ", at most %.0f s left", (stepsMax - done) / rate);
    showProgress(
        String.format(Locale.ROOT, "%d of at most %d steps, %.1f/s%s", done, stepsMax, rate, left));
  }

  private void showProgress(String text) {
    err.print("\r\033[K  " + text);
    err.flush();
    progressShown = true;
  }

  private void clearProgress() {
    if (progressShown) {
      err.print("\r\033[K");
      progressShown = false;
    }
  }
}

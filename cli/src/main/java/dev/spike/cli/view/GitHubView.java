package dev.spike.cli.view;

import dev.spike.core.apply.StepEvent;
import dev.spike.core.plan.Diagnostic;
import dev.spike.core.provider.Finding;
import dev.spike.core.warm.CheckResult;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds to another view what GitHub Actions shows by itself: a step summary and at most ten
 * annotations, written to stderr, where the runner reads them too.
 */
public final class GitHubView implements View {
  private static final int ANNOTATIONS_MAX = 10;

  /** The runner drops a summary above 1 MiB as a whole. */
  private static final int SUMMARY_BYTES_MAX = 512 * 1024;

  private final View view;
  private final Path summaryFile;
  private final PrintStream err;
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private int annotations;

  public GitHubView(View view, Path summaryFile, PrintStream err) {
    this.view = view;
    this.summaryFile = summaryFile;
    this.err = err;
  }

  @Override
  public void expect(int stepsMax) {
    view.expect(stepsMax);
  }

  @Override
  public void step(StepEvent event) {
    view.step(event);
  }

  @Override
  public void note(String sentence) {
    view.note(sentence);
  }

  @Override
  public synchronized void diagnostic(Diagnostic diagnostic) {
    view.diagnostic(diagnostic);
    diagnostics.add(diagnostic);
    switch (diagnostic.severity()) {
      case ERROR -> annotate("error", diagnostic.summary(), sentence(diagnostic));
      case WARNING -> annotate("warning", diagnostic.summary(), sentence(diagnostic));
      case NOTE -> {}
    }
  }

  @Override
  public synchronized void check(CheckResult result) {
    view.check(result);
    if (result.status() == CheckResult.Status.FAILED) {
      annotate(
          "error",
          result.title(),
          result.observed() + "; expected: " + result.expected() + "; next: " + result.next());
    }
  }

  @Override
  public synchronized void finding(Finding finding) {
    view.finding(finding);
    if (finding.failure().isPresent() || finding.warning()) {
      annotate(
          finding.warning() ? "warning" : "error",
          finding.what(),
          finding.observed() + ". Next: " + finding.next());
    }
  }

  @Override
  public synchronized void result(Report report) {
    byte[] summary = markdown(report).getBytes(StandardCharsets.UTF_8);
    try {
      if (summary.length <= SUMMARY_BYTES_MAX) {
        Files.write(summaryFile, summary, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      } else {
        view.note("The step summary is left out: it would be " + summary.length + " bytes.");
      }
    } catch (IOException unwritable) {
      view.diagnostic(
          Diagnostic.warning(
              "The step summary could not be written to " + summaryFile,
              String.valueOf(unwritable.getMessage()),
              "The result itself is complete; check GITHUB_STEP_SUMMARY."));
    }
    view.result(report);
  }

  private String markdown(Report report) {
    StringBuilder text = new StringBuilder();
    text.append("### spike ").append(report.command()).append("\n\n");
    text.append(report.headline().isEmpty() ? report.exit().meaning() : cell(report.headline()));
    text.append(" (exit ").append(report.exit().code()).append(")\n\n");
    if (!report.checks().isEmpty()) {
      text.append("| check | status | observed |\n|---|---|---|\n");
      for (CheckResult check : report.checks()) {
        String status = check.status().name().toLowerCase(java.util.Locale.ROOT);
        text.append("| ").append(cell(check.title())).append(" | ").append(status);
        text.append(
            check.blockedBy().isEmpty() ? "" : " by " + String.join(", ", check.blockedBy()));
        text.append(" | ").append(cell(check.observed())).append(" |\n");
      }
      text.append('\n');
    }
    if (!report.lines().isEmpty()) {
      text.append("```\n");
      report.lines().forEach(line -> text.append(line.text()).append('\n'));
      text.append("```\n\n");
    }
    for (Diagnostic diagnostic : diagnostics) {
      text.append("- ").append(cell(diagnostic.summary())).append(": ");
      text.append(cell(sentence(diagnostic))).append('\n');
    }
    return text.toString();
  }

  private static String sentence(Diagnostic diagnostic) {
    String next = diagnostic.next().isEmpty() ? "" : " Next: " + diagnostic.next();
    return diagnostic.detail() + next;
  }

  private void annotate(String kind, String title, String text) {
    if (annotations < ANNOTATIONS_MAX) {
      annotations++;
      err.println("::" + kind + " title=" + property(title) + "::" + message(text));
    }
  }

  private static String message(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return message(text).replace(":", "%3A").replace(",", "%2C");
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;");
  }
}

package dev.spike.cli.view;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.core.apply.StepEvent;
import dev.spike.core.plan.Diagnostic;
import dev.spike.core.provider.Finding;
import dev.spike.core.warm.CheckResult;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * One JSON object a line. The first is the version, the last the result; a reader skips types and
 * members that it does not know.
 */
public final class JsonView implements View {
  private static final String SCHEMA = "1.0";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final PrintStream out;
  private final long startNanos = System.nanoTime();
  private int done;
  private int stepsMax;

  public JsonView(PrintStream out, String version) {
    this.out = out;
    print(line("version").put("spike", version).put("schema", SCHEMA));
  }

  @Override
  public synchronized void expect(int most) {
    stepsMax = most;
  }

  @Override
  public synchronized void step(StepEvent event) {
    ObjectNode step =
        line("step")
            .put("resource", event.resource().value())
            .put("action", event.action())
            .put("state", lower(event.state()))
            .put("seconds", seconds(event.elapsed()));
    if (!event.detail().isEmpty()) {
      step.put("detail", event.detail());
    }
    print(step);
    if (event.state() == StepEvent.State.DONE) {
      done++;
      print(
          line("progress")
              .put("done", done)
              .put("of", Math.max(done, stepsMax))
              .put("seconds", seconds(Duration.ofNanos(System.nanoTime() - startNanos))));
    }
  }

  @Override
  public synchronized void note(String sentence) {
    print(line("progress").put("message", sentence));
  }

  @Override
  public synchronized void diagnostic(Diagnostic diagnostic) {
    print(
        line("diagnostic")
            .put("severity", lower(diagnostic.severity()))
            .put("summary", diagnostic.summary())
            .put("detail", diagnostic.detail())
            .put("next", diagnostic.next()));
  }

  @Override
  public synchronized void check(CheckResult result) {
    ObjectNode check =
        line("check")
            .put("id", result.id())
            .put("title", result.title())
            .put("status", lower(result.status()))
            .put("observed", result.observed())
            .put("expected", result.expected())
            .put("next", result.next())
            .put("seconds", seconds(result.elapsed()));
    if (!result.blockedBy().isEmpty()) {
      check.set("blockedBy", MAPPER.valueToTree(result.blockedBy()));
    }
    print(check);
  }

  @Override
  public synchronized void finding(Finding finding) {
    if (finding.failure().isPresent()) {
      diagnostic(Diagnostic.error(finding.what(), finding.observed(), finding.next()));
    } else if (finding.warning()) {
      diagnostic(Diagnostic.warning(finding.what(), finding.observed(), finding.next()));
    }
  }

  @Override
  public synchronized void result(Report report) {
    ObjectNode result =
        line("result").put("command", report.command()).put("exitCode", report.exit().code());
    if (!report.headline().isEmpty()) {
      result.put("headline", report.headline());
    }
    for (Map.Entry<String, Object> fact : report.facts().entrySet()) {
      result.set(fact.getKey(), MAPPER.valueToTree(fact.getValue()));
    }
    print(result);
  }

  private static ObjectNode line(String type) {
    return MAPPER.createObjectNode().put("type", type);
  }

  private void print(ObjectNode node) {
    out.println(node);
    out.flush();
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}

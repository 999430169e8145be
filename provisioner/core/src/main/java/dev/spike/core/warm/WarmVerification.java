package dev.spike.core.warm;

import dev.spike.core.plan.Plan;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Asks every check of a tier, in order. A check whose needs did not all pass is not asked and
 * reports what blocked it. Harmless: it ends nothing and cuts only connections that it made.
 */
public final class WarmVerification {
  private final Provider provider;
  private final Plan plan;
  private final Clock clock;

  public WarmVerification(Provider provider, Plan plan, Clock clock) {
    this.provider = provider;
    this.plan = plan;
    this.clock = clock;
  }

  /**
   * Runs all checks.
   *
   * @param each is told of every result as it comes
   * @throws ProviderException when the tier cannot be observed at all
   */
  public WarmReport run(Consumer<CheckResult> each, Deadline deadline)
      throws ProviderException, InterruptedException {
    long from = System.nanoTime();
    TierView view =
        new TierView(
            plan, provider.observe(plan.event().name()), provider.nodes(plan.event().name()));
    Map<String, CheckResult> results = new HashMap<>();
    List<CheckResult> ordered = new ArrayList<>();
    for (Check check : WarmChecks.all()) {
      CheckResult result = result(check, view, results, deadline);
      results.put(check.id(), result);
      ordered.add(result);
      each.accept(result);
    }
    return new WarmReport(plan.event().name(), ordered, Duration.ofNanos(System.nanoTime() - from));
  }

  private CheckResult result(
      Check check, TierView view, Map<String, CheckResult> results, Deadline deadline)
      throws InterruptedException {
    List<String> blockers = new ArrayList<>();
    for (String need : check.needs()) {
      CheckResult needed = results.get(need);
      if (needed == null || needed.status() != CheckResult.Status.PASSED) {
        blockers.add(need);
      }
    }
    long from = System.nanoTime();
    if (!blockers.isEmpty()) {
      return new CheckResult(
          check.id(),
          check.title(),
          CheckResult.Status.BLOCKED,
          "not asked",
          "",
          "",
          blockers,
          Duration.ZERO);
    }
    Check.Answer answer;
    try {
      answer =
          deadline.passed()
              ? Check.Answer.of(
                  false,
                  "not asked: the deadline " + deadline.at() + " passed at " + clock.instant(),
                  "an answer in time",
                  "Run again with a longer --deadline.")
              : check.question().ask(view, deadline);
    } catch (ProviderException failure) {
      answer =
          Check.Answer.of(false, String.valueOf(failure.getMessage()), "an answer", failure.next());
    }
    return new CheckResult(
        check.id(),
        check.title(),
        answer.passed() ? CheckResult.Status.PASSED : CheckResult.Status.FAILED,
        answer.observed(),
        answer.expected(),
        answer.next(),
        List.of(),
        Duration.ofNanos(System.nanoTime() - from));
  }
}

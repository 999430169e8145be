package dev.spike.core.warm;

import dev.spike.core.resource.EventName;
import java.time.Duration;
import java.util.List;

/** What all checks found. */
public record WarmReport(EventName event, List<CheckResult> checks, Duration elapsed) {
  public WarmReport {
    checks = List.copyOf(checks);
  }

  /** True when every check passed or was skipped with its reason, and at least one passed. */
  public boolean passed() {
    return count(CheckResult.Status.FAILED) == 0
        && count(CheckResult.Status.BLOCKED) == 0
        && count(CheckResult.Status.PASSED) > 0;
  }

  public int count(CheckResult.Status status) {
    return (int) checks.stream().filter(check -> check.status() == status).count();
  }
}

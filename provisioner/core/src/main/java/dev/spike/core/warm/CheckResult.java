package dev.spike.core.warm;

import java.time.Duration;
import java.util.List;

/**
 * What one check found.
 *
 * @param next what to do when it failed; empty otherwise
 * @param blockedBy ids of the checks without which it says nothing; empty unless blocked
 */
public record CheckResult(
    String id,
    String title,
    Status status,
    String observed,
    String expected,
    String next,
    List<String> blockedBy,
    Duration elapsed) {
  public CheckResult {
    blockedBy = List.copyOf(blockedBy);
  }

  /** How a check ended. A blocked check has not been run and is never taken for passed. */
  public enum Status {
    PASSED,
    FAILED,
    BLOCKED,
    SKIPPED
  }
}

package dev.spike.core.apply;

import dev.spike.core.resource.ResourceId;
import java.time.Duration;

/**
 * Something happened to a step.
 *
 * @param action {@code create}, {@code update}, {@code replace} or {@code delete}
 * @param detail what is being done, or why it failed
 */
public record StepEvent(
    ResourceId resource, String action, State state, Duration elapsed, String detail) {
  /** Where the step is. */
  public enum State {
    STARTED,
    RETRYING,
    DONE,
    FAILED,
    SKIPPED,
    UNKNOWN
  }
}

package dev.spike.core.provider;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The instant after which a call gives up, read from an injected clock. */
public record Deadline(Clock clock, Instant at) {

  /** A deadline that far from now. */
  public static Deadline in(Clock clock, Duration duration) {
    return new Deadline(clock, clock.instant().plus(duration));
  }

  /** What is left, never negative. */
  public Duration left() {
    Duration left = Duration.between(clock.instant(), at);
    return left.isNegative() ? Duration.ZERO : left;
  }

  public boolean passed() {
    return !clock.instant().isBefore(at);
  }

  /** The nearer of this deadline and one that far from now. */
  public Deadline atMost(Duration duration) {
    Instant other = clock.instant().plus(duration);
    return other.isBefore(at) ? new Deadline(clock, other) : this;
  }
}

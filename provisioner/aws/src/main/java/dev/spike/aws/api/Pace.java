package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import java.time.Clock;
import java.time.Duration;

/** Time and waiting, both given from outside. */
public record Pace(Clock clock, Sleeper sleeper) {

  /** How a thread waits. */
  @FunctionalInterface
  public interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }

  /** Waits as long as it says. */
  public static Pace real(Clock clock) {
    return new Pace(clock, Thread::sleep);
  }

  /** A deadline that far from now. */
  public Deadline in(Duration time) {
    return Deadline.in(clock, time);
  }

  void sleep(Duration time) throws InterruptedException {
    sleeper.sleep(time);
  }
}

package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import java.time.Clock;
import java.time.Duration;

/**
 * Time and waiting, both given from outside.
 *
 * @param haste how many times faster than on the wall the clock goes: 1, or more in a rehearsal
 *     against an emulator
 */
public record Pace(Clock clock, Sleeper sleeper, int haste) {

  /** With a clock that goes as on the wall. */
  public Pace(Clock clock, Sleeper sleeper) {
    this(clock, sleeper, 1);
  }

  /** With a clock that goes so many times faster, and waits that are so many times shorter. */
  public static Pace hurried(Clock clock, int haste) {
    return new Pace(clock, time -> Thread.sleep(time.dividedBy(haste)), haste);
  }

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

  /** How long a time of the clock lasts on the wall. */
  Duration onTheWall(Duration time) {
    return time.dividedBy(haste);
  }

  void sleep(Duration time) throws InterruptedException {
    sleeper.sleep(time);
  }
}

package dev.spike.core.warm;

import java.time.Duration;

/**
 * How a drill runs.
 *
 * @param sessions live sessions held while the node is killed
 * @param seconds how long the sessions are kept, the kill included
 * @param repairDeadline how long the repair of the tier may take afterwards
 * @param lockTimeout how long to wait for another run's lease
 */
public record DrillOptions(
    int sessions, int seconds, Duration repairDeadline, Duration lockTimeout) {
  public DrillOptions {
    if (sessions < 1 || sessions > 100_000) {
      throw new IllegalArgumentException("a drill holds 1 to 100,000 sessions, not " + sessions);
    }
    if (seconds < 15 || seconds > 600) {
      throw new IllegalArgumentException("a drill lasts 15 to 600 seconds, not " + seconds);
    }
  }
}

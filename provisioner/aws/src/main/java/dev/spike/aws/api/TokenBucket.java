package dev.spike.aws.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A token bucket that hands out turns: who comes when it is empty is told how long to wait, and
 * those who come later wait longer.
 */
final class TokenBucket {
  private final double burst;
  private final double perSecond;
  private double tokens;
  private Instant at;

  TokenBucket(double burst, double perSecond, Instant now) {
    this.burst = burst;
    this.perSecond = perSecond;
    this.tokens = burst;
    this.at = now;
  }

  /**
   * Takes tokens and says how long to wait before using them; takes none and is empty when that is
   * longer than the patience.
   */
  synchronized Optional<Duration> take(double wanted, Instant now, Duration patience) {
    double seconds = Math.max(0, Duration.between(at, now).toNanos() / 1e9);
    tokens = Math.min(burst, tokens + seconds * perSecond);
    at = now.isAfter(at) ? now : at;
    double left = tokens - Math.min(wanted, burst);
    long waitNanos = left >= 0 ? 0 : (long) Math.ceil(-left / perSecond * 1e9);
    Duration wait = Duration.ofNanos(waitNanos);
    if (wait.compareTo(patience) > 0) {
      return Optional.empty();
    }
    tokens = left;
    return Optional.of(wait);
  }
}

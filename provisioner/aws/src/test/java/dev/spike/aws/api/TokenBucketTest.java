package dev.spike.aws.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
  private static final Instant START = Instant.parse("2027-05-27T19:00:00Z");
  private static final Duration PATIENT = Duration.ofMinutes(10);

  @Test
  void aFullBucketIsSpentAtOnceAndThenTurnsComeAtItsRate() {
    TokenBucket bucket = new TokenBucket(5, 2, START);
    for (int call = 0; call < 5; call++) {
      assertThat(bucket.take(1, START, PATIENT)).contains(Duration.ZERO);
    }

    assertThat(bucket.take(1, START, PATIENT)).contains(Duration.ofMillis(500));
    assertThat(bucket.take(1, START, PATIENT)).contains(Duration.ofMillis(1000));
    assertThat(bucket.take(1, START.plusSeconds(2), PATIENT)).contains(Duration.ZERO);
  }

  @Test
  void whoIsNotPatientEnoughTakesNothing() {
    TokenBucket bucket = new TokenBucket(1, 0.2, START);
    assertThat(bucket.take(1, START, PATIENT)).contains(Duration.ZERO);

    assertThat(bucket.take(1, START, Duration.ofSeconds(4))).isEmpty();
    assertThat(bucket.take(1, START, Duration.ofSeconds(5))).contains(Duration.ofSeconds(5));
  }

  @Test
  void aCallThatWantsMoreThanTheBucketHoldsWaitsForAFullOneOnly() {
    TokenBucket bucket = new TokenBucket(10, 1, START);

    assertThat(bucket.take(50, START, PATIENT)).contains(Duration.ZERO);
    assertThat(bucket.take(50, START, PATIENT)).contains(Duration.ofSeconds(10));
  }
}

package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/**
 * Keeps every attempt of every client within the API's token buckets and counts it. A first attempt
 * waits for its turn before it is signed and before its time-outs begin.
 */
final class Pacing implements ExecutionInterceptor {
  /** The deadline of the call that this thread makes. */
  static final ScopedValue<Deadline> DEADLINE = ScopedValue.newInstance();

  private static final ExecutionAttribute<Boolean> PAID = new ExecutionAttribute<>("spike.paid");
  private static final Duration PATIENCE = Duration.ofMinutes(4);

  private final Pace pace;
  private final ConcurrentHashMap<String, TokenBucket> buckets = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, CallCount> counts = new ConcurrentHashMap<>();

  Pacing(Pace pace) {
    this.pace = pace;
  }

  /** The call's turn does not come before its deadline. */
  static final class TurnTooLate extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TurnTooLate(String message) {
      super(message);
    }
  }

  /** The thread was interrupted while it waited for its turn. */
  static final class TurnInterrupted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TurnInterrupted(InterruptedException cause) {
      super(cause);
    }
  }

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    await(context.request(), attributes, false);
    attributes.putAttribute(PAID, true);
  }

  @Override
  public void beforeTransmission(
      Context.BeforeTransmission context, ExecutionAttributes attributes) {
    if (Boolean.TRUE.equals(attributes.getAttribute(PAID))) {
      attributes.putAttribute(PAID, false);
    } else {
      await(context.request(), attributes, true);
    }
  }

  private void await(SdkRequest request, ExecutionAttributes attributes, boolean repeat) {
    String service = attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME);
    String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
    for (RateLimit limit : RateLimit.of(service, operation, request)) {
      TokenBucket bucket =
          buckets.computeIfAbsent(
              limit.name(),
              name -> new TokenBucket(limit.burst(), limit.perSecond(), pace.clock().instant()));
      Duration patience = PATIENCE;
      if (DEADLINE.isBound() && DEADLINE.get().left().compareTo(patience) < 0) {
        patience = DEADLINE.get().left();
      }
      Optional<Duration> wait = bucket.take(limit.tokens(), pace.clock().instant(), patience);
      if (wait.isEmpty()) {
        throw new TurnTooLate(
            service
                + " "
                + operation
                + " would get its turn only after the deadline: more than "
                + patience.toSeconds()
                + " s of calls wait for the bucket "
                + limit.name());
      }
      counts.merge(
          limit.name(),
          CallCount.NONE.and(repeat, wait.get()),
          (old, added) -> old.and(repeat, wait.get()));
      if (wait.get().isPositive()) {
        try {
          pace.sleep(wait.get());
        } catch (InterruptedException e) {
          throw new TurnInterrupted(e);
        }
      }
    }
  }

  /** Calls so far by bucket. */
  SortedMap<String, CallCount> counts() {
    return Collections.unmodifiableSortedMap(new TreeMap<>(counts));
  }
}

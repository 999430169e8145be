package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;

/** How every call is made: within its deadline, and with the port's failures. */
public final class Calls {
  private static final Duration CALL_MAX = Duration.ofSeconds(60);
  private static final Duration SETTLING = Duration.ofMinutes(2);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration PAUSE_MAX = Duration.ofSeconds(8);

  /** A sleep may end a little early. */
  private static final Duration AFTER_DEADLINE = Duration.ofMillis(50);

  private final Pace pace;
  private final Pacing pacing;

  Calls(Pace pace, Pacing pacing) {
    this.pace = pace;
    this.pacing = pacing;
  }

  /** Calls so far by bucket of the API. */
  public SortedMap<String, CallCount> counts() {
    return pacing.counts();
  }

  /** The clock and the sleep that waiting uses. */
  public Pace pace() {
    return pace;
  }

  /** A deadline for a look that has none of its own. */
  public Deadline soon() {
    return pace.in(CALL_MAX);
  }

  /**
   * Makes one call, or all the pages of one.
   *
   * @param request without time-outs; the deadline's are added
   */
  @SuppressWarnings("unchecked") // a request's builder builds the request's own type
  public <R extends AwsRequest, T> T of(Deadline deadline, R request, Function<R, T> call)
      throws ProviderException, InterruptedException {
    String name = request.getClass().getSimpleName().replaceFirst("Request$", "");
    Duration left = deadline.left();
    if (left.isZero()) {
      throw new ProviderException(
          Kind.UNAVAILABLE,
          "time is up before " + name,
          "Run the same command again: it continues where this one ended.");
    }
    if (Thread.interrupted()) {
      throw new InterruptedException(name + " was cut off before it began");
    }
    Duration time = left.compareTo(CALL_MAX) < 0 ? left : CALL_MAX;
    R timed =
        (R)
            request.toBuilder()
                .overrideConfiguration(
                    request
                        .overrideConfiguration()
                        .map(AwsRequestOverrideConfiguration::toBuilder)
                        .orElseGet(AwsRequestOverrideConfiguration::builder)
                        .apiCallTimeout(time)
                        .build())
                .build();
    try {
      return ScopedValue.where(Pacing.DEADLINE, deadline).call(() -> call.apply(timed));
    } catch (RuntimeException e) {
      throw AwsErrors.failure(name, e);
    }
  }

  /** A call of the port, to be made again. */
  @FunctionalInterface
  public interface Attempt<T> {
    T run() throws ProviderException, InterruptedException;
  }

  /** An effect of the port, to be had again. */
  @FunctionalInterface
  public interface Action {
    void run() throws ProviderException, InterruptedException;
  }

  /** Makes a deletion; what is not there any more is deleted. */
  public static void gone(Action deletion) throws ProviderException, InterruptedException {
    try {
      deletion.run();
    } catch (ProviderException failure) {
      if (failure.kind() != Kind.NOT_FOUND) {
        throw failure;
      }
    }
  }

  /** Makes a link or an entry; what is there already, as after a lost answer, is made. */
  public static void present(Action creation) throws ProviderException, InterruptedException {
    try {
      creation.run();
    } catch (ProviderException failure) {
      if (failure.kind() != Kind.ALREADY_EXISTS) {
        throw failure;
      }
    }
  }

  /**
   * Makes a thing whose name can be taken once. After a lost answer the name is taken by what was
   * made: that one is used.
   *
   * @param ours the event's own thing of that name, by its tags; empty when it is not ours
   */
  public static <T> T adopting(Attempt<T> creation, Attempt<Optional<T>> ours)
      throws ProviderException, InterruptedException {
    try {
      return creation.run();
    } catch (ProviderException failure) {
      Optional<T> there = failure.kind() == Kind.ALREADY_EXISTS ? ours.run() : Optional.<T>empty();
      if (there.isEmpty()) {
        throw failure;
      }
      return there.get();
    }
  }

  /**
   * Makes a creation that has no client token: the SDK must not repeat it, because it may have had
   * its effect. Only a throttled call, which has none, is made again here.
   *
   * @param call of a client that does not repeat
   */
  public <R extends AwsRequest, T> T once(Deadline deadline, R request, Function<R, T> call)
      throws ProviderException, InterruptedException {
    return again(
        deadline, () -> of(deadline, request, call), failure -> failure.kind() == Kind.THROTTLED);
  }

  /** Makes a call on something just made: NOT_FOUND is not believed for two minutes. */
  public <T> T settling(Deadline deadline, Attempt<T> attempt)
      throws ProviderException, InterruptedException {
    return again(deadline.atMost(SETTLING), attempt, failure -> failure.kind() == Kind.NOT_FOUND);
  }

  /** As {@link #settling}, for an effect. */
  public void settled(Deadline deadline, Action action)
      throws ProviderException, InterruptedException {
    settling(
        deadline,
        () -> {
          action.run();
          return true;
        });
  }

  /**
   * Makes a deletion until nothing uses the subject any more; what is not there is deleted.
   *
   * @param blockers names what still uses it, for the failure when time is up
   */
  public void freed(Deadline deadline, String subject, Action deletion, Attempt<String> blockers)
      throws ProviderException, InterruptedException {
    try {
      again(
          deadline,
          () -> {
            gone(deletion);
            return true;
          },
          failure -> AwsErrors.reason(failure) == AwsErrors.Reason.IN_USE);
    } catch (ProviderException failure) {
      if (AwsErrors.reason(failure) != AwsErrors.Reason.IN_USE) {
        throw failure;
      }
      String users = blockers.run();
      throw new ProviderException(
          Kind.UNAVAILABLE,
          subject + " is still used by " + (users.isEmpty() ? "something unseen" : users),
          "Remove what uses it if it is not spike's, then run spike teardown again.",
          failure);
    }
  }

  private <T> T again(
      Deadline deadline, Attempt<T> attempt, Function<ProviderException, Boolean> passing)
      throws ProviderException, InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return attempt.run();
      } catch (ProviderException failure) {
        if (!passing.apply(failure) || !slept(pause, deadline)) {
          throw failure;
        }
      }
      pause = longer(pause);
    }
  }

  /**
   * Looks until nothing is missing.
   *
   * @param look empty when all is as hoped, else what is missing
   * @throws ProviderException UNAVAILABLE with what was missing last
   */
  public void until(Deadline deadline, String next, Attempt<Optional<String>> look)
      throws ProviderException, InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (true) {
      Optional<String> missing = look.run();
      if (missing.isEmpty()) {
        return;
      }
      if (!slept(pause, deadline)) {
        throw new ProviderException(Kind.UNAVAILABLE, "time is up: " + missing.get(), next);
      }
      pause = longer(pause);
    }
  }

  /**
   * Pauses. False when time is up after it: a last look with a few milliseconds left would only
   * fail for want of them.
   */
  private boolean slept(Duration pause, Deadline deadline) throws InterruptedException {
    Duration left = deadline.left();
    boolean last = left.compareTo(pause) <= 0;
    pace.sleep(last ? left.plus(AFTER_DEADLINE) : pause);
    return !last;
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : twice;
  }
}

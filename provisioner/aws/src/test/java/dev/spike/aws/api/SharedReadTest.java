package dev.spike.aws.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SharedReadTest {
  private static final int CALLERS = 20;

  private final AtomicInteger world = new AtomicInteger();
  private final AtomicInteger reads = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch released = new CountDownLatch(1);

  private static Deadline soon() {
    return Deadline.in(Clock.systemUTC(), Duration.ofSeconds(20));
  }

  /** The first read stands still until it is released; each tells how the world is when it ends. */
  private SharedRead<String, Integer> slow() {
    return new SharedRead<>(
        (key, deadline) -> {
          int seen = world.get();
          if (reads.incrementAndGet() == 1) {
            begun.countDown();
            released.await();
          }
          return seen;
        });
  }

  @Test
  void whoComesWhileAReadIsUnderWaySharesTheNextAndSeesWhatChangedBeforeItCame() throws Exception {
    SharedRead<String, Integer> read = slow();
    try (ExecutorService threads = Executors.newFixedThreadPool(CALLERS + 1)) {
      Future<Integer> first = threads.submit(() -> read.of("event", soon()));
      begun.await();
      world.set(1);
      List<Future<Integer>> others = new ArrayList<>();
      CountDownLatch asking = new CountDownLatch(CALLERS);
      for (int i = 0; i < CALLERS; i++) {
        others.add(
            threads.submit(
                () -> {
                  asking.countDown();
                  return read.of("event", soon());
                }));
      }
      asking.await();
      Thread.sleep(200);
      released.countDown();

      assertThat(first.get()).isZero();
      for (Future<Integer> other : others) {
        assertThat(other.get()).isEqualTo(1);
      }
      assertThat(reads.get()).isBetween(2, 3);
    }
  }

  @Test
  void aReadThatFailsIsMadeAgainByWhoWaitedForIt() throws Exception {
    SharedRead<String, Integer> read =
        new SharedRead<>(
            (key, deadline) -> {
              if (reads.incrementAndGet() == 1) {
                begun.countDown();
                released.await();
                return 0;
              }
              if (reads.get() == 2) {
                throw new ProviderException(Kind.THROTTLED, "too often", "");
              }
              return 7;
            });
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      Future<Integer> first = threads.submit(() -> read.of("event", soon()));
      begun.await();
      List<Future<Integer>> two =
          List.of(
              threads.submit(() -> read.of("event", soon())),
              threads.submit(() -> read.of("event", soon())));
      Thread.sleep(200);
      released.countDown();

      assertThat(first.get()).isZero();
      List<String> ends = new ArrayList<>();
      for (Future<Integer> one : two) {
        try {
          ends.add(one.get().toString());
        } catch (java.util.concurrent.ExecutionException failed) {
          ends.add(((ProviderException) failed.getCause()).kind().toString());
        }
      }
      assertThat(ends).containsExactlyInAnyOrder("THROTTLED", "7");
    }
  }

  @Test
  void whoGivesUpWaitingKeepsNobody() throws Exception {
    SharedRead<String, Integer> read = slow();
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      Future<Integer> first = threads.submit(() -> read.of("event", soon()));
      begun.await();
      Future<Integer> leaving = threads.submit(() -> read.of("event", soon()));
      Thread.sleep(200);
      leaving.cancel(true);
      Future<Integer> last = threads.submit(() -> read.of("event", soon()));
      released.countDown();

      assertThat(first.get()).isZero();
      assertThat(last.get()).isZero();
    }
  }

  @Test
  void withinAGlanceItIsReadOnceAndAFailureIsEachOnesOwn() throws Exception {
    SharedRead<String, Integer> read = new SharedRead<>((key, deadline) -> reads.incrementAndGet());
    SharedRead<String, Integer> failing =
        new SharedRead<>(
            (key, deadline) -> {
              throw new ProviderException(Kind.UNAVAILABLE, "try " + reads.incrementAndGet(), "");
            });
    Glance glance = new Glance();

    assertThat(glance.with(() -> read.of("event", soon()))).isEqualTo(1);
    assertThat(glance.with(() -> read.of("event", soon()))).isEqualTo(1);
    assertThat(glance.with(() -> read.of("other", soon()))).isEqualTo(2);
    assertThat(new Glance().with(() -> read.of("event", soon()))).isEqualTo(3);
    assertThat(read.of("event", soon())).isEqualTo(4);
    for (int attempt = 5; attempt <= 6; attempt++) {
      String message = "try " + attempt;
      assertThatThrownBy(() -> glance.with(() -> failing.of("event", soon()))).hasMessage(message);
    }
  }
}

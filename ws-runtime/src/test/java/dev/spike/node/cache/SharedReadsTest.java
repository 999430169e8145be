package dev.spike.node.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who asks at the same time shares a read, and nobody is told what was read before. */
class SharedReadsTest {
  private final List<CompletableFuture<String>> reads = new ArrayList<>();
  private final List<String> read = new ArrayList<>();
  private final List<Runnable> due = new ArrayList<>();
  private final SharedReads<String, String> shared =
      new SharedReads<>(
          key -> {
            read.add(key);
            reads.add(new CompletableFuture<>());
            return reads.getLast();
          },
          (millis, action) -> due.add(action));

  @Test
  void aCrowdReadsAChannelOnceAtOnceAndOnceMoreAfterTheWindow() {
    List<CompletableFuture<String>> crowd = new ArrayList<>();
    for (int client = 0; client < 1000; client++) {
      crowd.add(shared.read("event"));
    }
    assertThat(read).hasSize(1);

    windowOver();
    assertThat(read).hasSize(2);
    reads.get(0).complete("first");
    assertThat(crowd.get(0)).isCompletedWithValue("first");
    assertThat(crowd.subList(1, 1000)).noneMatch(CompletableFuture::isDone);
    reads.get(1).complete("second");
    assertThat(crowd.subList(1, 1000)).allMatch(one -> one.join().equals("second"));
  }

  @Test
  void whoAsksWhileAReadIsUnderWayGetsOneThatBeganLater() {
    var unusedFirst = shared.read("event");
    windowOver();
    CompletableFuture<String> second = shared.read("event");

    reads.get(0).complete("old");

    assertThat(second).isNotDone();
    assertThat(read).hasSize(2);
    reads.get(1).complete("new");
    assertThat(second).isCompletedWithValue("new");
  }

  @Test
  void otherKeysDoNotWait() {
    var unusedEvent = shared.read("event");
    var unusedScore = shared.read("score");

    assertThat(read).containsExactly("event", "score");
  }

  @Test
  void aKeyThatNobodyAsksForIsForgottenAndReadAtOnceNextTime() {
    var unusedFirst = shared.read("event");
    assertThat(shared.open()).isEqualTo(1);

    windowOver();

    assertThat(shared.open()).isZero();
    var unusedSecond = shared.read("event");
    assertThat(read).hasSize(2);
  }

  @Test
  void aCrowdThatKeepsComingIsReadForOnceAWindow() {
    var unusedFirst = shared.read("event");
    for (int window = 0; window < 5; window++) {
      var unusedOne = shared.read("event");
      var unusedOther = shared.read("event");
      windowOver();
    }

    assertThat(read).hasSize(6);
    assertThat(shared.open()).isEqualTo(1);
  }

  @Test
  void aFailureReachesAllWhoSharedTheReadAndNobodyElse() {
    CompletableFuture<String> first = shared.read("event");
    CompletableFuture<String> second = shared.read("event");
    CompletableFuture<String> third = shared.read("event");
    windowOver();

    reads.get(1).completeExceptionally(new IOException("the cache is away"));
    reads.get(0).complete("first");

    assertThat(first).isCompletedWithValue("first");
    assertThat(second).isCompletedExceptionally();
    assertThat(third).isCompletedExceptionally();
  }

  private void windowOver() {
    due.removeFirst().run();
  }

  @Test
  void whoWaitsForAReadThatThrowsIsToldSo() {
    SharedReads<String, String> broken =
        new SharedReads<>(
            key -> {
              throw new IllegalStateException("closed");
            },
            (millis, action) -> due.add(action));
    CompletableFuture<String> first = broken.read("event");
    CompletableFuture<String> waiting = broken.read("event");

    windowOver();

    assertThat(first).isCompletedExceptionally();
    assertThat(waiting).isCompletedExceptionally();
  }
}

package dev.spike.node.cache;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Reads that those who ask at nearly the same time share. All reads of a channel meet on the one
 * shard that holds it, however many there are: a crowd that follows one channel would bring that
 * shard down while it connects. One key is read once in {@link #WINDOW_MILLIS} at most.
 *
 * <p>An answer is never older than its question: who asks while a read is under way gets the next
 * one. Waits at most one window and one read longer than alone.
 *
 * @param <K> what is read
 * @param <V> the answer, which all who share it must leave unchanged
 */
final class SharedReads<K, V> {
  /** Between two reads of one key. */
  static final long WINDOW_MILLIS = 50;

  /** Reads. */
  interface Source<K, V> {
    CompletableFuture<V> read(K key);
  }

  /** Runs an action after that time. */
  interface Clock {
    void after(long millis, Runnable action);
  }

  private final Source<K, V> source;
  private final Clock clock;

  /** Of each key that was read within the last window, and who waits for its next read. */
  private final Map<K, Window<V>> windows = new HashMap<>();

  SharedReads(Source<K, V> source, Clock clock) {
    this.source = source;
    this.clock = clock;
  }

  private static final class Window<V> {
    final CompletableFuture<V> next = new CompletableFuture<>();
    boolean isWanted;
  }

  /** An answer that was read after this call. */
  CompletableFuture<V> read(K key) {
    synchronized (this) {
      Window<V> window = windows.get(key);
      if (window != null) {
        window.isWanted = true;
        return window.next;
      }
      windows.put(key, new Window<>());
    }
    CompletableFuture<V> answer = new CompletableFuture<>();
    start(key, answer);
    return answer;
  }

  private void start(K key, CompletableFuture<V> answer) {
    clock.after(WINDOW_MILLIS, () -> windowOver(key));
    // Composed, so that a source that throws fails the answer that others wait for.
    var unusedShared =
        CompletableFuture.completedFuture(key)
            .thenCompose(source::read)
            .whenComplete(
                (value, failed) -> {
                  if (failed == null) {
                    answer.complete(value);
                  } else {
                    answer.completeExceptionally(failed);
                  }
                });
  }

  private void windowOver(K key) {
    CompletableFuture<V> answer;
    synchronized (this) {
      Window<V> over = windows.remove(key);
      if (over == null || !over.isWanted) {
        return;
      }
      answer = over.next;
      windows.put(key, new Window<>());
    }
    start(key, answer);
  }

  /** Keys that were read within the last window. */
  synchronized int open() {
    return windows.size();
  }
}

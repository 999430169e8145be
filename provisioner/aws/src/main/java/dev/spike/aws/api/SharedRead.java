package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A read that several threads want at once. Who comes while one is under way joins the next, which
 * begins when that one has ended: what a caller gets was read after it asked, and two reads serve
 * however many ask at the same time. Within a {@link Glance} it is read once.
 *
 * @param <K> what is asked for, such as an event
 * @param <V> what is found
 */
public final class SharedRead<K, V> {

  /** The read itself. */
  @FunctionalInterface
  public interface Read<K, V> {
    V of(K key, Deadline deadline) throws ProviderException, InterruptedException;
  }

  private final Read<K, V> read;
  private final ConcurrentHashMap<K, Line<V>> lines = new ConcurrentHashMap<>();

  public SharedRead(Read<K, V> read) {
    this.read = read;
  }

  /** The reads of one key: one under way at most, and one that may still be joined. */
  private static final class Line<V> {
    final Semaphore turn = new Semaphore(1);
    private @Nullable CompletableFuture<V> next;

    /** The read to join; empty when the caller is the one who makes it. */
    synchronized @Nullable CompletableFuture<V> joinOr(CompletableFuture<V> own) {
      if (next == null) {
        next = own;
        return null;
      }
      return next;
    }

    /** Nobody joins the read that was there to join any more. */
    synchronized void close() {
      next = null;
    }
  }

  /**
   * What was found, read after this call began. A failure of the read is thrown to who made it;
   * those who had joined it read for themselves.
   */
  public V of(K key, Deadline deadline) throws ProviderException, InterruptedException {
    CompletableFuture<V> own = new CompletableFuture<>();
    Optional<Glance> glance = Glance.present();
    if (glance.isPresent()) {
      CompletableFuture<V> seen = glance.get().joinOr(this, key, own);
      return seen == null ? read(own, key, deadline) : follow(seen, key, deadline);
    }
    Line<V> line = lines.computeIfAbsent(key, any -> new Line<>());
    CompletableFuture<V> joined = line.joinOr(own);
    return joined == null ? lead(line, own, key, deadline) : follow(joined, key, deadline);
  }

  private V lead(Line<V> line, CompletableFuture<V> own, K key, Deadline deadline)
      throws ProviderException, InterruptedException {
    boolean turn = false;
    try {
      try {
        turn = line.turn.tryAcquire(deadline.left().toMillis(), TimeUnit.MILLISECONDS);
      } finally {
        line.close();
      }
      return read(own, key, deadline);
    } finally {
      own.cancel(false);
      if (turn) {
        line.turn.release();
      }
    }
  }

  private V read(CompletableFuture<V> own, K key, Deadline deadline)
      throws ProviderException, InterruptedException {
    try {
      V found = read.of(key, deadline);
      own.complete(found);
      return found;
    } finally {
      own.cancel(false);
    }
  }

  private V follow(CompletableFuture<V> joined, K key, Deadline deadline)
      throws ProviderException, InterruptedException {
    try {
      return joined.get(deadline.left().toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException | CancellationException notFound) {
      return read.of(key, deadline);
    }
  }
}

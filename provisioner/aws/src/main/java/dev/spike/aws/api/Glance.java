package dev.spike.aws.api;

import dev.spike.core.provider.ProviderException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One look at the world, by many threads: what several of them need of it is read once, so that
 * they also see the same.
 */
public final class Glance {
  private static final ScopedValue<Glance> PRESENT = ScopedValue.newInstance();

  private final ConcurrentHashMap<List<Object>, CompletableFuture<?>> reads =
      new ConcurrentHashMap<>();

  /** A part of the look. */
  @FunctionalInterface
  public interface Part<T> {
    T see() throws ProviderException, InterruptedException;
  }

  /** Runs a part of this look on the calling thread. */
  public <T> T with(Part<T> part) throws ProviderException, InterruptedException {
    try {
      return ScopedValue.where(PRESENT, this).call(part::see);
    } catch (ProviderException | InterruptedException | RuntimeException failure) {
      throw failure;
    } catch (Exception other) {
      throw new IllegalStateException("a part of a look throws nothing else", other);
    }
  }

  /** The look that the calling thread is part of. */
  static Optional<Glance> present() {
    return PRESENT.isBound() ? Optional.of(PRESENT.get()) : Optional.empty();
  }

  /** The read of the same in this look; null when there was none, and then it is the given one. */
  @SuppressWarnings("unchecked") // a reader finds one type
  <V> @Nullable CompletableFuture<V> joinOr(
      SharedRead<?, V> reader, Object key, CompletableFuture<V> own) {
    return (CompletableFuture<V>) reads.putIfAbsent(List.of(reader, key), own);
  }
}

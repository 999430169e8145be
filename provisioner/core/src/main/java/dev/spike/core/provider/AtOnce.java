package dev.spike.core.provider;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The same work for several things at once, as adapters do it for nodes, parts and calls. */
public final class AtOnce {
  private static final int THREADS_MAX = 16;

  private AtOnce() {}

  /**
   * Work for one thing.
   *
   * @param <X> what it throws beside the port's failures
   */
  @FunctionalInterface
  public interface Work<A, B, X extends Exception> {
    B of(A item) throws ProviderException, InterruptedException, X;
  }

  /** Runs the work for each item and returns the results in order; the first failure ends it. */
  @SuppressWarnings("unchecked") // what is neither the port's nor unchecked is what the work throws
  public static <A, B, X extends Exception> List<B> each(Collection<A> items, Work<A, B, X> work)
      throws ProviderException, InterruptedException, X {
    if (items.isEmpty()) {
      return List.of();
    }
    try (ExecutorService threads =
        Executors.newFixedThreadPool(Math.min(THREADS_MAX, items.size()))) {
      List<Future<B>> futures = new ArrayList<>();
      for (A item : items) {
        futures.add(threads.submit(() -> work.of(item)));
      }
      List<B> results = new ArrayList<>();
      try {
        for (Future<B> future : futures) {
          results.add(future.get());
        }
        return results;
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case ProviderException failure -> throw failure;
          case InterruptedException failure -> throw failure;
          case RuntimeException failure -> throw failure;
          case Exception failure -> throw (X) failure;
          case null, default -> throw new IllegalStateException("parallel work failed", e);
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }
}

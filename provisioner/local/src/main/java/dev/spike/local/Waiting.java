package dev.spike.local;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Waiting for something to become true, never beyond a deadline. */
final class Waiting {
  private Waiting() {}

  /** Looks once; empty when it is as hoped, else what is still missing. */
  @FunctionalInterface
  interface Look {
    Optional<String> missing() throws IOException, InterruptedException, ProviderException;
  }

  /**
   * Looks again and again until nothing is missing.
   *
   * @throws ProviderException UNAVAILABLE with what was missing last
   */
  static void until(Deadline deadline, Duration pause, String next, Look look)
      throws IOException, InterruptedException, ProviderException {
    while (true) {
      Optional<String> missing = look.missing();
      if (missing.isEmpty()) {
        return;
      }
      if (deadline.passed()) {
        throw new ProviderException(Kind.UNAVAILABLE, "time is up: " + missing.get(), next);
      }
      Thread.sleep(pause);
    }
  }
}

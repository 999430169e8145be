package dev.spike.local;

import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.local.linux.LinuxException;
import java.io.IOException;

/** Turns what Linux reports into the port's closed set of failures. */
final class Failures {
  private Failures() {}

  /** A call that may fail in Linux's way or in the port's. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws IOException, InterruptedException, ProviderException;
  }

  /**
   * Runs the call.
   *
   * @param what what is being done, as in "network could not be made"
   */
  static <T> T translated(String what, Call<T> call)
      throws ProviderException, InterruptedException {
    try {
      return call.run();
    } catch (LinuxException e) {
      if (e.privilege()) {
        throw new ProviderException(
            Kind.UNAUTHORIZED,
            what + ": " + e.getMessage(),
            "Run as root, or with CAP_NET_ADMIN and CAP_SYS_ADMIN; spike doctor names what is missing.",
            e);
      }
      throw unavailable(what, e);
    } catch (IOException e) {
      throw unavailable(what, e);
    }
  }

  /** As {@link #translated}, for calls of the port that may not be interrupted. */
  static <T> T uninterrupted(String what, Call<T> call) throws ProviderException {
    try {
      return translated(what, call);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProviderException(
          Kind.UNAVAILABLE, what + ": it was interrupted", "Run the same command again.", e);
    }
  }

  private static ProviderException unavailable(String what, IOException e) {
    String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    return new ProviderException(
        Kind.UNAVAILABLE,
        what + ": " + text,
        "Run the same command again; if it fails the same way, spike doctor names what is missing.",
        e);
  }
}

package dev.spike.core.apply;

import dev.spike.core.plan.Diagnostic;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Lease;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import java.time.Duration;
import java.util.Optional;

/** Waits for the right to change an event's resources. */
final class LeaseWait {
  private static final Duration PAUSE = Duration.ofMillis(250);

  private LeaseWait() {}

  /** The lease; empty when another run holds it for longer than one waits, or on a stop. */
  static Optional<Lease> take(Provider provider, EventName event, Deadline patience, Stop stop)
      throws ProviderException, InterruptedException {
    Optional<Lease> lease = provider.tryLease(event);
    while (lease.isEmpty() && !patience.passed() && !stop.requested()) {
      Thread.sleep(PAUSE);
      lease = provider.tryLease(event);
    }
    return lease;
  }

  /** What is said when it went to another run while this one went on. */
  static Diagnostic lost(EventName event) {
    return Diagnostic.error(
        "The lease of " + event + " was lost while this run went on",
        "another run has it or may take it, so that nothing more is begun here",
        "Let the other run end, then run the same command again: it observes first.");
  }

  /** What is said when another run holds it. */
  static Diagnostic held(Provider provider, EventName event, Duration waited)
      throws ProviderException, InterruptedException {
    return Diagnostic.error(
        "Another run holds the lease of " + event,
        provider.leaseHolder(event).map(run -> "held by " + run + "; ").orElse("")
            + "waited "
            + waited.toSeconds()
            + " s",
        "Wait for it to end, or give --lock-timeout a longer time.");
  }
}

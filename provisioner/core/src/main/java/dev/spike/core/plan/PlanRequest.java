package dev.spike.core.plan;

import java.time.Instant;
import java.util.Optional;

/**
 * What a plan is made with besides the event file.
 *
 * @param asOf the instant of what is known: later sales are left out, and the calendar is judged by
 *     it
 * @param providerOverride the provider to plan for; empty to take the file's
 */
public record PlanRequest(Instant asOf, long seed, Optional<String> providerOverride) {
  /** The seed where none is asked for. */
  public static final long DEFAULT_SEED = 1;
}

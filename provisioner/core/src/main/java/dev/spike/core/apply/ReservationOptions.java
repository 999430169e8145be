package dev.spike.core.apply;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How {@code reserve} runs.
 *
 * @param asOf taken for the present when deciding whether the calendar allows it; null for the
 *     clock's time
 * @param dryRun look and compute only
 * @param costMax what the caller agrees to pay, in the plan's currency; without it nothing is asked
 *     for
 * @param await wait for the provider's answers until the deadline
 * @param lockTimeout how long to wait for another run's lease
 */
public record ReservationOptions(
    @Nullable Instant asOf,
    boolean dryRun,
    OptionalDouble costMax,
    boolean await,
    Duration deadline,
    Duration lockTimeout) {}

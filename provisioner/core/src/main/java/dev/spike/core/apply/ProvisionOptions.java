package dev.spike.core.apply;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How {@code provision} runs.
 *
 * @param now act before the plan's due time
 * @param asOf taken for the present when deciding what is due; null for the clock's time
 * @param dryRun observe and compare only
 * @param allowReplace permit what takes a live node away
 * @param lockTimeout how long to wait for another run's lease
 */
public record ProvisionOptions(
    boolean now,
    @Nullable Instant asOf,
    boolean dryRun,
    boolean allowReplace,
    Duration deadline,
    Duration lockTimeout) {}

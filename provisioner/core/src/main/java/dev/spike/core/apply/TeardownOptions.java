package dev.spike.core.apply;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How {@code teardown} runs.
 *
 * @param force do not ask whether it is due or whether clients are connected
 * @param keepData leave the cache, and what it stands on
 * @param asOf taken for the present when deciding what is due; null for the clock's time
 * @param lockTimeout how long to wait for another run's lease
 * @param drainGateConnections with more live connections than this it refuses
 */
public record TeardownOptions(
    boolean force,
    boolean keepData,
    @Nullable Instant asOf,
    Duration deadline,
    Duration lockTimeout,
    long drainGateConnections) {}

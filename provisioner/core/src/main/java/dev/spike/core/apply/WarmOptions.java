package dev.spike.core.apply;

import java.time.Duration;

/**
 * How {@code warm} runs.
 *
 * @param lockTimeout how long to wait for another run's lease
 */
public record WarmOptions(Duration deadline, Duration lockTimeout) {}

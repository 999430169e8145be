package dev.spike.core.spec;

/**
 * One input of the plan.
 *
 * @param name its path in the event file, such as {@code clients.reconnectJitter}
 * @param value as text, with its unit
 * @param source why this value: the prior's source for a default, the file for what was measured
 */
public record Assumption(String name, String value, Origin origin, String source) {}

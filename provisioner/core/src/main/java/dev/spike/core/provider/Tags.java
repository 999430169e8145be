package dev.spike.core.provider;

import dev.spike.core.resource.EventName;
import java.time.Instant;

/**
 * What every resource carries from the first moment it exists.
 *
 * @param expires when nobody should still pay for it
 * @param planDigest for information only; names never derive from it
 */
public record Tags(EventName event, Instant expires, String planDigest) {}

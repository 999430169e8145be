/**
 * Clients, a queue and a clock, one event after the other. Shares nothing with the formulas of
 * {@code core.capacity}, which it is there to check.
 */
@NullMarked
package dev.spike.core.capacity.simulation;

import org.jspecify.annotations.NullMarked;

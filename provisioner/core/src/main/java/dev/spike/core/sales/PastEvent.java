package dev.spike.core.sales;

import java.time.Instant;

/**
 * An event that is over, from which the usual course of sales is learned.
 *
 * @param name for messages and the plan's assumptions
 * @param sales all of its final sales, by product and minute
 */
public record PastEvent(String name, Instant startsAt, SalesHistory sales) {}

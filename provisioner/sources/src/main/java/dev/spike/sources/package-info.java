/** Ticket sources that are reached over a network or through a driver. */
@NullMarked
package dev.spike.sources;

import org.jspecify.annotations.NullMarked;

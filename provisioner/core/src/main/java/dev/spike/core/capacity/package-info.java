/** From a forecast and a node profile to a number of nodes. Pure functions of values. */
@NullMarked
package dev.spike.core.capacity;

import org.jspecify.annotations.NullMarked;

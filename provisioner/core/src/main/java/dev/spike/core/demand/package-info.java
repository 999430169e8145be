/** From counted sales to a forecast of connections. Pure. */
@NullMarked
package dev.spike.core.demand;

import org.jspecify.annotations.NullMarked;

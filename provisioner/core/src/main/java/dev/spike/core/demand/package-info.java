/** From ticket exports to a forecast of connections. Pure apart from the readers of exports. */
@NullMarked
package dev.spike.core.demand;

import org.jspecify.annotations.NullMarked;

/** From ticket exports to counts by product and minute. Nothing personal leaves it. */
@NullMarked
package dev.spike.core.sales;

import org.jspecify.annotations.NullMarked;

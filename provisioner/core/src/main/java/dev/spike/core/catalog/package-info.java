/** Node profiles and prices, as shipped under {@code templates/catalog}. */
@NullMarked
package dev.spike.core.catalog;

import org.jspecify.annotations.NullMarked;

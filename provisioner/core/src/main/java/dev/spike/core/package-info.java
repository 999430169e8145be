/** Pure core of spike: forecasting, capacity, resources, the apply engine and the provider port. */
@NullMarked
package dev.spike.core;

import org.jspecify.annotations.NullMarked;

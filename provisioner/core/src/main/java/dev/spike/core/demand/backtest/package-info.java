/** Forecasts of evenings that were recorded, held against what then came. Pure. */
@NullMarked
package dev.spike.core.demand.backtest;

import org.jspecify.annotations.NullMarked;

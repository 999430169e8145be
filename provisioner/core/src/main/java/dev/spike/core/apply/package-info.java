/** Difference, ordered steps and their application: how a tier converges and how it is removed. */
@NullMarked
package dev.spike.core.apply;

import org.jspecify.annotations.NullMarked;

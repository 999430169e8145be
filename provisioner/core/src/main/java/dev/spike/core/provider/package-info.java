/** The port that every provider implements, and its error contract. */
@NullMarked
package dev.spike.core.provider;

import org.jspecify.annotations.NullMarked;

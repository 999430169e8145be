/** The event file: what it may say, what it says, and what is assumed where it is silent. */
@NullMarked
package dev.spike.core.spec;

import org.jspecify.annotations.NullMarked;

/** The plan: a value that is made from an event file, saved, reviewed and applied. */
@NullMarked
package dev.spike.core.plan;

import org.jspecify.annotations.NullMarked;

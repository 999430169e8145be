/** The commands of spike-node and its composition root. */
@NullMarked
package dev.spike.node;

import org.jspecify.annotations.NullMarked;

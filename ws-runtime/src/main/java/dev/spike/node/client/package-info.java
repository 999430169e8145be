/** The client side: probes, load and drills. */
@NullMarked
package dev.spike.node.client;

import org.jspecify.annotations.NullMarked;

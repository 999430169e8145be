/** The WebSocket server of a node. */
@NullMarked
package dev.spike.node.serve;

import org.jspecify.annotations.NullMarked;

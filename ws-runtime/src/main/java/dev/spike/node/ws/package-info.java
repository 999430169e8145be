/** RFC 6455 framing for both ends. */
@NullMarked
package dev.spike.node.ws;

import org.jspecify.annotations.NullMarked;

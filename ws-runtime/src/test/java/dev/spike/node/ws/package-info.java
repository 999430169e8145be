/** RFC 6455 framing. */
@NullMarked
package dev.spike.node.ws;

import org.jspecify.annotations.NullMarked;

/** The one seam behind which the TLS engine sits. */
@NullMarked
package dev.spike.node.tls;

import org.jspecify.annotations.NullMarked;

/**
 * The provider {@code local}: a whole tier on one Linux machine, with network namespaces as hosts.
 * It keeps no state file; all that exists is found again in the kernel and the process table.
 */
@NullMarked
package dev.spike.local;

import org.jspecify.annotations.NullMarked;

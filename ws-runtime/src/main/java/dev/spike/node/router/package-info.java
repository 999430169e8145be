/**
 * The user-space side of the connection router: loads, fills, attaches and observes the program.
 */
@NullMarked
package dev.spike.node.router;

import org.jspecify.annotations.NullMarked;

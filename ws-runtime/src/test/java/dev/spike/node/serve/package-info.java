/** Tests of nodes that serve, with a real cache. */
@NullMarked
package dev.spike.node.serve;

import org.jspecify.annotations.NullMarked;

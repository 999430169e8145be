/** Sessions and channels in Redis Cluster. */
@NullMarked
package dev.spike.node.cache;

import org.jspecify.annotations.NullMarked;

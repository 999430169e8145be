/**
 * The only package that knows Linux: namespaces, {@code ip}, {@code nft}, mounts, processes and
 * {@code redis-server}. Nothing in it knows a resource or a plan.
 */
@NullMarked
package dev.spike.local.linux;

import org.jspecify.annotations.NullMarked;

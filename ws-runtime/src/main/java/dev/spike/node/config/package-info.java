/** Configuration, secrets and the few words shared by all parts. */
@NullMarked
package dev.spike.node.config;

import org.jspecify.annotations.NullMarked;

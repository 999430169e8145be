/** The {@code spike} program: its verbs, one a file, and where everything is put together. */
@NullMarked
package dev.spike.cli;

import org.jspecify.annotations.NullMarked;

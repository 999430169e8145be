/** The proof that a tier is warm: checks that declare what they depend on, and drills. */
@NullMarked
package dev.spike.core.warm;

import org.jspecify.annotations.NullMarked;

/** The emulated AWS that the adapter's tests run against, and a second opinion on what is left. */
@NullMarked
package dev.spike.aws.emulator;

import org.jspecify.annotations.NullMarked;

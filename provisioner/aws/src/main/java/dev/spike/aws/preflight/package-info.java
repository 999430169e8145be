/** What is looked at before anything is rented: rights, limits, and what was given. */
@NullMarked
package dev.spike.aws.preflight;

import org.jspecify.annotations.NullMarked;

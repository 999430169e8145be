@NullMarked
package dev.spike.aws.preflight;

import org.jspecify.annotations.NullMarked;

/**
 * The calls to AWS that are used, and nothing else of its SDK: paced, retried, counted, bounded by
 * a deadline, and with every error code translated.
 */
@NullMarked
package dev.spike.aws.api;

import org.jspecify.annotations.NullMarked;

package dev.spike.aws.api;

import java.time.Duration;

/**
 * What was sent to one bucket of the API.
 *
 * @param calls requests on the wire, each attempt counted
 * @param repeats of them, those that repeated a failed attempt
 * @param waited for a turn, added up over all threads
 */
public record CallCount(long calls, long repeats, Duration waited) {
  static final CallCount NONE = new CallCount(0, 0, Duration.ZERO);

  CallCount and(boolean repeat, Duration wait) {
    return new CallCount(calls + 1, repeats + (repeat ? 1 : 0), waited.plus(wait));
  }
}

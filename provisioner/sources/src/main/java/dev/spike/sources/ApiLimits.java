package dev.spike.sources;

import java.time.Duration;

/**
 * Where a reader of an API gives up.
 *
 * @param connect until a connection stands
 * @param request until one answer is here in whole
 * @param overall until the last answer is here, waits included
 * @param attempts of one request
 * @param firstWait before the second attempt; doubled before each further one
 * @param longestWait no wait is longer, also when the service asks for it
 * @param pageBytes of one answer
 * @param pages of one source
 */
record ApiLimits(
    Duration connect,
    Duration request,
    Duration overall,
    int attempts,
    Duration firstWait,
    Duration longestWait,
    int pageBytes,
    int pages) {
  /**
   * 100,000 pages are 5 million orders at 50 a page, what pretix and Eventbrite give at most;
   * whoever sold more has an export.
   */
  static final ApiLimits USUAL =
      new ApiLimits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofMinutes(30),
          6,
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          32 << 20,
          100_000);
}

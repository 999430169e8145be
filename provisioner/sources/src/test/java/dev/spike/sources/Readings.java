package dev.spike.sources;

import dev.spike.core.sales.Reading;
import dev.spike.core.sales.SalesHistory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;

/** Readings of tests, as of {@link #AS_OF}. */
final class Readings {
  static final Instant AS_OF = Instant.parse("2027-05-27T12:00:00Z");

  /** Like the usual ones, but quick to give up. */
  static final ApiLimits QUICK =
      new ApiLimits(
          Duration.ofSeconds(2),
          Duration.ofMillis(700),
          Duration.ofSeconds(20),
          3,
          Duration.ofMillis(10),
          Duration.ofSeconds(2),
          1 << 20,
          100);

  private Readings() {}

  static Reading with(Map<String, String> environment) {
    return new Reading(
        Path.of("/nonexistent"),
        AS_OF,
        environment,
        new SalesHistory.Counter(),
        new TreeMap<>(),
        new ArrayList<>());
  }
}

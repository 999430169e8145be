package dev.spike.cli.html;

import java.util.Optional;

/**
 * A quantile as people speak of chances.
 *
 * @param within such as {@code 99 of 100 cases}
 * @param beyond such as {@code 1 of 100 cases}
 */
record Odds(String within, String beyond) {

  /** Of a confidence such as {@code p99}; nothing of another word. */
  static Optional<Odds> of(String confidence) {
    return switch (confidence) {
      case "p50" -> Optional.of(new Odds("1 of 2 cases", "1 of 2 cases"));
      case "p90" -> Optional.of(new Odds("9 of 10 cases", "1 of 10 cases"));
      case "p99" -> Optional.of(new Odds("99 of 100 cases", "1 of 100 cases"));
      default -> Optional.empty();
    };
  }
}

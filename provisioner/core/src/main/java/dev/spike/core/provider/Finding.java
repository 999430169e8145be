package dev.spike.core.provider;

import java.util.Optional;

/**
 * One thing preflight looked at.
 *
 * @param observed what was seen, and what is needed where that is a number
 * @param failure empty when nothing stands in the way, else whether it is a privilege, a missing
 *     tool or a limit
 * @param warning true when it stands in nobody's way and should be known all the same
 * @param next what to do about it; empty text when there is nothing to do
 */
public record Finding(
    String what,
    String observed,
    Optional<ProviderException.Kind> failure,
    boolean warning,
    String next) {
  public Finding {
    if (failure.isPresent() && warning) {
      throw new IllegalArgumentException(what + " is a failure or a warning, not both");
    }
  }

  /** As it should be. */
  public static Finding fine(String what, String observed) {
    return new Finding(what, observed, Optional.empty(), false, "");
  }

  /** In nobody's way, and to be known. */
  public static Finding warning(String what, String observed, String next) {
    return new Finding(what, observed, Optional.empty(), true, next);
  }

  /** In the way. */
  public static Finding missing(
      String what, String observed, ProviderException.Kind kind, String next) {
    return new Finding(what, observed, Optional.of(kind), false, next);
  }
}

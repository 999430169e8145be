package dev.spike.aws.preflight;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Finding;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.util.List;

/** One question of the preflight; it changes nothing. */
@FunctionalInterface
interface Look {
  List<Finding> findings(Deadline deadline) throws ProviderException, InterruptedException;

  /** A look and what it is about, for the finding when it fails as a whole. */
  record Named(String what, Look look) {}

  /**
   * A look at one thing that somebody named: that it is not there is a finding like another.
   *
   * @param next what to do where it is not there
   */
  static Look at(String what, String next, Look look) {
    return deadline -> {
      try {
        return look.findings(deadline);
      } catch (ProviderException failure) {
        if (failure.kind() != Kind.NOT_FOUND) {
          throw failure;
        }
        return List.of(Finding.missing(what, "not there", Kind.NOT_FOUND, next));
      }
    };
  }

  /**
   * A look that a run can do without: where these credentials may not take it, that is a warning.
   *
   * @param permission that it needs
   */
  static Look permitted(String what, String permission, Look look) {
    return deadline -> {
      try {
        return look.findings(deadline);
      } catch (ProviderException failure) {
        if (failure.kind() != Kind.UNAUTHORIZED) {
          throw failure;
        }
        return List.of(
            Finding.warning(
                what,
                "these credentials may not look at it",
                "Permit " + permission + ", or make sure of it by hand."));
      }
    };
  }
}

package dev.spike.core.warm;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import java.util.List;

/**
 * One question asked of a tier.
 *
 * @param needs ids of the checks that must have passed for the answer to mean something
 */
record Check(String id, String title, List<String> needs, Question question) {
  Check {
    needs = List.copyOf(needs);
  }

  /** Asks. */
  interface Question {
    Answer ask(TierView view, Deadline deadline) throws ProviderException, InterruptedException;
  }

  /** What was seen beside what had to be. */
  record Answer(boolean passed, String observed, String expected, String next) {
    static Answer of(boolean passed, String observed, String expected, String next) {
      return new Answer(passed, observed, expected, passed ? "" : next);
    }
  }
}

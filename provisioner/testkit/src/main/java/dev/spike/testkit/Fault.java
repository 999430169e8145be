package dev.spike.testkit;

import dev.spike.core.provider.ProviderException;
import java.time.Duration;

/** What goes wrong with one call. */
public sealed interface Fault {
  /** It fails before it has any effect. */
  record Fails(ProviderException.Kind kind) implements Fault {}

  /** It has its effect, and then the answer is lost: the caller sees UNAVAILABLE. */
  record AnswerLost() implements Fault {}

  /** It takes that long first; an interrupt ends it without effect. */
  record Takes(Duration time) implements Fault {}
}

package dev.spike.core.apply;

import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.ResourceId;
import java.time.Duration;

/** How one step ended. */
public sealed interface Outcome {
  ResourceId id();

  /** The provider did it. */
  record Applied(ResourceId id, String action, Duration elapsed) implements Outcome {}

  /** It was not started, because of what {@code why} says. */
  record Skipped(ResourceId id, String why) implements Outcome {}

  /** The provider refused or failed. */
  record Failed(ResourceId id, ProviderException failure, Duration elapsed) implements Outcome {}

  /** It was cut off midway: the effect may or may not be there. The next run finds out. */
  record Unknown(ResourceId id, String why, Duration elapsed) implements Outcome {}
}

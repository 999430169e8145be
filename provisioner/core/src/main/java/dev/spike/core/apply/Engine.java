package dev.spike.core.apply;

import dev.spike.core.provider.Provider;
import java.time.Clock;
import java.time.Duration;

/**
 * What every command works with.
 *
 * @param firstPause before a step that was throttled or found the provider away is tried again;
 *     each further one is twice as long
 */
record Engine(
    Provider provider, Clock clock, RunListener listener, Stop stop, Duration firstPause) {

  Apply apply() {
    return new Apply(provider, listener, stop, firstPause);
  }

  /** With steps that are carried out by something else than the provider. */
  Apply apply(Apply.Deed deed) {
    return new Apply(deed, listener, stop, firstPause);
  }
}

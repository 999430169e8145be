package dev.spike.sources;

import java.time.Duration;

/** Waits between two attempts; tests wait shorter. */
@FunctionalInterface
interface Pause {
  /** Waits that long. */
  void sleep(Duration time) throws InterruptedException;
}

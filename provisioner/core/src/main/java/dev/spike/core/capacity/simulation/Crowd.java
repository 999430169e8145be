package dev.spike.core.capacity.simulation;

/**
 * Clients that connect, and their patience.
 *
 * @param connections how many there are
 * @param tauSeconds of the logistic distribution of their first attempts around time 0
 * @param timeoutSeconds after which an attempt is given up
 * @param jitterSeconds a new attempt follows after a time drawn evenly from 0 to this
 */
public record Crowd(
    double connections, double tauSeconds, double timeoutSeconds, double jitterSeconds) {
  public Crowd {
    if (!(connections >= 1)
        || !(tauSeconds > 0)
        || !(timeoutSeconds > 0)
        || !(jitterSeconds >= 0)) {
      throw new IllegalArgumentException(
          "a crowd of %s with tau %s s, time-out %s s and jitter %s s"
              .formatted(connections, tauSeconds, timeoutSeconds, jitterSeconds));
    }
  }
}

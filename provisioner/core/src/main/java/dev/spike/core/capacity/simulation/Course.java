package dev.spike.core.capacity.simulation;

import java.util.List;

/**
 * How a simulation went. Counts are of the whole crowd.
 *
 * @param max most handshakes that waited at one time, those of clients that had given up included
 * @param waitP99Seconds from a client's first attempt to its connection's handshake; one connected
 *     client in a hundred waited longer
 * @param timedOut attempts that were given up
 * @param retries attempts after a client's first
 * @param connected clients that got in
 * @param draws clients that were simulated; each stands for connections / draws
 */
public record Course(
    double max,
    double waitP99Seconds,
    double timedOut,
    double retries,
    double connected,
    int draws,
    List<Moment> moments) {
  public Course {
    moments = List.copyOf(moments);
  }

  /**
   * /** One instant.
   *
   * @param attemptsPerSecond first ones and retries, over the interval that ends then
   * @param waiting handshakes at that time
   */
  public record Moment(double seconds, double attemptsPerSecond, double waiting) {}
}

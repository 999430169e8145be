package dev.spike.core.catalog;

/**
 * What one node holds. Figures that were not measured on such a node are estimates.
 *
 * @param name such as c8gn.4xlarge
 * @param origin measured or estimate
 * @param eventLoops that do handshakes, in effect its cores
 * @param connectionsMax the limit it is configured with
 * @param memoryBytes for connections, what system and runtime need already taken off
 * @param bytesPerConnection of kernel and runtime together
 * @param trackedConnections the instance's connection-tracking allowance
 * @param descriptors a process may open
 * @param fullHandshakesPerSecond TLS 1.3 with ECDSA P-256, all cores busy
 * @param resumedHandshakesPerSecond with a ticket, all cores busy
 * @param egressBitsPerSecond sustained, not burst
 */
public record NodeProfile(
    String name,
    String origin,
    int eventLoops,
    int connectionsMax,
    long memoryBytes,
    long bytesPerConnection,
    long trackedConnections,
    long descriptors,
    double fullHandshakesPerSecond,
    double resumedHandshakesPerSecond,
    double egressBitsPerSecond,
    double packetsPerSecond) {
  public NodeProfile {
    if (eventLoops < 1
        || connectionsMax < 1
        || memoryBytes < 1
        || bytesPerConnection < 1
        || trackedConnections < 1
        || descriptors < 1
        || !(fullHandshakesPerSecond > 0)
        || !(resumedHandshakesPerSecond > 0)
        || !(egressBitsPerSecond > 0)
        || !(packetsPerSecond > 0)) {
      throw new IllegalArgumentException("profile " + name + " has a figure that is not above 0");
    }
  }

  public boolean estimated() {
    return !origin.equals("measured");
  }
}

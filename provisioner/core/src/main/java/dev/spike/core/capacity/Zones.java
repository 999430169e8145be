package dev.spike.core.capacity;

/**
 * The zones of the tier.
 *
 * @param survive whether what is left of it after the loss of one must suffice
 */
public record Zones(int count, boolean survive) {
  public Zones {
    if (count < 1 || (survive && count < 2)) {
      throw new IllegalArgumentException(count + " zones do not survive the loss of one");
    }
  }

  /**
   * Nodes in each zone: required x Z / (Z - 1) when one may be lost, rounded to a multiple of Z.
   */
  public int nodesPerZone(int required) {
    int left = survive ? count - 1 : count;
    return Math.max(1, Math.ceilDiv(required, left));
  }

  /** What is left of that many nodes when the loss that must be survived has happened. */
  public int survivors(int nodesPerZone) {
    return nodesPerZone * (survive ? count - 1 : count);
  }
}

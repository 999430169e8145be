package dev.spike.core.capacity;

import dev.spike.core.spec.Survive;

/**
 * The zones of the tier.
 *
 * @param survive the loss after which what is left of it must suffice
 */
public record Zones(int count, Survive survive) {
  public Zones {
    if (count < 1 || (survive == Survive.ZONE && count < 2)) {
      throw new IllegalArgumentException(count + " zones do not survive the loss of one");
    }
  }

  /**
   * Nodes in each zone, rounded to a multiple of Z: required x Z / (Z - 1) when a zone may be lost,
   * required + 1 when a node may.
   */
  public int nodesPerZone(int required) {
    int perZone =
        switch (survive) {
          case ZONE -> Math.ceilDiv(required, count - 1);
          case NODE -> Math.ceilDiv(required + 1, count);
          case NONE -> Math.ceilDiv(required, count);
        };
    return Math.max(1, perZone);
  }

  /**
   * What is left of that many nodes when the loss that must be survived has happened; at least one.
   */
  public int survivors(int nodesPerZone) {
    return switch (survive) {
      case ZONE -> nodesPerZone * (count - 1);
      case NODE -> Math.max(1, nodesPerZone * count - 1);
      case NONE -> nodesPerZone * count;
    };
  }

  /**
   * The share of all connections that is cut by that loss, of evenly loaded nodes.
   *
   * @param nodes of the whole tier
   */
  public double lostShare(int nodes) {
    return switch (survive) {
      case ZONE -> 1.0 / count;
      case NODE -> 1.0 / Math.max(1, nodes);
      case NONE -> 0;
    };
  }
}

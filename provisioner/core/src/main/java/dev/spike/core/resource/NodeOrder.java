package dev.spike.core.resource;

import java.util.Comparator;

/**
 * The order in which people count nodes: by zone, then by number, so that a-2 comes before a-10.
 */
public final class NodeOrder {
  /** Orders names such as {@code a-2}; other names come in the order of their letters. */
  public static final Comparator<String> BY_NAME =
      Comparator.comparing(NodeOrder::zone)
          .thenComparingInt(String::length)
          .thenComparing(Comparator.naturalOrder());

  private NodeOrder() {}

  /** The zone's part of a node's name, {@code a} of {@code a-2}; all of a name that has none. */
  public static String zone(String node) {
    int dash = node.lastIndexOf('-');
    return dash > 0 ? node.substring(0, dash) : node;
  }
}

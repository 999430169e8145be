package dev.spike.local;

import dev.spike.local.linux.ClusterLine;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/**
 * A running member of the cache and what it sees of the others.
 *
 * @param linkUp true for a replica that has its primary's contents and follows it
 * @param stateOk what the member itself says of the cluster
 */
record CacheMember(
    String name, String address, List<ClusterLine> lines, boolean linkUp, boolean stateOk) {
  CacheMember {
    lines = List.copyOf(lines);
  }

  ClusterLine self() {
    return lines.stream()
        .filter(ClusterLine::myself)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("cache " + name + " does not list itself"));
  }

  String id() {
    return self().id();
  }

  /** The slots it says it owns. */
  BitSet slots() {
    return self().slots();
  }

  boolean knows(String id) {
    return lines.stream().anyMatch(l -> l.id().equals(id) && !l.handshake());
  }

  Optional<ClusterLine> line(String id) {
    return lines.stream().filter(l -> l.id().equals(id)).findFirst();
  }
}

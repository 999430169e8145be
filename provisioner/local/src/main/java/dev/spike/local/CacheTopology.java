package dev.spike.local;

import dev.spike.local.linux.ClusterLine;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Where the members of a cache live: primary {@code i} in zone {@code i mod zones}, its replicas in
 * the zones after it. Members are named {@code zone-K}.
 *
 * @param shards the members of every shard, its first primary first
 */
record CacheTopology(List<String> zones, List<List<String>> shards) {

  static CacheTopology of(List<String> zones, int shards, int replicasPerShard) {
    Map<String, Integer> counts = new HashMap<>();
    List<List<String>> all = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      List<String> members = new ArrayList<>();
      members.add(next(counts, zones.get(shard % zones.size())));
      all.add(members);
    }
    for (int replica = 1; replica <= replicasPerShard; replica++) {
      for (int shard = 0; shard < shards; shard++) {
        all.get(shard).add(next(counts, zones.get((shard + replica) % zones.size())));
      }
    }
    return new CacheTopology(List.copyOf(zones), all.stream().map(List::copyOf).toList());
  }

  private static String next(Map<String, Integer> counts, String zone) {
    return zone + "-" + counts.merge(zone, 1, Integer::sum);
  }

  NavigableSet<String> members() {
    NavigableSet<String> members = new TreeSet<>();
    shards.forEach(members::addAll);
    return members;
  }

  int replicasPerShard() {
    return shards.getFirst().size() - 1;
  }

  /** The slots of one shard. */
  BitSet slots(int shard) {
    BitSet slots = new BitSet(ClusterLine.SLOTS);
    slots.set(
        (int) ((long) shard * ClusterLine.SLOTS / shards.size()),
        (int) ((shard + 1L) * ClusterLine.SLOTS / shards.size()));
    return slots;
  }

  /** The most primaries that one zone may hold. */
  int primariesPerZoneMax() {
    return (shards.size() + zones.size() - 1) / zones.size();
  }
}

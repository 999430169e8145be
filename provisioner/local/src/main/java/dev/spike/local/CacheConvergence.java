package dev.spike.local;

import dev.spike.local.linux.ClusterLine;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What to do next to bring a cache to its topology, from what its members say. Pure: the same views
 * give the same steps. Creation is the same as repair, from nothing.
 */
final class CacheConvergence {
  private final CacheTopology topology;
  private final Map<String, CacheMember> members;
  private final Map<String, CacheMember> byId;

  CacheConvergence(CacheTopology topology, Map<String, CacheMember> members) {
    this.topology = topology;
    this.members = new TreeMap<>(members);
    this.byId = members.values().stream().collect(Collectors.toMap(CacheMember::id, m -> m));
  }

  /** The next steps, which do not disturb each other; empty when nothing is left to do. */
  List<CacheStep> next() {
    List<CacheStep> steps = acquaintance();
    if (steps.isEmpty()) {
      steps = succession();
    }
    if (steps.isEmpty()) {
      steps = ownership();
    }
    if (steps.isEmpty()) {
      steps = replication();
    }
    if (steps.isEmpty() && faults().isEmpty()) {
      steps = spread();
    }
    return steps;
  }

  /** What is not as it should be, one sentence each, judged from the members that answered. */
  List<String> faults() {
    List<String> faults = new ArrayList<>();
    int unowned = ClusterLine.SLOTS - owned().cardinality();
    if (unowned > 0) {
      faults.add(unowned + " of 16384 slots of the cache have no owner");
    }
    for (CacheMember member : members.values()) {
      Set<String> strangers = strangers(member);
      if (!strangers.isEmpty()) {
        faults.add("cache " + member.name() + " still lists " + strangers.size() + " lost members");
      }
      List<String> unknown =
          members.values().stream()
              .filter(other -> !member.knows(other.id()))
              .map(CacheMember::name)
              .toList();
      if (!unknown.isEmpty()) {
        faults.add("cache " + member.name() + " does not know " + String.join(", ", unknown));
      }
      if (!member.stateOk()) {
        faults.add("cache " + member.name() + " says that its cluster is not in state ok");
      }
      if (member.self().primary() && member.slots().isEmpty()) {
        faults.add("cache " + member.name() + " owns no slot and follows no primary");
      }
      if (!member.self().primary() && !member.linkUp()) {
        faults.add("replica " + member.name() + " has no link to its primary");
      }
    }
    for (CacheMember primary : primaries()) {
      long replicas = followers(primary.id()).size();
      if (replicas < topology.replicasPerShard()) {
        faults.add(
            "primary "
                + primary.name()
                + " has "
                + replicas
                + " of "
                + topology.replicasPerShard()
                + " replicas");
      }
    }
    return faults;
  }

  /** The zone that holds more primaries than it should, as a fault; empty when none does. */
  List<String> spreadFaults() {
    List<String> faults = new ArrayList<>();
    primariesPerZone()
        .forEach(
            (zone, count) -> {
              if (count > topology.primariesPerZoneMax()) {
                faults.add(
                    "zone "
                        + zone
                        + " holds "
                        + count
                        + " primaries of the cache, at most "
                        + topology.primariesPerZoneMax()
                        + " should fail together");
              }
            });
    return faults;
  }

  private List<CacheStep> acquaintance() {
    List<CacheStep> steps = new ArrayList<>();
    boolean fresh = members.values().stream().allMatch(m -> m.lines().size() == 1);
    if (fresh && members.values().stream().allMatch(m -> m.slots().isEmpty())) {
      int epoch = 1;
      for (CacheMember member : members.values()) {
        steps.add(new CacheStep.Renumber(member.name(), epoch++));
      }
    }
    for (CacheMember one : members.values()) {
      for (CacheMember other : members.values()) {
        boolean needed = !one.knows(other.id()) || !other.knows(one.id());
        if (one.name().compareTo(other.name()) < 0 && needed) {
          steps.add(new CacheStep.Meet(one.name(), other.address()));
        }
      }
    }
    return steps;
  }

  /** Ids that a member lists and that are no running member's. */
  private Set<String> strangers(CacheMember member) {
    return member.lines().stream()
        .filter(line -> !line.handshake() && !byId.containsKey(line.id()))
        .map(ClusterLine::id)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Heirs first: a lost primary is only forgotten when its replica has its slots. */
  private List<CacheStep> succession() {
    List<CacheStep> steps = new ArrayList<>();
    Set<String> succeeded = new TreeSet<>();
    for (CacheMember member : members.values()) {
      String primary = member.self().primaryId();
      if (!primary.isEmpty() && !byId.containsKey(primary) && succeeded.add(primary)) {
        steps.add(new CacheStep.TakeOver(member.name()));
      }
    }
    if (!steps.isEmpty()) {
      return steps;
    }
    for (CacheMember member : members.values()) {
      for (String id : strangers(member)) {
        steps.add(new CacheStep.Forget(member.name(), id));
      }
    }
    return steps;
  }

  private BitSet owned() {
    BitSet owned = new BitSet(ClusterLine.SLOTS);
    members.values().forEach(member -> owned.or(member.slots()));
    return owned;
  }

  private List<CacheStep> ownership() {
    List<CacheStep> steps = new ArrayList<>();
    BitSet owned = owned();
    for (int shard = 0; shard < topology.shards().size(); shard++) {
      BitSet missing = topology.slots(shard);
      missing.andNot(owned);
      if (!missing.isEmpty()) {
        owner(shard).ifPresent(member -> steps.add(new CacheStep.Own(member.name(), missing)));
      }
    }
    return steps;
  }

  /** Who owns most of a shard; when nobody does, its first primary or another idle one. */
  private java.util.Optional<CacheMember> owner(int shard) {
    List<String> order = topology.shards().get(shard);
    return members.values().stream()
        .filter(member -> member.self().primary())
        .filter(member -> overlap(member, shard) > 0 || member.slots().isEmpty())
        .max(
            Comparator.<CacheMember>comparingInt(member -> overlap(member, shard))
                .thenComparingInt(member -> order.contains(member.name()) ? 1 : 0)
                .thenComparingInt(member -> -Math.max(0, order.indexOf(member.name())))
                .thenComparing(CacheMember::name, Comparator.reverseOrder()));
  }

  private int overlap(CacheMember member, int shard) {
    BitSet common = topology.slots(shard);
    common.and(member.slots());
    return common.cardinality();
  }

  private List<CacheMember> primaries() {
    return members.values().stream().filter(member -> !member.slots().isEmpty()).toList();
  }

  private List<CacheMember> followers(String primaryId) {
    return members.values().stream()
        .filter(member -> member.self().primaryId().equals(primaryId))
        .toList();
  }

  private List<CacheStep> replication() {
    List<CacheStep> steps = new ArrayList<>();
    Map<String, Integer> replicas = new HashMap<>();
    primaries().forEach(p -> replicas.put(p.id(), followers(p.id()).size()));
    for (CacheMember member : members.values()) {
      boolean idle = member.self().primary() && member.slots().isEmpty();
      boolean astray = !member.self().primary() && !replicas.containsKey(member.self().primaryId());
      Integer siblings = replicas.get(member.self().primaryId());
      boolean spare = siblings != null && siblings > topology.replicasPerShard();
      if (idle || astray || spare) {
        CacheMember primary = neediest(member, replicas);
        boolean worth =
            !spare || replicas.getOrDefault(primary.id(), 0) < topology.replicasPerShard();
        if (worth) {
          steps.add(new CacheStep.Follow(member.name(), primary.id()));
          replicas.merge(primary.id(), 1, Integer::sum);
          if (siblings != null) {
            replicas.merge(member.self().primaryId(), -1, Integer::sum);
          }
        }
      }
    }
    return steps;
  }

  /** The primary with the fewest replicas; among equals one of the own shard, then another zone. */
  private CacheMember neediest(CacheMember member, Map<String, Integer> replicas) {
    String zone = AddressPlan.zone(member.name());
    return primaries().stream()
        .min(
            Comparator.<CacheMember>comparingInt(p -> replicas.getOrDefault(p.id(), 0))
                .thenComparingInt(p -> sameShard(p.name(), member.name()) ? 0 : 1)
                .thenComparingInt(p -> AddressPlan.zone(p.name()).equals(zone) ? 1 : 0)
                .thenComparing(CacheMember::name))
        .orElseThrow(
            () -> new IllegalStateException("a cache whose slots are owned has primaries"));
  }

  private boolean sameShard(String one, String other) {
    return topology.shards().stream().anyMatch(s -> s.contains(one) && s.contains(other));
  }

  private Map<String, Integer> primariesPerZone() {
    Map<String, Integer> counts = new TreeMap<>();
    topology.zones().forEach(zone -> counts.put(zone, 0));
    primaries().forEach(p -> counts.merge(AddressPlan.zone(p.name()), 1, Integer::sum));
    return counts;
  }

  /** One change of places at a time, from a zone with too many primaries to one with room. */
  private List<CacheStep> spread() {
    Map<String, Integer> counts = primariesPerZone();
    for (CacheMember primary : primaries()) {
      int here = counts.getOrDefault(AddressPlan.zone(primary.name()), 0);
      if (here > topology.primariesPerZoneMax()) {
        for (CacheMember replica : followers(primary.id())) {
          int there = counts.getOrDefault(AddressPlan.zone(replica.name()), 0);
          if (replica.linkUp() && there < topology.primariesPerZoneMax()) {
            return List.of(new CacheStep.ChangePlaces(replica.name()));
          }
        }
      }
    }
    return List.of();
  }
}

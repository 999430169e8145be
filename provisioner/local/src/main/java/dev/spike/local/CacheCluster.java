package dev.spike.local;

import dev.spike.core.provider.AtOnce;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import dev.spike.local.linux.EventProcess;
import dev.spike.local.linux.LinuxException;
import dev.spike.local.linux.ProcessTable;
import dev.spike.local.linux.RedisServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** The Redis Cluster: one redis-server on a host of its own for each member. */
final class CacheCluster {
  static final ResourceId ID = new ResourceId("cache");
  static final String HOSTS = "cache-";
  private static final Duration ANSWER = Duration.ofSeconds(1);
  private static final Duration ROUND = Duration.ofMillis(50);
  private static final Duration START = Duration.ofSeconds(5);
  private static final Duration FAILOVER = Duration.ofSeconds(8);
  private static final String NEXT =
      "Look at /run/spike/EVENT/logs/cache-*.log, then run the same command again.";

  private final EventTier tier;

  CacheCluster(EventTier tier) {
    this.tier = tier;
  }

  private static String part(String member) {
    return HOSTS + member + "/redis";
  }

  Optional<Observed> observe(Sight sight) throws IOException, InterruptedException {
    List<Map<String, String>> kept = new ArrayList<>();
    sight.ofResource(ID.value()).forEach(p -> kept.add(Launch.attributes(p)));
    sight
        .hosts()
        .forEach(
            (name, host) -> {
              if (name.startsWith(HOSTS)) {
                kept.add(host.tags());
              }
            });
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    Map<String, String> attributes = Sight.merged(kept, List.of("shards", "replicasPerShard"));
    Map<String, String> zones = Sight.merged(kept, List.of("zones"));
    List<String> faults = new ArrayList<>();
    if (attributes.size() == 2 && zones.size() == 1) {
      CacheTopology topology =
          CacheTopology.of(
              List.of(zones.getOrDefault("zones", "").split(",", -1)),
              Integer.parseInt(attributes.get("shards")),
              Integer.parseInt(attributes.get("replicasPerShard")));
      faults.addAll(faults(topology, sight));
    } else {
      faults.add("the members of the cache carry no tags that tell its size");
    }
    return Optional.of(new Observed(ID, Kind.CACHE, attributes, faults));
  }

  /** Faults of single members; those of the whole only when no member has one of its own. */
  private List<String> faults(CacheTopology topology, Sight sight)
      throws IOException, InterruptedException {
    List<String> faults = new ArrayList<>();
    for (String member : topology.members()) {
      Hosts.Seen host = sight.hosts().get(HOSTS + member);
      if (host == null) {
        faults.add("host " + HOSTS + member + " is missing");
      } else {
        faults.addAll(host.faults());
        if (running(member, sight.of(part(member))).isEmpty()) {
          faults.add("redis-server of cache " + member + " is not running");
        }
      }
    }
    if (!faults.isEmpty()) {
      return faults;
    }
    try (CacheLinks links = new CacheLinks(tier, topology.members(), ANSWER)) {
      for (String silent : links.silent()) {
        faults.add("redis-server of cache " + silent + " does not answer");
      }
      if (faults.isEmpty()) {
        CacheConvergence convergence = new CacheConvergence(topology, links.look());
        faults.addAll(convergence.faults());
        faults.addAll(convergence.spreadFaults());
      }
    }
    return faults;
  }

  /** Those of the processes that run inside the member's present namespace. */
  private List<EventProcess> running(String member, List<EventProcess> processes) {
    long mark = tier.hosts().mark(HOSTS + member);
    return processes.stream().filter(p -> p.netInode() == mark && mark != 0).toList();
  }

  void converge(Resource.Cache cache, List<String> networkZones, Tags tags, Deadline deadline)
      throws IOException, InterruptedException, ProviderException {
    tier.folder().ensure();
    CacheTopology topology =
        CacheTopology.of(cache.zones(), cache.shards(), cache.replicasPerShard());
    AddressPlan addresses = new AddressPlan(networkZones);
    Map<String, String> attributes = new HashMap<>(cache.attributes());
    attributes.put("zones", String.join(",", cache.zones()));
    Sight sight = tier.look();
    endAstray(topology, sight);
    List<String> dead = new ArrayList<>();
    for (String member : topology.members()) {
      if (running(member, sight.of(part(member))).isEmpty()) {
        dead.add(member);
      }
    }
    if (dead.size() < topology.members().size()) {
      awaitHeirs(topology, dead, addresses, deadline);
    }
    AtOnce.each(
        topology.members(),
        member -> {
          Hosts.Seen host = sight.hosts().get(HOSTS + member);
          if (host == null || !host.faults().isEmpty()) {
            tier.hosts()
                .make(
                    new Hosts.Host(
                        HOSTS + member, Hosts.Role.CACHE, addresses.cache(member), attributes));
          }
          if (dead.contains(member)) {
            start(member, addresses.cache(member), attributes, networkZones, tags);
          }
          return member;
        });
    restartSilent(topology, addresses, attributes, networkZones, tags, deadline);
    form(topology, deadline);
  }

  /** Ends processes of the cache that are in no present host, or of no member. */
  private void endAstray(CacheTopology topology, Sight sight)
      throws LinuxException, InterruptedException {
    List<EventProcess> astray =
        sight.ofResource(ID.value()).stream()
            .filter(
                p ->
                    topology.members().stream()
                        .noneMatch(
                            m ->
                                p.variable(Launch.PART).equals(part(m))
                                    && running(m, List.of(p)).size() == 1))
            .toList();
    ProcessTable.end(astray, Duration.ZERO);
  }

  /**
   * A primary that died starts empty. If it came back before its replica had taken over, the
   * replica would throw its contents away to follow it: so the heirs come first.
   */
  private void awaitHeirs(
      CacheTopology topology, List<String> dead, AddressPlan addresses, Deadline deadline)
      throws IOException, InterruptedException, ProviderException {
    List<String> alive = topology.members().stream().filter(m -> !dead.contains(m)).toList();
    List<String> lost = new ArrayList<>();
    for (String member : dead) {
      lost.add(addresses.cache(member));
    }
    if (dead.isEmpty()) {
      return;
    }
    long end = System.nanoTime() + FAILOVER.toNanos();
    try (CacheLinks links = new CacheLinks(tier, alive, ANSWER)) {
      while (!deadline.passed()) {
        Optional<String> orphan = links.replicaOf(lost);
        if (orphan.isEmpty()) {
          return;
        }
        if (System.nanoTime() - end > 0) {
          links.apply(new CacheStep.TakeOver(orphan.get()));
        }
        Thread.sleep(ROUND);
      }
    }
  }

  private void start(
      String member,
      String address,
      Map<String, String> attributes,
      List<String> networkZones,
      Tags tags)
      throws IOException, InterruptedException {
    Path folder = tier.folder().cache(member);
    EventFolder.directory(folder, "rwx------");
    EventFolder.give(folder, EventFolder.CACHE_USER);
    String password = Files.readString(tier.folder().cacheSecret()).strip();
    new Launch(
            HOSTS + member,
            part(member),
            ID,
            attributes,
            Launch.Identity.without(EventFolder.CACHE_USER),
            RedisServer.words(),
            RedisServer.settings(address, AddressPlan.CACHE_PORT, folder, password),
            tier.folder().log(HOSTS + member))
        .start(tier, tags, networkZones);
  }

  private void restartSilent(
      CacheTopology topology,
      AddressPlan addresses,
      Map<String, String> attributes,
      List<String> networkZones,
      Tags tags,
      Deadline deadline)
      throws IOException, InterruptedException, ProviderException {
    List<String> silent = silent(topology, deadline.atMost(START));
    if (silent.isEmpty()) {
      return;
    }
    List<EventProcess> hung = new ArrayList<>();
    for (String member : silent) {
      hung.addAll(tier.processes(part(member)));
    }
    ProcessTable.end(hung, Duration.ZERO);
    awaitHeirs(topology, silent, addresses, deadline);
    for (String member : silent) {
      start(member, addresses.cache(member), attributes, networkZones, tags);
    }
    List<String> still = silent(topology, deadline.atMost(START));
    if (!still.isEmpty()) {
      throw new ProviderException(
          ProviderException.Kind.UNAVAILABLE,
          "redis-server of cache " + String.join(", ", still) + " does not answer",
          NEXT.replace("EVENT", tier.event().value()));
    }
  }

  /** The members that still do not answer at the end of the time given. */
  private List<String> silent(CacheTopology topology, Deadline deadline)
      throws IOException, InterruptedException {
    while (true) {
      List<String> silent;
      try (CacheLinks links = new CacheLinks(tier, topology.members(), ANSWER)) {
        silent = links.silent();
      }
      if (silent.isEmpty() || deadline.passed()) {
        return silent;
      }
      Thread.sleep(ROUND);
    }
  }

  /** Repeats look and steps until nothing is left to do and nothing is at fault. */
  private void form(CacheTopology topology, Deadline deadline)
      throws IOException, InterruptedException, ProviderException {
    try (CacheLinks links = new CacheLinks(tier, topology.members(), ANSWER)) {
      AtomicLong changing = new AtomicLong(System.nanoTime());
      Waiting.until(
          deadline,
          ROUND,
          NEXT.replace("EVENT", tier.event().value()),
          () -> {
            NavigableMap<String, CacheMember> members = new TreeMap<>(links.look());
            CacheConvergence convergence = new CacheConvergence(topology, members);
            List<CacheStep> steps = convergence.next();
            for (CacheStep step : steps) {
              // asked again while it is under way, a change of places would start over
              boolean change = step instanceof CacheStep.ChangePlaces;
              if (!change || System.nanoTime() - changing.get() > 0) {
                links.apply(step);
              }
              if (change && System.nanoTime() - changing.get() > 0) {
                changing.set(System.nanoTime() + FAILOVER.toNanos());
              }
            }
            List<String> faults = new ArrayList<>(convergence.faults());
            faults.addAll(convergence.spreadFaults());
            return steps.isEmpty() && faults.isEmpty()
                ? Optional.empty()
                : Optional.of(faults.isEmpty() ? "the cache is still changing" : faults.getFirst());
          });
    }
  }

  void delete() throws IOException, InterruptedException {
    Sight sight = tier.look();
    ProcessTable.end(sight.ofResource(ID.value()), Duration.ZERO);
    tier.hosts().remove(sight.hosts().keySet().stream().filter(h -> h.startsWith(HOSTS)).toList());
    EventFolder.remove(tier.folder().path().resolve("cache"));
  }
}

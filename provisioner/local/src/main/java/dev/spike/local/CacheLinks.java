package dev.spike.local;

import dev.spike.local.linux.ClusterLine;
import dev.spike.local.linux.LinuxException;
import dev.spike.local.linux.RespConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Connections to members of the cache, each made on the member's own host. */
final class CacheLinks implements AutoCloseable {
  private final NavigableMap<String, RespConnection> links = new TreeMap<>();
  private final List<String> silent = new ArrayList<>();

  /** Connects with each; those that do not answer are {@link #silent}. */
  CacheLinks(EventTier tier, Collection<String> members, Duration answer)
      throws IOException, InterruptedException {
    String password =
        Files.exists(tier.folder().cacheSecret())
            ? Files.readString(tier.folder().cacheSecret()).strip()
            : "";
    for (String member : members) {
      try {
        links.put(
            member,
            new RespConnection(
                tier.hosts()
                    .connect(
                        CacheCluster.HOSTS + member, "127.0.0.1", AddressPlan.CACHE_PORT, answer),
                password));
      } catch (IOException e) {
        silent.add(member);
      } catch (InterruptedException e) {
        close();
        throw e;
      }
    }
  }

  List<String> silent() {
    return List.copyOf(silent);
  }

  /** What every connected member says. */
  NavigableMap<String, CacheMember> look() throws IOException {
    NavigableMap<String, CacheMember> members = new TreeMap<>();
    for (Map.Entry<String, RespConnection> link : links.entrySet()) {
      List<ClusterLine> lines = ClusterLine.parsed(link.getValue().send("CLUSTER", "NODES"));
      String replication = link.getValue().send("INFO", "replication");
      boolean linkUp =
          replication.contains("master_link_status:up")
              && replication.contains("master_sync_in_progress:0");
      boolean stateOk = link.getValue().send("CLUSTER", "INFO").contains("cluster_state:ok");
      String address = ownAddress(link.getValue());
      members.put(link.getKey(), new CacheMember(link.getKey(), address, lines, linkUp, stateOk));
    }
    return members;
  }

  /** The announced address: a member that has met nobody does not list its own. */
  private final Map<RespConnection, String> addresses = new java.util.HashMap<>();

  private String ownAddress(RespConnection link) throws IOException {
    String known = addresses.get(link);
    if (known == null) {
      String lines = link.send("CONFIG", "GET", "cluster-announce-ip");
      known = lines.substring(lines.indexOf('\n') + 1);
      addresses.put(link, known);
    }
    return known;
  }

  /** A connected replica whose primary had one of these addresses and still owns slots. */
  Optional<String> replicaOf(Collection<String> lostAddresses) throws IOException {
    for (Map.Entry<String, RespConnection> link : links.entrySet()) {
      List<ClusterLine> lines = ClusterLine.parsed(link.getValue().send("CLUSTER", "NODES"));
      String primary =
          lines.stream()
              .filter(ClusterLine::myself)
              .map(ClusterLine::primaryId)
              .findFirst()
              .orElse("");
      boolean orphan =
          lines.stream()
              .anyMatch(
                  l ->
                      l.id().equals(primary)
                          && lostAddresses.contains(l.address())
                          && !l.slots().isEmpty());
      if (orphan) {
        return Optional.of(link.getKey());
      }
    }
    return Optional.empty();
  }

  void apply(CacheStep step) throws IOException {
    switch (step) {
      case CacheStep.Renumber(String member, int epoch) ->
          link(member).send("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(epoch));
      case CacheStep.Meet(String member, String address) ->
          link(member).send("CLUSTER", "MEET", address, Integer.toString(AddressPlan.CACHE_PORT));
      case CacheStep.TakeOver(String member) ->
          link(member).send("CLUSTER", "FAILOVER", "TAKEOVER");
      case CacheStep.ChangePlaces(String member) -> link(member).send("CLUSTER", "FAILOVER");
      case CacheStep.Forget(String member, String id) -> forget(link(member), id);
      case CacheStep.Own(String member, BitSet slots) -> own(link(member), slots);
      case CacheStep.Follow(String member, String primaryId) ->
          link(member).send("CLUSTER", "REPLICATE", primaryId);
    }
  }

  private static void forget(RespConnection link, String id) throws IOException {
    try {
      link.send("CLUSTER", "FORGET", id);
    } catch (LinuxException e) {
      if (!String.valueOf(e.getMessage())
          .contains("Unknown node")) { // forgotten by gossip meanwhile
        throw e;
      }
    }
  }

  private static void own(RespConnection link, BitSet slots) throws IOException {
    List<String> words = new ArrayList<>(List.of("CLUSTER", "ADDSLOTSRANGE"));
    for (int from = slots.nextSetBit(0); from >= 0; ) {
      int end = slots.nextClearBit(from);
      words.add(Integer.toString(from));
      words.add(Integer.toString(end - 1));
      from = slots.nextSetBit(end);
    }
    link.send(words.toArray(String[]::new));
  }

  private RespConnection link(String member) throws IOException {
    RespConnection link = links.get(member);
    if (link == null) {
      throw new LinuxException("cache " + member + " does not answer", 0);
    }
    return link;
  }

  @Override
  public void close() throws IOException {
    for (RespConnection link : links.values()) {
      link.close();
    }
  }
}

package dev.spike.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.core.provider.AtOnce;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import dev.spike.local.linux.EventProcess;
import dev.spike.local.linux.ProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The nodes, zone by zone: a host each, and in it the server as a user without privilege. */
final class NodeFleets {
  static final String HOSTS = "node-";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> KEPT =
      List.of("profile", "connectionsPerNode", "heartbeatMillis");
  private static final Duration ANSWER = Duration.ofSeconds(1);
  private static final Duration START = Duration.ofMinutes(1);
  private static final Duration HUNG_AFTER = Duration.ofSeconds(5);
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration STOP_PATIENCE = Duration.ofMillis(1200);
  private static final Duration DRAIN_PATIENCE = Duration.ofSeconds(35);
  private static final int DRAIN_MILLIS = 30_000;

  private final EventTier tier;
  private final NodeAdmin admin;

  NodeFleets(EventTier tier) {
    this.tier = tier;
    this.admin = new NodeAdmin(tier);
  }

  static ResourceId id(String zone) {
    return new ResourceId("node-fleet/" + zone);
  }

  static String servePart(String node) {
    return HOSTS + node + "/serve";
  }

  static String agentPart(String node) {
    return HOSTS + node + "/agent";
  }

  /** The nodes of each zone that a host or a server was found of, in order. */
  static NavigableMap<String, List<String>> found(Sight sight) {
    NavigableMap<String, List<String>> zones = new TreeMap<>();
    for (String node : sight.names(HOSTS)) {
      zones.computeIfAbsent(AddressPlan.zone(node), z -> new ArrayList<>()).add(node);
    }
    zones.values().forEach(nodes -> nodes.sort(Comparator.comparingInt(NodeFleets::ordinal)));
    return zones;
  }

  private static int ordinal(String node) {
    String text = node.substring(node.lastIndexOf('-') + 1);
    return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
  }

  List<Observed> observe(Sight sight) throws IOException, InterruptedException, ProviderException {
    List<Observed> fleets = new ArrayList<>();
    for (Map.Entry<String, List<String>> zone : found(sight).entrySet()) {
      List<Map<String, String>> kept = new ArrayList<>();
      for (String node : zone.getValue()) {
        sight.of(servePart(node)).forEach(p -> kept.add(Launch.attributes(p)));
        Hosts.Seen host = sight.hosts().get(HOSTS + node);
        if (host != null) {
          kept.add(host.tags());
        }
      }
      Map<String, String> attributes = Sight.merged(kept, KEPT);
      attributes.put("nodes", String.join(",", zone.getValue()));
      List<String> faults = new ArrayList<>();
      AtOnce.each(zone.getValue(), node -> faults(node, sight)).forEach(faults::addAll);
      fleets.add(new Observed(id(zone.getKey()), Kind.NODE_FLEET, attributes, faults));
    }
    return fleets;
  }

  private List<String> faults(String node, Sight sight) throws InterruptedException {
    List<String> faults = new ArrayList<>();
    Hosts.Seen host = sight.hosts().get(HOSTS + node);
    if (host == null) {
      faults.add("the namespace of node " + node + " is gone, though a process of it still runs");
      return faults;
    }
    faults.addAll(host.faults());
    List<EventProcess> servers = inside(node, sight.of(servePart(node)));
    if (servers.isEmpty()) {
      faults.add("the server of node " + node + " is not running");
    } else if (servers.size() > 1) {
      faults.add("node " + node + " has " + servers.size() + " servers");
    } else if (host.faults().isEmpty()) {
      silence(node).ifPresent(faults::add);
    }
    if (!Files.exists(tier.folder().serveConfig(node))) {
      faults.add("the configuration of node " + node + " is missing");
    }
    return faults;
  }

  /** What is wrong with the server's answer; empty when it is alive. */
  private Optional<String> silence(String node) throws InterruptedException {
    try {
      int status = admin.get(node, "/healthz", "", ANSWER).status();
      return status == 200
          ? Optional.empty()
          : Optional.of("node " + node + " answers /healthz with HTTP " + status);
    } catch (IOException e) {
      return Optional.of("node " + node + " does not answer /healthz: " + e.getMessage());
    }
  }

  private List<EventProcess> inside(String node, List<EventProcess> processes) {
    long mark = tier.hosts().mark(HOSTS + node);
    return processes.stream().filter(p -> mark != 0 && p.netInode() == mark).toList();
  }

  void converge(Resource.NodeFleet fleet, Desired desired, Tags tags, Deadline deadline)
      throws IOException, InterruptedException, ProviderException {
    tier.folder().ensure();
    Sight sight = tier.look();
    List<String> surplus =
        found(sight).getOrDefault(fleet.zone(), List.of()).stream()
            .filter(node -> !fleet.nodeNames().contains(node))
            .toList();
    if (!surplus.isEmpty()) {
      remove(surplus, sight, DRAIN_PATIENCE);
    }
    AtOnce.each(
        fleet.nodeNames(),
        node -> {
          bring(node, fleet, desired, sight, tags, deadline);
          return node;
        });
  }

  /** Makes one node as the plan has it, whatever is left of it, and waits until it answers. */
  void bring(
      String node,
      Resource.NodeFleet fleet,
      Desired desired,
      Sight sight,
      Tags tags,
      Deadline deadline)
      throws IOException, InterruptedException, ProviderException {
    AddressPlan addresses = desired.addresses();
    Map<String, String> kept = new TreeMap<>();
    KEPT.forEach(name -> kept.put(name, fleet.attributes().getOrDefault(name, "")));
    List<EventProcess> all = sight.of(servePart(node));
    List<EventProcess> servers = inside(node, all);
    ProcessTable.end(all.stream().filter(p -> !servers.contains(p)).toList(), Duration.ZERO);
    Hosts.Seen host = sight.hosts().get(HOSTS + node);
    if (host == null || !host.faults().isEmpty() || !host.tags().equals(kept)) {
      tier.hosts().make(new Hosts.Host(HOSTS + node, Hosts.Role.NODE, addresses.node(node), kept));
    }
    boolean changed =
        servers.size() > 1 || servers.stream().anyMatch(p -> !Launch.attributes(p).equals(kept));
    if (changed) {
      ProcessTable.end(servers, deadline.atMost(DRAIN_PATIENCE).left());
    }
    boolean configured = Files.exists(tier.folder().serveConfig(node));
    if (!configured || servers.isEmpty() || changed) {
      EventFolder.write(
          tier.folder().serveConfig(node), configuration(node, fleet, desired), "r--r--r--", 0);
    }
    if (servers.isEmpty() || changed) {
      start(node, fleet, kept, addresses, tags);
    } else if (!alive(node, deadline.atMost(HUNG_AFTER))) {
      ProcessTable.end(servers, Duration.ZERO);
      start(node, fleet, kept, addresses, tags);
    }
    Waiting.until(
        deadline.atMost(START),
        POLL,
        "Read " + tier.folder().log(HOSTS + node) + ", then run the same command again.",
        () -> {
          Optional<String> silence = silence(node);
          if (silence.isPresent() && tier.processes(servePart(node)).isEmpty()) {
            throw new ProviderException(
                ProviderException.Kind.UNAVAILABLE,
                "the server of node " + node + " ended while it started" + lastLine(node),
                "Read " + tier.folder().log(HOSTS + node) + ", then run the same command again.");
          }
          return silence;
        });
  }

  private String lastLine(String node) throws IOException {
    Path log = tier.folder().log(HOSTS + node);
    if (!Files.exists(log)) {
      return "";
    }
    List<String> lines = Files.readAllLines(log);
    return lines.isEmpty() ? "" : ": " + lines.getLast();
  }

  private boolean alive(String node, Deadline patience) throws InterruptedException {
    while (silence(node).isPresent()) {
      if (patience.passed()) {
        return false;
      }
      Thread.sleep(POLL);
    }
    return true;
  }

  private void start(
      String node,
      Resource.NodeFleet fleet,
      Map<String, String> kept,
      AddressPlan addresses,
      Tags tags)
      throws IOException, InterruptedException {
    Path scratch = tier.folder().scratch(node);
    EventFolder.directory(scratch, "rwx------");
    EventFolder.give(scratch, EventFolder.SERVER_USER);
    List<String> words = new ArrayList<>();
    words.add(Java.command());
    words.addAll(
        List.of(
            "-Xms64m",
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "-Djava.io.tmpdir=" + scratch));
    words.addAll(Java.bundleOf(tier.folder()));
    words.addAll(List.of("serve", "--config", tier.folder().serveConfig(node).toString()));
    new Launch(
            HOSTS + node,
            servePart(node),
            fleet.id(),
            kept,
            Launch.Identity.without(EventFolder.SERVER_USER),
            words,
            "",
            tier.folder().log(HOSTS + node))
        .start(tier, tags, addresses.zones());
  }

  private String configuration(String node, Resource.NodeFleet fleet, Desired desired)
      throws IOException, ProviderException {
    EventFolder folder = tier.folder();
    ObjectNode json = JSON.createObjectNode();
    json.put("event", tier.event().value()).put("node", node).put("zone", fleet.zone());
    json.putObject("service")
        .put("address", "0.0.0.0")
        .put("port", AddressPlan.SERVICE_PORT)
        .put("host", desired.serviceHost());
    json.putObject("admin").put("address", "0.0.0.0").put("port", AddressPlan.ADMIN_PORT);
    json.putObject("tls")
        .put("certificate", folder.certificate().toString())
        .put("key", folder.key().toString());
    ObjectNode cache = json.putObject("cache");
    desired.cacheNodes().forEach(cache.putArray("nodes")::add);
    cache.put("passwordFile", folder.cacheSecret().toString());
    json.put("fleetSecretFile", folder.fleetSecret().toString());
    json.putObject("router").put("pins", folder.pins(node).toString());
    json.putObject("limits").put("connections", fleet.connectionsPerNode());
    json.put("heartbeatMillis", fleet.heartbeatMillis()).put("drainMillis", DRAIN_MILLIS);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json);
  }

  /** Asks a node's server to end, and gives its clients time to go elsewhere. */
  void drain(String node, Deadline deadline) throws IOException, InterruptedException {
    ProcessTable.end(tier.look().of(servePart(node)), deadline.atMost(DRAIN_PATIENCE).left());
  }

  /** Removes a node's host and all that is of it. */
  void end(String node) throws IOException, InterruptedException {
    remove(List.of(node), tier.look(), Duration.ZERO);
  }

  /** Ends nodes: asked first, with that patience; then hosts, files and pins go. */
  private void remove(Collection<String> nodes, Sight sight, Duration patience)
      throws IOException, InterruptedException {
    List<EventProcess> processes = new ArrayList<>();
    for (String node : nodes) {
      processes.addAll(sight.of(servePart(node)));
      processes.addAll(sight.of(agentPart(node)));
      long mark = tier.hosts().mark(HOSTS + node);
      sight.processes().stream()
          .filter(p -> mark != 0 && p.netInode() == mark && !processes.contains(p))
          .forEach(processes::add);
    }
    ProcessTable.end(processes, patience);
    tier.hosts().remove(nodes.stream().map(node -> HOSTS + node).toList());
    for (String node : nodes) {
      leftovers(node);
    }
  }

  private void leftovers(String node) throws IOException {
    EventFolder.remove(tier.folder().pins(node));
    EventFolder.remove(tier.folder().scratch(node));
    Files.deleteIfExists(tier.folder().serveConfig(node));
    Files.deleteIfExists(tier.folder().routerConfig(node));
  }

  void delete(String zone) throws IOException, InterruptedException {
    Sight sight = tier.look();
    remove(found(sight).getOrDefault(zone, List.of()), sight, STOP_PATIENCE);
  }

  /** A machine lost: first nothing more leaves it, then it is gone with all that it ran. */
  void kill(String node) throws IOException, InterruptedException, ProviderException {
    Sight sight = tier.look();
    if (inside(node, sight.of(servePart(node))).isEmpty()) {
      throw new ProviderException(
          ProviderException.Kind.NOT_FOUND,
          "node " + node + " is not running",
          "Name one of the nodes that spike status lists.");
    }
    tier.hosts().cut(HOSTS + node);
    remove(List.of(node), sight, Duration.ZERO);
  }
}

package dev.spike.local;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.core.provider.AtOnce;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeChannel;
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
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The connection router on the nodes, zone by zone: its programs, its pins and its agent. */
final class RouterInstallations {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration COMMAND = Duration.ofMinutes(1);
  private static final Duration STOP_PATIENCE = Duration.ofMillis(500);

  private final EventTier tier;

  RouterInstallations(EventTier tier) {
    this.tier = tier;
  }

  static ResourceId id(String zone) {
    return new ResourceId("router-installation/" + zone);
  }

  List<Observed> observe(Sight sight) throws IOException, InterruptedException, ProviderException {
    NavigableMap<String, NavigableSet<String>> zones = new TreeMap<>();
    for (String node : sight.names(NodeFleets.HOSTS)) {
      if (pinned(node) || !sight.of(NodeFleets.agentPart(node)).isEmpty()) {
        zones.computeIfAbsent(AddressPlan.zone(node), z -> new TreeSet<>()).add(node);
      }
    }
    List<Observed> installations = new ArrayList<>();
    for (Map.Entry<String, NavigableSet<String>> zone : zones.entrySet()) {
      List<String> nodes =
          NodeFleets.found(sight).getOrDefault(zone.getKey(), List.of()).stream()
              .filter(zone.getValue()::contains)
              .toList();
      List<String> faults = new ArrayList<>();
      AtOnce.each(nodes, node -> faults(node, sight)).forEach(faults::addAll);
      installations.add(
          new Observed(
              id(zone.getKey()),
              Kind.ROUTER_INSTALLATION,
              Map.of("nodes", String.join(",", nodes)),
              faults));
    }
    return installations;
  }

  private boolean pinned(String node) throws IOException {
    Path pins = tier.folder().pins(node);
    if (!Files.isDirectory(pins)) {
      return false;
    }
    try (var entries = Files.list(pins)) {
      return entries.findAny().isPresent();
    }
  }

  private List<String> faults(String node, Sight sight) throws IOException, InterruptedException {
    List<String> faults = new ArrayList<>();
    Path pins = tier.folder().pins(node);
    for (String pin : RouterPins.NAMES) {
      if (!Files.exists(pins.resolve(pin))) {
        faults.add("pin " + pin + " of the router on node " + node + " is missing");
      }
    }
    Hosts.Seen host = sight.hosts().get(NodeFleets.HOSTS + node);
    if (host != null && host.faults().isEmpty()) {
      for (String fault : tier.hosts().routerFaults(NodeFleets.HOSTS + node)) {
        faults.add("node " + node + ": " + fault);
      }
    }
    if (inside(node, sight.of(NodeFleets.agentPart(node))).isEmpty()) {
      faults.add("the router's agent of node " + node + " is not running");
    }
    return faults;
  }

  private List<EventProcess> inside(String node, List<EventProcess> processes) {
    long mark = tier.hosts().mark(NodeFleets.HOSTS + node);
    return processes.stream().filter(p -> mark != 0 && p.netInode() == mark).toList();
  }

  void converge(
      Resource.RouterInstallation router,
      Desired desired,
      Tags tags,
      Deadline deadline,
      NodeCommands commands)
      throws IOException, InterruptedException, ProviderException {
    tier.folder().ensure();
    tier.folder().ensurePins();
    Sight sight = tier.look();
    AddressPlan addresses = desired.addresses();
    removeAgents(
        sight,
        node ->
            AddressPlan.zone(node).equals(router.zone())
                && inside(node, sight.of(NodeFleets.agentPart(node))).size() != 1);
    for (String node : desired.nodes()) {
      if (router.nodes().contains(node) || Files.exists(tier.folder().routerConfig(node))) {
        configure(node, desired);
      }
    }
    AtOnce.each(
        router.nodes(),
        node -> {
          install(node, sight, commands, deadline.atMost(COMMAND));
          if (inside(node, tier.processes(NodeFleets.agentPart(node))).isEmpty()) {
            startAgent(node, router, addresses, tags);
          }
          return node;
        });
  }

  private void install(String node, Sight sight, NodeCommands commands, Deadline deadline)
      throws IOException, InterruptedException, ProviderException {
    if (!sight.hosts().containsKey(NodeFleets.HOSTS + node)) {
      throw new ProviderException(
          ProviderException.Kind.NOT_FOUND,
          "node " + node + " is not there to install a router on",
          "Run spike provision with this plan first.");
    }
    boolean attached = tier.hosts().routerFaults(NodeFleets.HOSTS + node).isEmpty();
    boolean complete =
        RouterPins.NAMES.stream()
            .allMatch(pin -> Files.exists(tier.folder().pins(node).resolve(pin)));
    if (attached && complete && pinned(node)) {
      return;
    }
    demand(
        commands.privileged(
            NamespaceHosts.FABRIC,
            List.of("router", "pass", "--interface", NodeFleets.HOSTS + node),
            deadline),
        "the pass program at the fabric's end of node " + node);
    demand(
        commands.privileged(
            NodeFleets.HOSTS + node,
            List.of("router", "install", "--config", tier.folder().routerConfig(node).toString()),
            deadline),
        "the router on node " + node);
  }

  private static void demand(NodeChannel.Answer answer, String what) throws ProviderException {
    if (!answer.ok()) {
      throw new ProviderException(
          ProviderException.Kind.UNAVAILABLE,
          what
              + " could not be installed: "
              + answer.json().path("error").asText("no reason given"),
          answer.json().path("next").asText("Run spike doctor: it names missing kernel features."));
    }
  }

  private void startAgent(
      String node, Resource.RouterInstallation router, AddressPlan addresses, Tags tags)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.add(Java.command());
    words.addAll(
        List.of(
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:-UsePerfData",
            "-Djava.io.tmpdir=" + tier.folder().commands()));
    words.addAll(Java.bundleOf(tier.folder()));
    words.addAll(
        List.of("router", "agent", "--config", tier.folder().routerConfig(node).toString()));
    new Launch(
            NodeFleets.HOSTS + node,
            NodeFleets.agentPart(node),
            router.id(),
            Map.of(),
            Launch.Identity.rootWith("bpf", "net_admin", "perfmon"),
            words,
            "",
            tier.folder().log("router-" + node))
        .start(tier, tags, addresses.zones());
  }

  /** Writes a node's router configuration when it is not as it should be. */
  private void configure(String node, Desired desired) throws IOException, ProviderException {
    AddressPlan addresses = desired.addresses();
    EventFolder folder = tier.folder();
    ObjectNode json = JSON.createObjectNode();
    json.put("event", tier.event().value());
    json.put("node", node).put("interface", "eth0").put("address", addresses.node(node));
    json.put("gateway", AddressPlan.GATEWAY).put("pins", folder.pins(node).toString());
    json.put("servicePort", AddressPlan.SERVICE_PORT).put("healthPort", AddressPlan.ADMIN_PORT);
    ArrayNode nodes = json.putArray("nodes");
    for (String name : desired.nodes()) {
      nodes
          .addObject()
          .put("id", addresses.routerNumber(name))
          .put("name", name)
          .put("address", addresses.node(name))
          .put("weight", 1);
    }
    json.put("mode", "ladder").put("loadGroup", EventFolder.SERVER_USER);
    ObjectNode cache = json.putObject("cache");
    desired.cacheNodes().forEach(cache.putArray("nodes")::add);
    cache.put("passwordFile", folder.cacheSecret().toString());
    json.put("fleetSecretFile", folder.fleetSecret().toString());
    String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json);
    Path file = folder.routerConfig(node);
    if (!Files.exists(file) || !Files.readString(file).equals(text)) {
      EventFolder.write(file, text, "r--r--r--", 0);
    }
  }

  private void removeAgents(Sight sight, java.util.function.Predicate<String> which)
      throws IOException, InterruptedException {
    List<EventProcess> agents = new ArrayList<>();
    for (String node : sight.names(NodeFleets.HOSTS)) {
      if (which.test(node)) {
        agents.addAll(sight.of(NodeFleets.agentPart(node)));
      }
    }
    ProcessTable.end(agents, STOP_PATIENCE);
  }

  void delete(String zone) throws IOException, InterruptedException, ProviderException {
    Sight sight = tier.look();
    removeAgents(sight, node -> AddressPlan.zone(node).equals(zone));
    Collection<String> nodes = NodeFleets.found(sight).getOrDefault(zone, List.of());
    AtOnce.each(
        nodes,
        node -> {
          // the XDP program goes with the pin of its link; no Java has to start for it
          EventFolder.remove(tier.folder().pins(node));
          tier.hosts().detachRouter(NodeFleets.HOSTS + node);
          Files.deleteIfExists(tier.folder().routerConfig(node));
          return node;
        });
  }
}

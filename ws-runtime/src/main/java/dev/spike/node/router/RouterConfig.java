package dev.spike.node.router;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Inet4Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one node's router is told: a JSON file, read and checked as a whole.
 *
 * @param object another BPF object than the packaged one
 * @param loadGroup id of the group that may write the load words; without one the pin is open to
 *     all users that reach its directory
 * @param forwardShareMax share of the arriving SYNs that a busy node may hand on, 0 to 1
 * @param cache where loads are exchanged; without one the peers count as idle
 */
record RouterConfig(
    String event,
    String node,
    String networkInterface,
    Inet4Address address,
    Inet4Address gateway,
    Path pins,
    Optional<Path> object,
    Optional<Integer> loadGroup,
    int servicePort,
    int healthPort,
    List<Node> nodes,
    boolean forwardAll,
    int tokensPerSecond,
    int burst,
    int acceptQueueMax,
    int handshakeQueueMax,
    double forwardShareMax,
    Duration deferMax,
    int pinsMax,
    Optional<Cache> cache) {

  /**
   * A node of the tier.
   *
   * @param id 1 to 1023, the same on every node, never given to another node during the event
   * @param weight share of the rows; 0 while it drains
   */
  record Node(int id, String name, Inet4Address address, int weight) {}

  /** The Redis Cluster. */
  record Cache(List<String> nodes, Path passwordFile, boolean tls) {}

  private static final Set<String> KEYS =
      Set.of(
          "event",
          "node",
          "interface",
          "address",
          "gateway",
          "pins",
          "object",
          "loadGroup",
          "servicePort",
          "healthPort",
          "nodes",
          "mode",
          "tokensPerSecond",
          "burst",
          "acceptQueueMax",
          "handshakeQueueMax",
          "forwardShareMax",
          "deferSecondsMax",
          "pinsMax",
          "cache",
          "fleetSecretFile");

  /** Reads and checks a file; the exception names every mistake. */
  static RouterConfig read(Path file) throws RouterException {
    JsonNode json;
    try {
      json = new ObjectMapper().readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new RouterException(
          "the router configuration " + file + " is not JSON: " + e.getOriginalMessage(),
          "correct the file",
          RouterException.USAGE,
          e);
    } catch (IOException e) {
      throw new RouterException(
          "the router configuration " + file + " cannot be read: " + e.getMessage(),
          "check the path and its permissions",
          RouterException.USAGE,
          e);
    }
    Reader reader = new Reader(json);
    RouterConfig config = reader.config();
    if (!reader.mistakes.isEmpty()) {
      throw new RouterException(
          "the router configuration " + file + ": " + String.join("; ", reader.mistakes),
          "correct the file",
          RouterException.USAGE);
    }
    return config;
  }

  /** This node's own entry. */
  Node self() {
    return nodes.stream().filter(entry -> entry.name().equals(node)).findFirst().orElseThrow();
  }

  /** The table that these nodes give. */
  MaglevTable table() {
    return MaglevTable.build(
        nodes.stream()
            .map(
                entry ->
                    new MaglevTable.Member(
                        entry.id(), entry.name(), Math.max(1, entry.weight()), entry.weight()))
            .toList());
  }

  /** The entry for the program. */
  RouterLayout.Config toLayout(MacAddress selfMac, Optional<MacAddress> gatewayMac, int flags) {
    long interval = Math.max(1, Duration.ofSeconds(1).toNanos() / tokensPerSecond);
    return new RouterLayout.Config(
        interval,
        interval * burst,
        deferMax.toNanos(),
        Duration.ofSeconds(5).toNanos(),
        Duration.ofSeconds(3).toNanos(),
        self().id(),
        address,
        forwardAll ? RouterLayout.MODE_FORWARD_ALL : RouterLayout.MODE_LADDER,
        flags | (gatewayMac.isPresent() ? RouterLayout.FLAG_GATEWAY_KNOWN : 0),
        acceptQueueMax,
        handshakeQueueMax,
        (int) Math.round(forwardShareMax * RouterLayout.SHARE_WHOLE),
        RouterLayout.PEER_LOAD_FULL,
        pinsMax,
        servicePort,
        selfMac,
        gatewayMac.orElse(MacAddress.UNKNOWN));
  }

  /** Collects mistakes instead of stopping at the first. */
  private static final class Reader {
    private static final Inet4Address NO_ADDRESS = RouterLayout.addressOf(new byte[4]);

    private final JsonNode json;
    private final List<String> mistakes = new ArrayList<>();

    Reader(JsonNode json) {
      this.json = json;
    }

    RouterConfig config() {
      for (var entry : json.properties()) {
        if (!KEYS.contains(entry.getKey())) {
          mistakes.add("unknown key " + entry.getKey());
        }
      }
      String node = text("node");
      List<Node> nodes = nodes();
      if (nodes.stream().noneMatch(entry -> entry.name().equals(node))) {
        mistakes.add("nodes has no entry for this node, " + node);
      }
      String mode = json.path("mode").asText("ladder");
      if (!mode.equals("ladder") && !mode.equals("forward-all")) {
        mistakes.add("mode must be ladder or forward-all, not " + mode);
      }
      double share = json.path("forwardShareMax").asDouble(0.10);
      if (!(share >= 0 && share <= 1)) {
        mistakes.add("forwardShareMax must be 0 to 1, not " + share);
      }
      return new RouterConfig(
          text("event"),
          node,
          text("interface"),
          address(json, "address"),
          address(json, "gateway"),
          Path.of(text("pins")),
          json.hasNonNull("object") ? Optional.of(Path.of(text("object"))) : Optional.empty(),
          json.hasNonNull("loadGroup")
              ? Optional.of(number("loadGroup", 0, 0, Integer.MAX_VALUE))
              : Optional.empty(),
          number("servicePort", 8443, 1, 65535),
          number("healthPort", 9443, 1, 65535),
          nodes,
          mode.equals("forward-all"),
          number("tokensPerSecond", 2000, 1, 10_000_000),
          number("burst", 2000, 1, 10_000_000),
          number("acceptQueueMax", 512, 1, 1_000_000),
          number("handshakeQueueMax", 256, 1, 1_000_000),
          share,
          Duration.ofSeconds(number("deferSecondsMax", 5, 0, 60)),
          number("pinsMax", RouterLayout.PINS, 1024, 16_777_216),
          cache());
    }

    private List<Node> nodes() {
      List<Node> nodes = new ArrayList<>();
      Set<Integer> ids = new HashSet<>();
      for (JsonNode entry : json.path("nodes")) {
        int id = entry.path("id").asInt();
        if (id < 1 || id >= RouterLayout.NODES || !ids.add(id)) {
          mistakes.add("nodes: ids must be 1 to 1023 and unique, not " + entry.path("id"));
        }
        int weight = entry.path("weight").asInt(1);
        if (weight < 0 || weight > 1_000_000) {
          mistakes.add("nodes: weight must be 0 to 1000000, not " + weight);
        }
        nodes.add(new Node(id, entry.path("name").asText(), address(entry, "address"), weight));
      }
      if (nodes.isEmpty()) {
        mistakes.add("nodes must list the nodes of the tier");
      }
      return List.copyOf(nodes);
    }

    private Optional<Cache> cache() {
      JsonNode cache = json.path("cache");
      if (!cache.isObject()) {
        return Optional.empty();
      }
      List<String> nodes = new ArrayList<>();
      cache.path("nodes").forEach(entry -> nodes.add(entry.asText()));
      if (nodes.isEmpty() || !cache.path("passwordFile").isTextual()) {
        mistakes.add("cache needs nodes (host:port) and passwordFile");
      }
      return Optional.of(
          new Cache(
              List.copyOf(nodes),
              Path.of(cache.path("passwordFile").asText()),
              cache.path("tls").asBoolean(false)));
    }

    private String text(String key) {
      JsonNode value = json.path(key);
      if (!value.isTextual() || value.asText().isBlank()) {
        mistakes.add(key + " must be a text");
      }
      return value.asText();
    }

    private int number(String key, int byDefault, int min, int max) {
      JsonNode value = json.path(key);
      if (value.isMissingNode() || value.isNull()) {
        return byDefault;
      }
      if (!value.isIntegralNumber() || value.asLong() < min || value.asLong() > max) {
        mistakes.add(key + " must be a whole number from " + min + " to " + max);
      }
      return value.asInt();
    }

    private Inet4Address address(JsonNode of, String key) {
      String text = of.path(key).asText();
      String[] parts = text.split("\\.", -1);
      byte[] bytes = new byte[4];
      boolean good = parts.length == 4;
      for (int i = 0; good && i < 4; i++) {
        good = parts[i].matches("\\d{1,3}") && Integer.parseInt(parts[i]) < 256;
        if (good) {
          bytes[i] = (byte) Integer.parseInt(parts[i]);
        }
      }
      if (!good) {
        mistakes.add(key + " must be an IPv4 address, not '" + text + "'");
        return NO_ADDRESS;
      }
      return RouterLayout.addressOf(bytes);
    }
  }
}

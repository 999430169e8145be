package dev.spike.node.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What all nodes of a tier share: a JSON object of schema {@link #SCHEMA} with {@code event},
 * {@code host}, {@code servicePort}, {@code adminPort}, {@code cache} {nodes: [HOST:PORT], tls},
 * {@code connectionsPerNode}, {@code heartbeatMillis}, {@code drainMillis} and {@code nodes} [{id,
 * name, address}]. A node that is not in {@code nodes} yet gets no router.
 */
public final class TierConfiguration {
  /** The schema this version reads. */
  public static final String SCHEMA = "spike.tier/v1";

  private static final int PORT_MAX = 65535;
  private static final int CONNECTIONS_MAX = 10_000_000;
  private static final int MILLIS_MAX = 3_600_000;

  private final JsonNode root;

  private TierConfiguration(JsonNode root) {
    this.root = root;
  }

  /**
   * What is one node's own.
   *
   * @param device the network device that the router attaches to
   * @param run the folder that holds {@code secrets/} and {@code bpf/node/}
   * @param loadGroup the group that may write the load words
   */
  public record Self(
      String node,
      String zone,
      String address,
      String gateway,
      String device,
      Path run,
      Optional<Integer> loadGroup) {}

  /**
   * Reads and checks a file.
   *
   * @throws Failure with every mistake, exit code 64
   */
  public static TierConfiguration read(Path file) throws Failure {
    JsonNode root;
    try {
      root = Json.parse(Files.readAllBytes(file));
    } catch (IOException unreadable) {
      throw new Failure(
          Failure.USAGE,
          "the tier's configuration " + file + " cannot be read: " + Log.words(unreadable),
          "run spike provision again: it writes the configuration");
    }
    List<String> mistakes = mistakes(root);
    if (!mistakes.isEmpty()) {
      throw new Failure(
          Failure.USAGE,
          "the tier's configuration " + file + " has mistakes: " + String.join("; ", mistakes),
          "provision with the version of spike whose bundle this node runs");
    }
    return new TierConfiguration(root);
  }

  private static List<String> mistakes(JsonNode root) {
    List<String> mistakes = new ArrayList<>();
    if (!root.path("schema").asText().equals(SCHEMA)) {
      mistakes.add("schema must be " + SCHEMA);
    }
    for (String name : List.of("event", "host")) {
      if (root.path(name).asText().isBlank()) {
        mistakes.add(name + " must be a text");
      }
    }
    if (root.at("/cache/nodes").isEmpty()) {
      mistakes.add("cache.nodes must list at least one HOST:PORT");
    }
    whole(root, "servicePort", PORT_MAX, mistakes);
    whole(root, "adminPort", PORT_MAX, mistakes);
    whole(root, "connectionsPerNode", CONNECTIONS_MAX, mistakes);
    whole(root, "heartbeatMillis", MILLIS_MAX, mistakes);
    whole(root, "drainMillis", MILLIS_MAX, mistakes);
    return mistakes;
  }

  private static void whole(JsonNode root, String name, int most, List<String> mistakes) {
    JsonNode value = root.path(name);
    if (!value.isIntegralNumber() || value.asLong() < 1 || value.asLong() > most) {
      mistakes.add(name + " must be a whole number from 1 to " + most);
    }
  }

  /** The file of {@code spike-node serve}. */
  public ObjectNode serve(Self self) {
    Path secrets = self.run().resolve("secrets");
    String certificate = secrets.resolve("certificate.pem").toString();
    ObjectNode json = Json.object();
    json.put("event", root.path("event").asText());
    json.put("node", self.node()).put("zone", self.zone());
    json.putObject("service")
        .put("address", "0.0.0.0")
        .put("port", root.path("servicePort").asInt())
        .put("host", root.path("host").asText());
    json.putObject("admin").put("address", "0.0.0.0").put("port", root.path("adminPort").asInt());
    json.putObject("tls").put("certificate", certificate).put("key", certificate);
    json.set("cache", cache(secrets));
    json.put("fleetSecretFile", secrets.resolve("fleet").toString());
    json.putObject("router").put("pins", pins(self));
    json.putObject("limits").put("connections", root.path("connectionsPerNode").asInt());
    json.put("heartbeatMillis", root.path("heartbeatMillis").asInt());
    json.put("drainMillis", root.path("drainMillis").asInt());
    return json;
  }

  /** The file of {@code spike-node router}; empty while the node is not listed. */
  public Optional<ObjectNode> router(Self self) {
    boolean listed = false;
    for (JsonNode node : root.path("nodes")) {
      listed |= node.path("name").asText().equals(self.node());
    }
    if (!listed) {
      return Optional.empty();
    }
    Path secrets = self.run().resolve("secrets");
    ObjectNode json = Json.object();
    json.put("event", root.path("event").asText()).put("node", self.node());
    json.put("interface", self.device()).put("address", self.address());
    json.put("gateway", self.gateway()).put("pins", pins(self));
    json.put("servicePort", root.path("servicePort").asInt());
    json.put("healthPort", root.path("adminPort").asInt());
    ArrayNode nodes = json.putArray("nodes");
    for (JsonNode node : root.path("nodes")) {
      nodes
          .addObject()
          .put("id", node.path("id").asInt())
          .put("name", node.path("name").asText())
          .put("address", node.path("address").asText())
          .put("weight", node.path("weight").asInt(1));
    }
    json.put("mode", "ladder");
    self.loadGroup().ifPresent(group -> json.put("loadGroup", group));
    json.set("cache", cache(secrets));
    json.put("fleetSecretFile", secrets.resolve("fleet").toString());
    return Optional.of(json);
  }

  private ObjectNode cache(Path secrets) {
    ObjectNode cache = Json.object();
    cache.set("nodes", root.at("/cache/nodes"));
    return cache
        .put("passwordFile", secrets.resolve("cache").toString())
        .put("tls", root.at("/cache/tls").asBoolean(true));
  }

  private static String pins(Self self) {
    return self.run().resolve("bpf").resolve("node").toString();
  }
}

package dev.spike.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Calls;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.CloudResource;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What all nodes share, as the object that {@code spike-node configure} reads (schema {@code
 * spike.tier/v1}). It is written once the cache has its endpoint, for which the nodes wait, and
 * holds no secret.
 */
final class NodeConfigurationPart implements Part {
  static final ResourceId ID = new ResourceId("node-configuration");
  static final String NAME = "tier.json";
  static final int SERVICE_PORT = 8443;
  static final int ADMIN_PORT = 9443;

  private static final String SCHEMA = "spike.tier/v1";
  private static final String CACHE = "cache";
  private static final int HEARTBEAT_MILLIS = 25_000;
  private static final int DRAIN_MILLIS = 30_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Calls calls;
  private final EventBucket bucket;
  private final CachePart cache;

  NodeConfigurationPart(AwsClients clients, EventBucket bucket, CachePart cache) {
    this.calls = clients.calls();
    this.bucket = bucket;
    this.cache = cache;
  }

  @Override
  public Kind kind() {
    return Kind.NODE_CONFIGURATION;
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    Deadline deadline = calls.soon();
    SortedMap<ResourceId, Observed> seen = new TreeMap<>();
    var attributes = bucket.attributes(event, NAME, deadline);
    if (attributes.isPresent()) {
      Map<String, String> visible = new TreeMap<>(attributes.get());
      String named = String.valueOf(visible.remove(CACHE));
      List<String> faults = new ArrayList<>();
      cache
          .endpoint(event, deadline)
          .filter(endpoint -> !endpoint.equals(named))
          .ifPresent(
              endpoint -> faults.add("it names the cache " + named + ", which is now " + endpoint));
      seen.put(ID, new Observed(ID, Kind.NODE_CONFIGURATION, visible, faults));
    }
    return seen;
  }

  @Override
  public void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    CloudResource.NodeConfiguration wanted = (CloudResource.NodeConfiguration) resource;
    String endpoint = endpoint(tags.event(), deadline);
    ObjectNode tier = JSON.createObjectNode();
    tier.put("schema", SCHEMA).put("event", tags.event().value()).put("host", wanted.host());
    tier.put("servicePort", SERVICE_PORT).put("adminPort", ADMIN_PORT);
    tier.putObject(CACHE).put("tls", true).putArray("nodes").add(endpoint);
    tier.put("connectionsPerNode", wanted.connectionsPerNode());
    tier.put("heartbeatMillis", HEARTBEAT_MILLIS).put("drainMillis", DRAIN_MILLIS);
    tier.set("nodes", nodes(tags.event(), deadline));
    put(tags, tier, wanted.attributes(), endpoint, deadline);
  }

  private void put(
      Tags tags,
      ObjectNode tier,
      Map<String, String> attributes,
      String endpoint,
      Deadline deadline)
      throws ProviderException, InterruptedException {
    Map<String, String> all = new TreeMap<>(attributes);
    all.put(CACHE, endpoint);
    bucket.put(tags, ID, NAME, tier + "\n", all, deadline);
  }

  private String endpoint(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    return cache
        .endpoint(event, deadline)
        .orElseThrow(
            () ->
                new ProviderException(
                    ProviderException.Kind.NOT_FOUND,
                    "the cache of event " + event + " has no endpoint",
                    "Run spike provision with this plan: it makes the cache first."));
  }

  /** The router's nodes as they were last written; none before the router's installation. */
  private JsonNode nodes(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    return tier(event, deadline).map(tier -> tier.path("nodes")).orElseGet(JSON::createArrayNode);
  }

  private Optional<ObjectNode> tier(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    Optional<String> text = bucket.text(event, NAME, deadline);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of((ObjectNode) JSON.readTree(text.get()));
    } catch (JsonProcessingException | ClassCastException broken) {
      throw new ProviderException(
          ProviderException.Kind.INVALID,
          "the object " + EventBucket.prefix(event) + NAME + " is not what spike wrote",
          "Delete that object, then run spike provision with this plan.",
          broken);
    }
  }

  /**
   * One node as routers know it.
   *
   * @param id from 1 on, never used again for another node
   */
  record RouterNode(int id, String name, String address) {}

  /** Tells the nodes of each other. NOT_FOUND before the configuration is there. */
  void tell(Tags tags, List<RouterNode> nodes, Deadline deadline)
      throws ProviderException, InterruptedException {
    ObjectNode tier =
        tier(tags.event(), deadline)
            .orElseThrow(
                () ->
                    new ProviderException(
                        ProviderException.Kind.NOT_FOUND,
                        "the nodes of event " + tags.event() + " have no configuration",
                        "Run spike provision with this plan: it writes the configuration."));
    var list = tier.putArray("nodes");
    nodes.forEach(
        node ->
            list.addObject()
                .put("id", node.id())
                .put("name", node.name())
                .put("address", node.address()));
    put(
        tags,
        tier,
        Map.of(
            "host", tier.path("host").asText(),
            "connectionsPerNode", tier.path("connectionsPerNode").asText()),
        tier.at("/cache/nodes/0").asText(),
        deadline);
  }

  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    bucket.delete(event, NAME, deadline);
  }

  @Override
  public List<String> strays(EventName event) {
    return List.of();
  }

  @Override
  public void sweep(EventName event, Deadline deadline) {}
}

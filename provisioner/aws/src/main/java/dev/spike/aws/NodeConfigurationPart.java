package dev.spike.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
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
import java.util.concurrent.locks.ReentrantLock;

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
  private static final String LAST_NUMBER = "lastNodeNumber";
  private static final int DRAIN_MILLIS = 30_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Calls calls;
  private final EventBucket bucket;
  private final CachePart cache;
  private final ReentrantLock telling = new ReentrantLock();

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
    tier.put("heartbeatMillis", wanted.heartbeatMillis()).put("drainMillis", DRAIN_MILLIS);
    Optional<ObjectNode> before = tier(tags.event(), deadline);
    // The router's nodes as they were last written; none before the router's installation.
    tier.set("nodes", before.map(old -> old.path("nodes")).orElseGet(JSON::createArrayNode));
    before.ifPresent(old -> tier.put(LAST_NUMBER, old.path(LAST_NUMBER).asInt(0)));
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
   * Tells the nodes of each other. A node keeps its number for as long as it has its address; one
   * that is new gets a number that none has had.
   *
   * @param addresses of all nodes, by name
   * @throws ProviderException NOT_FOUND before the configuration is there
   */
  void tell(Tags tags, SortedMap<String, String> addresses, Deadline deadline)
      throws ProviderException, InterruptedException {
    telling.lock();
    try {
      ObjectNode tier =
          tier(tags.event(), deadline)
              .orElseThrow(
                  () ->
                      new ProviderException(
                          ProviderException.Kind.NOT_FOUND,
                          "the nodes of event " + tags.event() + " have no configuration",
                          "Run spike provision with this plan: it writes the configuration."));
      JsonNode before = tier.path("nodes");
      RouterNumbers numbers = RouterNumbers.of(before, tier.path(LAST_NUMBER).asInt(0));
      ArrayNode now = JSON.createArrayNode();
      for (Map.Entry<String, String> node : addresses.entrySet()) {
        now.addObject()
            .put("id", numbers.of(node.getKey(), node.getValue()))
            .put("name", node.getKey())
            .put("address", node.getValue());
      }
      if (now.equals(before)) {
        return;
      }
      tier.set("nodes", now);
      tier.put(LAST_NUMBER, numbers.last());
      put(
          tags,
          tier,
          Map.of(
              "host", tier.path("host").asText(),
              "connectionsPerNode", tier.path("connectionsPerNode").asText(),
              "heartbeatMillis", tier.path("heartbeatMillis").asText()),
          tier.at("/cache/nodes/0").asText(),
          deadline);
    } finally {
      telling.unlock();
    }
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

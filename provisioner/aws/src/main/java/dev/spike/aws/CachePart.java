package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.AwsErrors;
import dev.spike.aws.api.CacheApi;
import dev.spike.aws.api.Calls;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.elasticache.model.CreateReplicationGroupRequest;

/**
 * The cache: one replication group in cluster mode over the tier's zones, encrypted, with a
 * password. It is the slowest of all resources, both to come and to go.
 */
final class CachePart implements Part {
  static final ResourceId ID = new ResourceId("cache");

  /** The node that the catalogue's figures are for. */
  static final String NODE_TYPE = "cache.r7g.xlarge";

  private final AwsSettings settings;
  private final Calls calls;
  private final CacheApi api;
  private final CacheGroupsPart groups;
  private final FirewallPart firewall;
  private final SecretPart secrets;
  private final boolean emulated;

  /** The deleted caches that an emulator goes on listing, each with the time it was made. */
  private final Set<String> lingering = ConcurrentHashMap.newKeySet();

  CachePart(
      AwsSettings settings,
      AwsClients clients,
      CacheGroupsPart groups,
      FirewallPart firewall,
      SecretPart secrets) {
    this.settings = settings;
    this.calls = clients.calls();
    this.api = new CacheApi(clients);
    this.groups = groups;
    this.firewall = firewall;
    this.secrets = secrets;
    this.emulated = clients.emulated();
  }

  @Override
  public Kind kind() {
    return Kind.CACHE;
  }

  static String name(EventName event) {
    return Names.of(event, ID, Names.CACHE_CHARS_MAX);
  }

  /** The cache of the event; a cache of that name that is not the event's is not found. */
  private Optional<SeenCache> find(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    Optional<SeenCache> cache =
        api.cache(deadline, name(event))
            .map(SeenCache::new)
            .filter(found -> !lingering.contains(found.identity()));
    if (cache.isEmpty()) {
      return cache;
    }
    try {
      return event
              .value()
              .equals(api.tags(deadline, cache.get().group().arn()).get(EventTags.EVENT))
          ? cache
          : Optional.empty();
    } catch (ProviderException failure) {
      if (failure.kind() == ProviderException.Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /** HOST:PORT of the cache; empty while it has none. */
  Optional<String> endpoint(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    return find(event, deadline).flatMap(SeenCache::endpoint);
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    SortedMap<ResourceId, Observed> seen = new TreeMap<>();
    find(event, calls.soon())
        .ifPresent(
            cache ->
                seen.put(ID, new Observed(ID, Kind.CACHE, cache.attributes(), cache.faults())));
    return seen;
  }

  @Override
  public void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    Resource.Cache cache = (Resource.Cache) resource;
    EventName event = tags.event();
    Optional<SeenCache> there = find(event, deadline);
    if (there.isPresent() && there.get().deleting()) {
      awaitGone(event, deadline);
      there = Optional.empty();
    }
    if (there.isEmpty()) {
      create(cache, tags, deadline);
    }
    calls.until(
        deadline,
        "The cache goes on being made: run the same command again with a longer --deadline.",
        () -> missing(event, cache, deadline));
  }

  private void create(Resource.Cache cache, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    EventName event = tags.event();
    CacheGroupsPart.Engine engine = groups.engine(deadline);
    CreateReplicationGroupRequest.Builder request =
        CreateReplicationGroupRequest.builder()
            .replicationGroupId(name(event))
            .replicationGroupDescription("spike event " + event)
            .engine(engine.name())
            .cacheNodeType(NODE_TYPE)
            .clusterMode("enabled")
            .numNodeGroups(cache.shards())
            .replicasPerNodeGroup(cache.replicasPerShard())
            .automaticFailoverEnabled(true)
            .multiAZEnabled(cache.replicasPerShard() > 0 && cache.zones().size() > 1)
            .cacheSubnetGroupName(groups.subnetGroup(event))
            .cacheParameterGroupName(groups.parameterGroup(event))
            .securityGroupIds(firewall.groupId(event, FirewallPart.Role.CACHE, deadline))
            .transitEncryptionEnabled(true)
            .atRestEncryptionEnabled(true)
            .authToken(secrets.value(event, "cache-auth", deadline))
            .snapshotRetentionLimit(0)
            .tags(CacheApi.list(EventTags.of(tags, ID, settings)));
    engine.version().ifPresent(request::engineVersion);
    settings.kmsKeyId().ifPresent(request::kmsKeyId);
    try {
      calls.settled(deadline, () -> api.create(deadline, request.build()));
    } catch (ProviderException failure) {
      if (failure.kind() != ProviderException.Kind.ALREADY_EXISTS) {
        throw failure;
      }
      if (find(event, deadline).isEmpty()) {
        throw new ProviderException(
            ProviderException.Kind.ALREADY_EXISTS,
            "a cache " + name(event) + " is there and is not of event " + event,
            "Remove that cache if nothing needs it, or give the event another name.",
            failure);
      }
    }
  }

  private Optional<String> missing(EventName event, Resource.Cache wanted, Deadline deadline)
      throws ProviderException, InterruptedException {
    Optional<SeenCache> there = find(event, deadline);
    if (there.isEmpty()) {
      return Optional.of("cache " + name(event) + " is not to be seen yet");
    }
    SeenCache cache = there.get();
    if (cache.failed()) {
      throw new ProviderException(
          ProviderException.Kind.INSUFFICIENT_CAPACITY,
          "the cache " + name(event) + " could not be made (" + cache.status() + ")",
          "Look at its events in ElastiCache, run spike teardown, then provision again.");
    }
    if (!cache.available()) {
      return Optional.of("cache " + name(event) + " is " + cache.status());
    }
    cache.compare(wanted);
    return Optional.empty();
  }

  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    Optional<SeenCache> there = find(event, deadline);
    if (there.isEmpty()) {
      return;
    }
    if (!there.get().deleting()) {
      // A cache that is still being made cannot be deleted yet.
      calls.freed(
          deadline,
          "cache " + name(event),
          () -> {
            if (!deleting(event, deadline)) { // else the answer of the last try was lost
              api.delete(deadline, name(event));
            }
          },
          () ->
              find(event, deadline)
                  .map(cache -> "its own making (" + cache.status() + ")")
                  .orElse(""));
    }
    awaitGone(event, deadline);
  }

  private boolean deleting(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    return find(event, deadline).filter(SeenCache::deleting).isPresent();
  }

  private void awaitGone(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    calls.until(
        deadline,
        "The cache goes on being deleted: run spike teardown again.",
        () -> {
          Optional<SeenCache> there = find(event, deadline);
          if (there.isPresent() && lingers(there.get(), deadline)) {
            return Optional.empty();
          }
          return there.map(cache -> "cache " + name(event) + " is " + cache.status());
        });
  }

  /**
   * Whether a cache that is being deleted never goes. ElastiCache refuses to delete one twice; moto
   * as it comes accepts that, and keeps it in that state for ever.
   */
  private boolean lingers(SeenCache cache, Deadline deadline)
      throws ProviderException, InterruptedException {
    if (!emulated || !cache.deleting()) {
      return false;
    }
    try {
      api.delete(deadline, cache.group().replicationGroupId());
      return lingering.add(cache.identity());
    } catch (ProviderException refused) {
      if (AwsErrors.reason(refused) == AwsErrors.Reason.IN_USE
          || refused.kind() == ProviderException.Kind.NOT_FOUND) {
        return false;
      }
      throw refused;
    }
  }

  @Override
  public List<String> strays(EventName event) {
    return List.of();
  }

  @Override
  public void sweep(EventName event, Deadline deadline) {}
}

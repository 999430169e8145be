package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.elasticache.model.CacheParameterGroup;

/** The groups that a cache is made with, less those that are given. */
final class CacheGroupsPart implements Part {
  static final ResourceId ID = new ResourceId("cache-groups");
  static final String FAMILY = "valkey8";

  /**
   * What differs from the family: a subscriber that does not keep up is cut off at 32 MB, or at 8
   * MB that last a minute, before it takes the memory of the sessions; and no session is ever
   * evicted.
   */
  static final SortedMap<String, String> PARAMETERS =
      new TreeMap<>(
          Map.of(
              "cluster-enabled", "yes",
              "client-output-buffer-limit-pubsub-hard-limit", "33554432",
              "client-output-buffer-limit-pubsub-soft-limit", "8388608",
              "client-output-buffer-limit-pubsub-soft-seconds", "60",
              "maxmemory-policy", "noeviction"));

  private final AwsSettings settings;
  private final Calls calls;
  private final CacheApi api;
  private final Sites sites;

  CacheGroupsPart(AwsSettings settings, AwsClients clients) {
    this.settings = settings;
    this.calls = clients.calls();
    this.api = new CacheApi(clients);
    this.sites = new Sites(settings, clients);
  }

  @Override
  public Kind kind() {
    return Kind.CACHE_GROUPS;
  }

  /** The parameter group of an event's cache. */
  String parameterGroup(EventName event) {
    return settings
        .cacheParameterGroup()
        .orElseGet(() -> Names.of(event, new ResourceId(ID + "/parameters"), 200));
  }

  /** The subnet group of an event's cache. */
  String subnetGroup(EventName event) {
    return settings
        .cacheSubnetGroup()
        .orElseGet(() -> Names.of(event, new ResourceId(ID + "/subnets"), 200));
  }

  /** What the cache runs: the parameters are those of one version of one engine. */
  record Engine(String name, Optional<String> version) {
    /** Of a family; its first version, which every cache of the family can be made with. */
    static Engine of(String family) {
      return switch (family) {
        case FAMILY -> new Engine("valkey", Optional.of("8.0"));
        case "valkey7" -> new Engine("valkey", Optional.of("7.2"));
        case "redis7" -> new Engine("redis", Optional.of("7.1"));
        default -> new Engine(family.replaceAll("[0-9.]+(\\.x)?$", ""), Optional.empty());
      };
    }
  }

  /** The engine of the event's parameter group, spike's own or given. */
  Engine engine(Deadline deadline) throws ProviderException, InterruptedException {
    Optional<String> given = settings.cacheParameterGroup();
    if (given.isEmpty()) {
      return Engine.of(FAMILY);
    }
    return Engine.of(
        Offered.orElse(
            FAMILY,
            () ->
                api.parameterGroup(deadline, given.get())
                    .map(CacheParameterGroup::cacheParameterGroupFamily)
                    .orElse(FAMILY)));
  }

  private boolean ownsParameters() {
    return settings.cacheParameterGroup().isEmpty();
  }

  private boolean ownsSubnets() {
    return settings.cacheSubnetGroup().isEmpty();
  }

  /** What is there of the event's own: the names of its groups. */
  private record Seen(Optional<String> parameters, Optional<String> subnets) {}

  private Seen seen(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    Optional<String> parameters = Optional.empty();
    Optional<String> subnets = Optional.empty();
    if (ownsParameters()) {
      var group =
          Offered.orElse(
              Optional.<CacheParameterGroup>empty(),
              () -> api.parameterGroup(deadline, parameterGroup(event)));
      if (group.isPresent() && ours(event, group.get().arn(), deadline)) {
        parameters = Optional.of(group.get().cacheParameterGroupName());
      }
    }
    if (ownsSubnets()) {
      var group = api.subnetGroup(deadline, subnetGroup(event));
      if (group.isPresent() && ours(event, group.get().arn(), deadline)) {
        subnets = Optional.of(group.get().cacheSubnetGroupName());
      }
    }
    return new Seen(parameters, subnets);
  }

  private boolean ours(EventName event, String arn, Deadline deadline)
      throws ProviderException, InterruptedException {
    return event.value().equals(api.tags(deadline, arn).get(EventTags.EVENT));
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    Deadline deadline = calls.soon();
    Seen seen = seen(event, deadline);
    SortedMap<ResourceId, Observed> all = new TreeMap<>();
    if (seen.parameters().isPresent() || seen.subnets().isPresent()) {
      List<String> faults = new ArrayList<>();
      if (ownsSubnets() && seen.subnets().isEmpty()) {
        faults.add("the cache's subnet group is missing");
      }
      if (ownsParameters() && seen.parameters().isEmpty()) {
        faults.add("the cache's parameter group is missing");
      }
      if (seen.parameters().isPresent()
          && !different(seen.parameters().get(), deadline).isEmpty()) {
        faults.add("the cache's parameters are not those of spike");
      }
      all.put(ID, new Observed(ID, Kind.CACHE_GROUPS, Map.of(), faults));
    }
    return all;
  }

  /** The parameters that are not yet as they should be. */
  private SortedMap<String, String> different(String group, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<String, String> different = new TreeMap<>(PARAMETERS);
    different.entrySet().removeAll(api.parameters(deadline, group).entrySet());
    return different;
  }

  @Override
  public void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    EventName event = tags.event();
    SortedMap<String, String> all = EventTags.of(tags, ID, settings);
    Seen seen = seen(event, deadline);
    if (ownsParameters()) {
      String name = parameterGroup(event);
      if (seen.parameters().isEmpty()) {
        unlessThere(
            event,
            name,
            () -> api.createParameterGroup(deadline, name, FAMILY, "spike event " + event, all),
            deadline);
      }
      calls.settled(
          deadline,
          () -> {
            SortedMap<String, String> different = different(name, deadline);
            if (!different.isEmpty()) {
              api.setParameters(deadline, name, different);
            }
          });
    }
    if (ownsSubnets() && seen.subnets().isEmpty()) {
      String name = subnetGroup(event);
      Site site = sites.find(event, new Desired(desired).zones(), deadline);
      unlessThere(
          event,
          name,
          () ->
              api.createSubnetGroup(deadline, name, "spike event " + event, site.subnetIds(), all),
          deadline);
    }
  }

  /** Creates; a name that is taken is fine when it is the event's own, as after a lost answer. */
  private void unlessThere(EventName event, String name, Calls.Action creation, Deadline deadline)
      throws ProviderException, InterruptedException {
    try {
      creation.run();
    } catch (ProviderException failure) {
      if (failure.kind() != ProviderException.Kind.ALREADY_EXISTS) {
        throw failure;
      }
      Seen seen = seen(event, deadline);
      if (!seen.parameters().equals(Optional.of(name))
          && !seen.subnets().equals(Optional.of(name))) {
        throw new ProviderException(
            ProviderException.Kind.ALREADY_EXISTS,
            "a group " + name + " is there and is not of event " + event,
            "Remove that group if nothing needs it, or give the event another name.",
            failure);
      }
    }
  }

  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    Seen seen = seen(event, deadline);
    if (seen.subnets().isPresent()) {
      String name = seen.subnets().get();
      calls.freed(
          deadline,
          "subnet group " + name,
          () -> api.deleteSubnetGroup(deadline, name),
          () -> "a cache");
    }
    if (seen.parameters().isPresent()) {
      String name = seen.parameters().get();
      calls.freed(
          deadline,
          "parameter group " + name,
          () -> api.deleteParameterGroup(deadline, name),
          () -> "a cache");
    }
  }

  @Override
  public List<String> strays(EventName event) {
    return List.of();
  }

  @Override
  public void sweep(EventName event, Deadline deadline) {}
}

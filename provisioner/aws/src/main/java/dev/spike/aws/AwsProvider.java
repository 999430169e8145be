package dev.spike.aws;

import dev.spike.aws.api.AccountApi;
import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.CallCount;
import dev.spike.aws.api.Glance;
import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.PriceList;
import dev.spike.core.provider.AtOnce;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Finding;
import dev.spike.core.provider.FutureCapacity;
import dev.spike.core.provider.Lease;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.NodeCommand;
import dev.spike.core.provider.NodeExchange;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ObservedState;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import dev.spike.core.resource.Stage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A tier of rented machines. Each kind of resource is a {@link Part}; creating and repairing are
 * the same: a part looks at what is there and makes only what is missing.
 */
public final class AwsProvider implements Provider {
  static final String NAME = "aws";
  private static final int SWEEPS_MAX = 3;
  private static final int NAMED_MAX = 10;

  /** How long a service may go on listing what it has deleted. */
  private static final Duration SETTLING = Duration.ofMinutes(2);

  private final AwsClients clients;
  private final AwsTier tier;

  AwsProvider(AwsSettings settings, AwsClients clients) {
    this(settings, clients, Optional.empty());
  }

  /** With machines that are told what the caller says. */
  AwsProvider(AwsSettings settings, AwsClients clients, Bundles bundles) {
    this(settings, clients, Optional.of(bundles));
  }

  private AwsProvider(AwsSettings settings, AwsClients clients, Optional<Bundles> bundles) {
    this.clients = clients;
    this.tier = new AwsTier(settings, clients, bundles);
  }

  @Override
  public String name() {
    return NAME;
  }

  /** Calls so far by bucket of the API. */
  public SortedMap<String, CallCount> counts() {
    return clients.calls().counts();
  }

  @Override
  public List<Finding> preflight(List<Resource> desired, Optional<EventName> event) {
    return tier.preflight(desired, event);
  }

  @Override
  public void admit(Deadline deadline) throws ProviderException, InterruptedException {
    tier.admit(deadline);
  }

  @Override
  public String where(Deadline deadline) throws ProviderException, InterruptedException {
    return clients.region() + " of account " + new AccountApi(clients).caller(deadline).account();
  }

  @Override
  public PriceList prices(Catalog catalog, Deadline deadline)
      throws ProviderException, InterruptedException {
    return new PublishedPrices(clients).of(catalog, deadline);
  }

  @Override
  public ObservedState observe(EventName event) throws ProviderException, InterruptedException {
    return observe(event, tier.parts());
  }

  /** The nodes themselves are asked only for what the warm stage made on them. */
  @Override
  public ObservedState observe(EventName event, Stage upTo)
      throws ProviderException, InterruptedException {
    return observe(
        event,
        tier.parts().stream().filter(part -> part.kind().stage().compareTo(upTo) <= 0).toList());
  }

  private static ObservedState observe(EventName event, List<Part> parts)
      throws ProviderException, InterruptedException {
    SortedMap<ResourceId, Observed> resources = new TreeMap<>();
    List<String> strays = new ArrayList<>();
    Glance glance = new Glance();
    for (Seen seen : AtOnce.each(parts, part -> glance.with(() -> Seen.of(part, event)))) {
      resources.putAll(seen.resources());
      strays.addAll(seen.strays());
    }
    return new ObservedState(event, resources, strays);
  }

  private record Seen(SortedMap<ResourceId, Observed> resources, List<String> strays) {
    static Seen of(Part part, EventName event) throws ProviderException, InterruptedException {
      return new Seen(part.observe(event), part.strays(event));
    }
  }

  @Override
  public void create(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    tier.part(resource.kind()).converge(resource, desired, tags, deadline);
  }

  @Override
  public void update(
      Resource resource, Observed observed, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    tier.part(resource.kind()).converge(resource, desired, tags, deadline);
  }

  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    tier.part(AwsTier.kind(id)).delete(event, id, deadline);
  }

  /**
   * From the kinds that need others down to those that others need, again while some are left. Then
   * AWS's list of everything with the event's tag has to be empty too.
   */
  @Override
  public void sweep(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    ObservedState left = free(observe(event));
    for (int round = 1; round <= SWEEPS_MAX && !left.isEmpty(); round++) {
      for (Part part : tier.downwards()) {
        List<ResourceId> ids =
            left.resources().values().stream()
                .filter(seen -> seen.kind() == part.kind())
                .map(Observed::id)
                .toList();
        AtOnce.each(
            ids,
            id -> {
              part.delete(event, id, deadline);
              return id;
            });
        part.sweep(event, deadline);
      }
      left = free(observe(event));
    }
    if (!left.isEmpty()) {
      throw new ProviderException(
          Kind.UNAVAILABLE,
          left.resources().keySet() + " and " + left.strays() + " of event " + event + " stay",
          "Run spike teardown again; what stays then has to be looked at by hand.");
    }
    confirmEmpty(event, deadline);
  }

  /** What is not committed. */
  private static ObservedState free(ObservedState observed) {
    SortedMap<ResourceId, Observed> free = new TreeMap<>(observed.resources());
    free.values().removeIf(seen -> seen.committedUntil().isPresent());
    return new ObservedState(observed.event(), free, observed.strays());
  }

  private void confirmEmpty(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    Duration left = deadline.left();
    Deadline settled = clients.calls().pace().in(left.compareTo(SETTLING) < 0 ? left : SETTLING);
    clients
        .calls()
        .until(
            settled,
            "Look at them by hand: delete them, or take their tag "
                + EventTags.EVENT
                + " away, then run spike teardown again.",
            () -> unseen(event, settled));
  }

  private Optional<String> unseen(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<String> things = tier.tagged(event, deadline);
    return things.isEmpty()
        ? Optional.empty()
        : Optional.of(
            things.size()
                + " things carry the tag of event "
                + event
                + " that spike did not find by itself: "
                + String.join(", ", things.subList(0, Math.min(NAMED_MAX, things.size()))));
  }

  @Override
  public Optional<FutureCapacity> futureCapacity() {
    return Optional.of(tier.futureCapacity());
  }

  @Override
  public Optional<Instant> standingSince(EventName event)
      throws ProviderException, InterruptedException {
    return tier.standingSince(event);
  }

  @Override
  public SortedMap<String, String> lastLogs(
      EventName event, Collection<String> nodes, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<String, String> logs = new TreeMap<>();
    nodes(event)
        .run(nodes, NodeCommand.of("logs"), deadline)
        .forEach(
            (node, answer) ->
                logs.put(
                    node,
                    answer.ok()
                        ? answer.json().path("log").asText()
                        : "no log: " + answer.json().path("error").asText("no answer") + "\n"));
    return logs;
  }

  @Override
  public Optional<Lease> tryLease(EventName event) throws ProviderException {
    return tier.tryLease(event);
  }

  @Override
  public Optional<String> leaseHolder(EventName event)
      throws ProviderException, InterruptedException {
    return tier.leaseHolder(event);
  }

  @Override
  public NodeChannel nodes(EventName event) throws ProviderException {
    return tier.nodes(event);
  }

  @Override
  public NodeExchange exchange() {
    return tier.exchange();
  }

  @Override
  public void killNode(EventName event, String node)
      throws ProviderException, InterruptedException {
    tier.killNode(event, node);
  }

  @Override
  public void close() {
    clients.close();
  }
}

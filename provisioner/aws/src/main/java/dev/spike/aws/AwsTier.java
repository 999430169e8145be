package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.preflight.Preflight;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Finding;
import dev.spike.core.provider.FutureCapacity;
import dev.spike.core.provider.Lease;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.NodeExchange;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parts that a tier is made of, put together. */
final class AwsTier {
  private final Map<Kind, Part> parts = new EnumMap<>(Kind.class);
  private final Leases leases;
  private final Channels channels;
  private final Machines machines;
  private final NodeExchange exchange;
  private final TaggedThings tagged;
  private final Standing standing;
  private final Preflight preflight;
  private final FutureReservations future;

  /** Who may change an event's resources. */
  interface Leases {
    Optional<Lease> tryTake(EventName event) throws ProviderException;

    /** Which run holds it, until when. */
    Optional<String> holder(EventName event) throws ProviderException, InterruptedException;
  }

  /** How the nodes of an event are reached. */
  @FunctionalInterface
  interface Channels {
    NodeChannel of(EventName event) throws ProviderException;
  }

  /** The machines below the nodes. */
  @FunctionalInterface
  interface Machines {
    /** Ends one at once. */
    void kill(EventName event, String node) throws ProviderException, InterruptedException;
  }

  /**
   * @param given what machines are told; empty for what the event's own parts know
   */
  AwsTier(AwsSettings settings, AwsClients clients, Optional<Bundles> given) {
    FirewallPart firewall = new FirewallPart(settings, clients);
    this.tagged = new TaggedThings(clients);
    this.standing = new Standing(clients);
    EventBucket bucket = new EventBucket(settings, clients, tagged);
    BundlePart bundle = new BundlePart(clients, bucket);
    CertificatePart certificate = new CertificatePart(settings, clients, bucket);
    SecretPart secrets = new SecretPart(settings, clients, new SecureRandom());
    CacheGroupsPart cacheGroups = new CacheGroupsPart(settings, clients);
    CachePart cache = new CachePart(settings, clients, cacheGroups, firewall, secrets);
    Bundles bundles = given.orElseGet(() -> new EventBoot(bucket, bundle, certificate, secrets));
    this.future = new FutureReservations(settings, clients);
    CapacityReservationPart reservations = new CapacityReservationPart(settings, clients);
    NodeTemplate form = new NodeTemplate(settings, clients, firewall, bundles);
    LaunchTemplatePart templates = new LaunchTemplatePart(settings, clients, form);
    Balancers balancers = new Balancers(clients);
    EventMachines machines = new EventMachines(clients);
    Targets targets = new Targets(clients, balancers, machines);
    NodeFleetPart fleets =
        new NodeFleetPart(settings, clients, machines, targets, templates, reservations, form);
    this.machines = fleets;
    this.preflight = new Preflight(settings, clients);
    this.leases = new BucketLeases(settings, clients, bucket, System.getenv());
    this.channels = event -> new NodeCommands(event, clients, machines);
    NodeConfigurationPart configuration = new NodeConfigurationPart(clients, bucket, cache);
    RunningNodes nodes = new RunningNodes(clients, machines, channels);
    this.exchange = new MachineExchange(clients, machines, fleets, targets, nodes);
    List<Part> all =
        List.of(
            new NetworkPart(settings, clients),
            firewall,
            certificate,
            secrets,
            bundle,
            cacheGroups,
            cache,
            configuration,
            new PlacementPart(settings, clients),
            reservations,
            templates,
            fleets,
            new BalancerPart(settings, clients, balancers, firewall),
            new BalancerCapacityPart(clients, balancers),
            new TargetGroupPart(settings, clients, balancers, machines, targets),
            new ListenerPart(settings, clients, balancers),
            new RouterInstallationPart(nodes, configuration),
            new NodeWarmUpPart(nodes));
    all.forEach(part -> parts.put(part.kind(), part));
  }

  List<Part> parts() {
    return List.copyOf(parts.values());
  }

  Part part(Kind kind) throws ProviderException {
    Part part = parts.get(kind);
    if (part == null) {
      throw new ProviderException(
          ProviderException.Kind.INVALID,
          "the provider aws has no resources of kind " + kind.text(),
          "Make the plan again with spike plan --provider aws.");
    }
    return part;
  }

  /** The parts, each before those it stands on. */
  List<Part> downwards() {
    List<Part> order = new ArrayList<>();
    List<Kind> waiting = new ArrayList<>(parts.keySet());
    while (!waiting.isEmpty()) {
      List<Kind> free =
          waiting.stream()
              .filter(kind -> waiting.stream().noneMatch(other -> other.needs().contains(kind)))
              .toList();
      free.forEach(kind -> order.add(parts.get(kind)));
      waiting.removeAll(free);
    }
    return order;
  }

  /** The kind that an id names. */
  static Kind kind(ResourceId id) throws ProviderException {
    String text = id.value().replaceFirst("/.*", "");
    for (Kind kind : Kind.values()) {
      if (kind.text().equals(text)) {
        return kind;
      }
    }
    throw new ProviderException(
        ProviderException.Kind.INVALID,
        "the id " + id + " names no kind of resource",
        "Make the plan again with spike plan --provider aws.");
  }

  void admit(Deadline deadline) throws ProviderException, InterruptedException {
    preflight.admit(deadline);
  }

  List<Finding> preflight(List<Resource> desired, Optional<EventName> event) {
    return preflight.findings(desired, event);
  }

  Optional<Lease> tryLease(EventName event) throws ProviderException {
    return leases.tryTake(event);
  }

  Optional<String> leaseHolder(EventName event) throws ProviderException, InterruptedException {
    return leases.holder(event);
  }

  NodeChannel nodes(EventName event) throws ProviderException {
    return channels.of(event);
  }

  /** What carries the event's tag by AWS's list over all services, confirmed, and could go. */
  List<String> tagged(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<String> left = tagged.left(event, deadline);
    if (left.isEmpty()) {
      return left;
    }
    List<String> committed = future.committed(event, deadline);
    return left.stream().filter(arn -> committed.stream().noneMatch(arn::endsWith)).toList();
  }

  FutureCapacity futureCapacity() {
    return future;
  }

  /** When the first of what is paid by the hour came to be. */
  Optional<Instant> standingSince(EventName event) throws ProviderException, InterruptedException {
    return standing.since(event);
  }

  NodeExchange exchange() {
    return exchange;
  }

  void killNode(EventName event, String node) throws ProviderException, InterruptedException {
    machines.kill(event, node);
  }
}

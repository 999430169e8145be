package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.core.provider.Finding;
import dev.spike.core.provider.Lease;
import dev.spike.core.provider.NodeChannel;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The parts that a tier is made of, put together. */
final class AwsTier {
  private final Map<Kind, Part> parts = new EnumMap<>(Kind.class);
  private final Optional<Leases> leases = Optional.empty();
  private final Optional<Channels> channels = Optional.empty();
  private final Machines machines;

  /** Who may change an event's resources. */
  @FunctionalInterface
  interface Leases {
    Optional<Lease> tryTake(EventName event) throws ProviderException;
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

  AwsTier(AwsSettings settings, AwsClients clients, Bundles bundles) {
    FirewallPart firewall = new FirewallPart(settings, clients);
    CapacityReservationPart reservations = new CapacityReservationPart(settings, clients);
    NodeTemplate form = new NodeTemplate(settings, clients, firewall, bundles);
    LaunchTemplatePart templates = new LaunchTemplatePart(settings, clients, form);
    NodeFleetPart fleets = new NodeFleetPart(settings, clients, templates, reservations, form);
    this.machines = fleets;
    List<Part> all =
        List.of(
            new NetworkPart(settings, clients),
            firewall,
            new PlacementPart(settings, clients),
            reservations,
            templates,
            fleets,
            new BalancerPart(settings, clients, firewall),
            new BalancerCapacityPart(clients),
            new TargetGroupPart(settings, clients, fleets),
            new ListenerPart(settings, clients));
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

  List<Finding> preflight(List<Resource> desired) {
    return List.of();
  }

  Optional<Lease> tryLease(EventName event) throws ProviderException {
    return there(leases, "leases").tryTake(event);
  }

  NodeChannel nodes(EventName event) throws ProviderException {
    return there(channels, "a channel to nodes").of(event);
  }

  void killNode(EventName event, String node) throws ProviderException, InterruptedException {
    machines.kill(event, node);
  }

  private static <T> T there(Optional<T> seam, String what) throws ProviderException {
    return seam.orElseThrow(
        () ->
            new ProviderException(
                ProviderException.Kind.INVALID,
                "this build of the provider aws has no " + what,
                "Use --provider local."));
  }
}

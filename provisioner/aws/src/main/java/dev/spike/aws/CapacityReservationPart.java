package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.AwsErrors;
import dev.spike.aws.api.Calls;
import dev.spike.aws.api.Ec2Tags;
import dev.spike.aws.api.ReservationApi;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.ec2.model.CapacityReservation;
import software.amazon.awssdk.services.ec2.model.CapacityReservationState;

/**
 * Room for a zone's nodes, reserved at once and only for launches that name it. Billed from the
 * moment it is active, used or not; cancelled last.
 */
final class CapacityReservationPart implements Part {
  private static final int ATTEMPTS_MAX = 20;
  private static final String OTHER_WAYS =
      "Put another type first in provider.aws.instanceTypes or set reserve.nodes to false, then plan"
          + " again; or run the same command again later.";

  private final AwsSettings settings;
  private final Calls calls;
  private final ReservationApi api;
  private final Sites sites;

  CapacityReservationPart(AwsSettings settings, AwsClients clients) {
    this.settings = settings;
    this.calls = clients.calls();
    this.api = new ReservationApi(clients);
    this.sites = new Sites(settings, clients);
  }

  @Override
  public Kind kind() {
    return Kind.CAPACITY_RESERVATION;
  }

  static ResourceId id(String zone) {
    return new ResourceId("capacity-reservation/" + zone);
  }

  /** Those that hold room or will: neither ended nor failed. */
  private SortedMap<String, List<CapacityReservation>> live(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<String, List<CapacityReservation>> live = new TreeMap<>();
    List<CapacityReservation> all =
        Offered.orElse(
            List.of(),
            () -> api.reservations(deadline, Ec2Tags.tag(EventTags.EVENT, event.value())));
    for (CapacityReservation reservation : all) {
      String id = Ec2Tags.map(reservation.tags()).get(EventTags.RESOURCE);
      if (id != null && holds(reservation.state())) {
        live.computeIfAbsent(id, key -> new ArrayList<>()).add(reservation);
      }
    }
    return live;
  }

  private static boolean holds(CapacityReservationState state) {
    return switch (state) {
      case ACTIVE, PENDING, SCHEDULED, ASSESSING, DELAYED, PAYMENT_PENDING -> true;
      case FAILED, CANCELLED, EXPIRED, PAYMENT_FAILED, UNSUPPORTED, UNAVAILABLE -> false;
      case UNKNOWN_TO_SDK_VERSION -> true;
    };
  }

  /** The zone's reservation when it is active. */
  Optional<CapacityReservation> active(EventName event, String zone, Deadline deadline)
      throws ProviderException, InterruptedException {
    return live(event, deadline).getOrDefault(id(zone).value(), List.of()).stream()
        .filter(reservation -> reservation.state() == CapacityReservationState.ACTIVE)
        .findFirst();
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    SortedMap<ResourceId, Observed> seen = new TreeMap<>();
    live(event, calls.soon())
        .forEach(
            (text, reservations) -> {
              ResourceId id = new ResourceId(text);
              List<String> faults = new ArrayList<>();
              TreeSet<String> types = new TreeSet<>();
              int nodes = 0;
              for (CapacityReservation reservation : reservations) {
                types.add(reservation.instanceType());
                nodes += reservation.totalInstanceCount();
                if (reservation.state() != CapacityReservationState.ACTIVE) {
                  faults.add(
                      "reservation "
                          + reservation.capacityReservationId()
                          + " is "
                          + reservation.stateAsString());
                }
              }
              Map<String, String> attributes = new HashMap<>();
              attributes.put("profile", String.join("|", types));
              attributes.put("nodes", Integer.toString(nodes));
              seen.put(id, new Observed(id, Kind.CAPACITY_RESERVATION, attributes, faults));
            });
    return seen;
  }

  @Override
  public void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    CloudResource.CapacityReservation wanted = (CloudResource.CapacityReservation) resource;
    List<CapacityReservation> there =
        live(tags.event(), deadline).getOrDefault(wanted.id().value(), List.of());
    List<CapacityReservation> fitting =
        there.stream().filter(r -> wanted.profile().equals(r.instanceType())).toList();
    for (CapacityReservation other : there) {
      boolean kept = !fitting.isEmpty() && other.equals(fitting.getFirst());
      if (!kept) {
        cancel(other, deadline);
      }
    }
    if (fitting.isEmpty()) {
      reserve(wanted, new Desired(desired).zones(), tags, deadline);
    } else if (fitting.getFirst().totalInstanceCount() != wanted.nodes()) {
      awaitActive(tags.event(), wanted, deadline);
      api.resize(deadline, fitting.getFirst().capacityReservationId(), wanted.nodes());
    }
    awaitActive(tags.event(), wanted, deadline);
  }

  /** A token whose reservation ended answers with that one: then the next attempt's is used. */
  private void reserve(
      CloudResource.CapacityReservation wanted, List<String> zones, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    EventName event = tags.event();
    String zoneName = String.valueOf(sites.zoneNames(event, zones, deadline).get(wanted.zone()));
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      try {
        CapacityReservation made =
            api.reserve(
                deadline,
                zoneName,
                wanted.profile(),
                wanted.nodes(),
                Names.token(
                    event.value(),
                    wanted.id().value(),
                    wanted.profile(),
                    zoneName,
                    Integer.toString(wanted.nodes()),
                    Integer.toString(attempt)),
                EventTags.of(tags, wanted.id(), settings));
        if (holds(made.state()) && stillThere(event, made, deadline)) {
          return;
        }
      } catch (ProviderException failure) {
        switch (AwsErrors.reason(failure)) {
          case TOKEN_SPENT, TOKEN_MISMATCH -> {}
          case POOL_EMPTY ->
              throw new ProviderException(
                  failure.kind(),
                  wanted.nodes()
                      + " of "
                      + wanted.profile()
                      + " in "
                      + zoneName
                      + " could not be reserved: "
                      + failure.getMessage(),
                  OTHER_WAYS,
                  failure);
          case IN_USE, CONDITION_FAILED, NOT_OFFERED, PLAIN -> throw failure;
        }
      }
    }
    throw new ProviderException(
        ProviderException.Kind.UNAVAILABLE,
        wanted.id() + " was reserved and ended " + ATTEMPTS_MAX + " times",
        "Look at the account's capacity reservations, then run the same command again.");
  }

  /** The answer to a repeated token tells the state of then, not of now. */
  private boolean stillThere(EventName event, CapacityReservation made, Deadline deadline)
      throws ProviderException, InterruptedException {
    try {
      calls.until(
          deadline.atMost(java.time.Duration.ofSeconds(10)),
          "",
          () ->
              live(event, deadline).values().stream()
                      .flatMap(List::stream)
                      .anyMatch(r -> r.capacityReservationId().equals(made.capacityReservationId()))
                  ? Optional.empty()
                  : Optional.of(made.capacityReservationId() + " is not seen"));
      return true;
    } catch (ProviderException notSeen) {
      if (notSeen.getCause() != null || deadline.passed()) {
        throw notSeen;
      }
      return false;
    }
  }

  private void awaitActive(
      EventName event, CloudResource.CapacityReservation wanted, Deadline deadline)
      throws ProviderException, InterruptedException {
    calls.until(
        deadline,
        OTHER_WAYS,
        () -> {
          List<CapacityReservation> there =
              live(event, deadline).getOrDefault(wanted.id().value(), List.of());
          if (there.isEmpty()) {
            throw new ProviderException(
                ProviderException.Kind.INSUFFICIENT_CAPACITY,
                wanted.id()
                    + ": "
                    + wanted.nodes()
                    + " of "
                    + wanted.profile()
                    + " could not be reserved: the reservation failed",
                OTHER_WAYS);
          }
          return there.stream()
              .filter(r -> r.state() != CapacityReservationState.ACTIVE)
              .map(r -> "reservation " + r.capacityReservationId() + " is " + r.stateAsString())
              .findFirst();
        });
  }

  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    for (CapacityReservation reservation :
        live(event, deadline).getOrDefault(id.value(), List.of())) {
      cancel(reservation, deadline);
    }
    calls.until(
        deadline,
        "Run the same command again.",
        () ->
            live(event, deadline).containsKey(id.value())
                ? Optional.of(id + " is not cancelled yet")
                : Optional.empty());
  }

  private void cancel(CapacityReservation reservation, Deadline deadline)
      throws ProviderException, InterruptedException {
    Calls.gone(() -> api.cancel(deadline, reservation.capacityReservationId()));
  }

  @Override
  public List<String> strays(EventName event) {
    return List.of();
  }

  @Override
  public void sweep(EventName event, Deadline deadline) {}
}

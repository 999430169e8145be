package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Calls;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Room for a zone's nodes, only for launches that name it. What was reserved ahead and is there is
 * used; the rest is reserved at once. Billed from the moment it is active, used or not; cancelled
 * last, unless it is committed.
 */
final class CapacityReservationPart implements Part {
  private static final String OTHER_WAYS =
      "Put another type first in provider.aws.instanceTypes or set reserve.nodes to false, then plan"
          + " again; or run the same command again later.";

  private final AwsSettings settings;
  private final Calls calls;
  private final ReservationApi api;
  private final Reservations reservations;
  private final Sites sites;

  CapacityReservationPart(AwsSettings settings, AwsClients clients) {
    this.settings = settings;
    this.calls = clients.calls();
    this.api = new ReservationApi(clients);
    this.reservations = new Reservations(clients);
    this.sites = new Sites(settings, clients);
  }

  @Override
  public Kind kind() {
    return Kind.CAPACITY_RESERVATION;
  }

  static ResourceId id(String zone) {
    return new ResourceId("capacity-reservation/" + zone);
  }

  /** The zone's reservations that have room now, what is committed first. */
  List<Reservation> active(EventName event, String zone, Deadline deadline)
      throws ProviderException, InterruptedException {
    return reservations.live(event, id(zone), deadline).stream()
        .filter(Reservation::active)
        .filter(reservation -> reservation.needed() > 0)
        .sorted(Comparator.comparing(reservation -> !reservation.futureDated()))
        .toList();
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    SortedMap<ResourceId, Observed> seen = new TreeMap<>();
    reservations
        .live(event, calls.soon())
        .forEach((id, those) -> seen.put(id, observed(id, those, reservations.now())));
    return seen;
  }

  /** What was reserved ahead counts from its delivery on, and is no fault before it. */
  private static Observed observed(ResourceId id, List<Reservation> those, Instant now) {
    List<String> faults = new ArrayList<>();
    TreeSet<String> types = new TreeSet<>();
    TreeSet<Instant> commitments = new TreeSet<>();
    int nodes = 0;
    for (Reservation reservation : those) {
      reservation.committedUntil(now).ifPresent(commitments::add);
      boolean counts = !reservation.futureDated() || reservation.active();
      if (counts && reservation.needed() > 0) {
        types.add(reservation.type());
        nodes += reservation.needed();
      }
      if (counts && !reservation.active()) {
        faults.add("reservation " + reservation.id() + " is " + reservation.state());
      }
    }
    Map<String, String> attributes = new HashMap<>();
    attributes.put("nodes", Integer.toString(nodes));
    if (!types.isEmpty()) {
      attributes.put("profile", String.join("|", types));
    }
    if (!commitments.isEmpty()) {
      attributes.put(Observed.COMMITTED_UNTIL, commitments.last().toString());
    }
    return new Observed(id, Kind.CAPACITY_RESERVATION, attributes, faults);
  }

  @Override
  public void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    CloudResource.CapacityReservation wanted = (CloudResource.CapacityReservation) resource;
    awaitArriving(tags.event(), wanted, deadline);
    List<Reservation> there = reservations.live(tags.event(), wanted.id(), deadline);
    int covered = useReservedAhead(wanted, there, deadline);
    reserveAtOnce(wanted, covered, there, new Desired(desired).zones(), tags, deadline);
    for (Reservation late : there) { // its room is elsewhere by now, and its commitment waived
      if (late.futureDated()
          && late.standing() == dev.spike.core.provider.FutureCapacity.Standing.DELAYED) {
        reservations.release(late, deadline);
      }
    }
  }

  /**
   * How many nodes the delivered room holds. Room that no node of this plan needs is let go, or
   * noted as not needed where it is committed.
   */
  private int useReservedAhead(
      CloudResource.CapacityReservation wanted, List<Reservation> there, Deadline deadline)
      throws ProviderException, InterruptedException {
    int covered = 0;
    for (Reservation reservation : there) {
      if (!reservation.futureDated()) {
        continue;
      }
      boolean fits = wanted.profile().equals(reservation.type());
      boolean active = reservation.active();
      int use = fits && active ? Math.min(reservation.nodes(), wanted.nodes() - covered) : 0;
      covered += use;
      if (active) {
        reservations.need(reservation, use, deadline);
      }
      if (active ? use == 0 : !fits) {
        reservations.release(reservation, deadline);
      }
    }
    return covered;
  }

  private void reserveAtOnce(
      CloudResource.CapacityReservation wanted,
      int covered,
      List<Reservation> there,
      List<String> zones,
      Tags tags,
      Deadline deadline)
      throws ProviderException, InterruptedException {
    int rest = wanted.nodes() - covered;
    List<Reservation> own =
        there.stream().filter(reservation -> !reservation.futureDated()).toList();
    Optional<Reservation> kept =
        own.stream()
            .filter(reservation -> rest > 0 && wanted.profile().equals(reservation.type()))
            .findFirst();
    for (Reservation other : own) {
      if (kept.filter(other::equals).isEmpty()) {
        reservations.release(other, deadline);
      }
    }
    if (rest == 0) {
      return;
    }
    if (kept.isEmpty()) {
      reserve(wanted, rest, zones, tags, deadline);
    } else if (kept.get().nodes() != rest) {
      awaitActive(tags.event(), wanted, rest, deadline);
      reservations.resize(kept.get(), rest, deadline);
    }
    awaitActive(tags.event(), wanted, rest, deadline);
  }

  private void reserve(
      CloudResource.CapacityReservation wanted,
      int nodes,
      List<String> zones,
      Tags tags,
      Deadline deadline)
      throws ProviderException, InterruptedException {
    EventName event = tags.event();
    String zoneName = String.valueOf(sites.zoneNames(event, zones, deadline).get(wanted.zone()));
    reservations.make(
        event,
        nodes + " of " + wanted.profile() + " in " + zoneName,
        List.of(
            event.value(),
            wanted.id().value(),
            wanted.profile(),
            zoneName,
            Integer.toString(nodes)),
        OTHER_WAYS,
        deadline,
        token ->
            api.reserve(
                deadline,
                zoneName,
                wanted.profile(),
                nodes,
                token,
                EventTags.of(tags, wanted.id(), settings)));
  }

  /** What was granted and begins within the hour is waited for; what begins later is not. */
  private void awaitArriving(
      EventName event, CloudResource.CapacityReservation wanted, Deadline deadline)
      throws ProviderException, InterruptedException {
    calls.until(
        deadline,
        "Run the same command again: it waits on. " + OTHER_WAYS,
        () ->
            reservations.live(event, wanted.id(), deadline).stream()
                .filter(reservation -> reservation.futureDated())
                .filter(reservation -> wanted.profile().equals(reservation.type()))
                .filter(reservation -> reservation.arrives(reservations.now()))
                .findFirst()
                .map(
                    reservation ->
                        "reservation "
                            + reservation.id()
                            + ", due at "
                            + reservation.startsAt()
                            + ", is "
                            + reservation.state()));
  }

  private void awaitActive(
      EventName event, CloudResource.CapacityReservation wanted, int nodes, Deadline deadline)
      throws ProviderException, InterruptedException {
    calls.until(
        deadline,
        OTHER_WAYS,
        () -> {
          List<Reservation> there =
              reservations.live(event, wanted.id(), deadline).stream()
                  .filter(reservation -> !reservation.futureDated())
                  .toList();
          if (there.isEmpty()) {
            throw new ProviderException(
                ProviderException.Kind.INSUFFICIENT_CAPACITY,
                wanted.id()
                    + ": "
                    + nodes
                    + " of "
                    + wanted.profile()
                    + " could not be reserved: the reservation failed",
                OTHER_WAYS);
          }
          return there.stream()
              .filter(reservation -> !reservation.active())
              .map(reservation -> "reservation " + reservation.id() + " is " + reservation.state())
              .findFirst();
        });
  }

  /** What is committed stays. */
  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    for (Reservation reservation : reservations.live(event, id, deadline)) {
      reservations.release(reservation, deadline);
    }
    calls.until(
        deadline,
        "Run the same command again.",
        () ->
            reservations.live(event, id, deadline).stream()
                .filter(reservation -> reservation.committedUntil(reservations.now()).isEmpty())
                .findFirst()
                .map(reservation -> id + " is not cancelled yet"));
  }

  @Override
  public List<String> strays(EventName event) {
    return List.of();
  }

  @Override
  public void sweep(EventName event, Deadline deadline) {}
}

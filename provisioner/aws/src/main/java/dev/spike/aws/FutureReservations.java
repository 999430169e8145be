package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Calls;
import dev.spike.aws.api.ReservationApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.FutureCapacity;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import software.amazon.awssdk.services.ec2.model.CapacityReservation;

/** The future-dated capacity reservations of an event. */
final class FutureReservations implements FutureCapacity {
  private static final String OTHER_WAYS =
      "Run the same command again later, or put another type first in provider.aws.instanceTypes"
          + " and plan again. Without a promise provision reserves at once when it is due.";

  private final AwsSettings settings;
  private final Calls calls;
  private final ReservationApi api;
  private final Reservations reservations;
  private final Sites sites;

  FutureReservations(AwsSettings settings, AwsClients clients) {
    this.settings = settings;
    this.calls = clients.calls();
    this.api = new ReservationApi(clients);
    this.reservations = new Reservations(clients);
    this.sites = new Sites(settings, clients);
  }

  @Override
  public SortedMap<String, String> zoneNames(
      EventName event, List<Resource> desired, Deadline deadline)
      throws ProviderException, InterruptedException {
    return sites.zoneNames(event, new Desired(desired).zones(), deadline);
  }

  @Override
  public List<Promise> promises(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    Instant now = reservations.now();
    return reservations.all(event, deadline).stream()
        .filter(Reservation::futureDated)
        .flatMap(
            reservation -> reservation.resource().map(id -> reservation.promise(id, now)).stream())
        .sorted(Comparator.comparing(Promise::resource))
        .toList();
  }

  @Override
  public Promise ask(Request request, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    var room = request.room();
    SortedMap<String, String> all =
        EventTags.with(
            EventTags.of(tags, room.id(), settings), EventTags.ROLE, Reservation.FUTURE_DATED);
    CapacityReservation made =
        reservations.make(
            tags.event(),
            room.nodes() + " of " + room.profile() + " in " + request.zoneName(),
            List.of(
                tags.event().value(),
                room.id().value(),
                Reservation.FUTURE_DATED,
                room.profile(),
                request.zoneName(),
                Integer.toString(room.nodes()),
                request.startsAt().toString()),
            OTHER_WAYS,
            deadline,
            token ->
                api.reserveAhead(
                    deadline,
                    request.zoneName(),
                    room.profile(),
                    room.nodes(),
                    request.startsAt(),
                    request.commitment(),
                    request.endsAt(),
                    token,
                    all));
    return new Reservation(made, all).promise(room.id(), reservations.now());
  }

  @Override
  public void awaitAnswers(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    try {
      calls.until(
          deadline,
          "",
          () ->
              promises(event, deadline).stream()
                  .filter(promise -> promise.standing() == Standing.ASSESSING)
                  .findFirst()
                  .map(promise -> promise.id() + " is being assessed"));
    } catch (ProviderException open) {
      if (open.getCause() != null || !deadline.passed()) {
        throw open;
      }
    }
  }

  /** The ids of what is committed: AWS's list over all services goes on showing it. */
  List<String> committed(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    Instant now = reservations.now();
    return reservations.all(event, deadline).stream()
        .filter(reservation -> reservation.committedUntil(now).isPresent())
        .map(Reservation::id)
        .toList();
  }
}

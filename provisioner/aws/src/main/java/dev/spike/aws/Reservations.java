package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.AwsErrors;
import dev.spike.aws.api.Calls;
import dev.spike.aws.api.Ec2Tags;
import dev.spike.aws.api.ReservationApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.ResourceId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.ec2.model.CapacityReservation;
import software.amazon.awssdk.services.ec2.model.CapacityReservationState;

/** The capacity reservations of an event: found, asked for, let go. */
final class Reservations {
  private static final int ATTEMPTS_MAX = 20;

  /** How long a new one may be in no list. One that stays unseen has ended, and nobody shows it. */
  private static final Duration SEEN = Duration.ofMinutes(2);

  private final Calls calls;
  private final ReservationApi api;

  Reservations(AwsClients clients) {
    this.calls = clients.calls();
    this.api = new ReservationApi(clients);
  }

  /** The present, as waits measure it. */
  Instant now() {
    return calls.pace().clock().instant();
  }

  /** All that AWS still shows, the oldest first; those that ended among them. */
  List<Reservation> all(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    return Offered.orElse(
            List.<CapacityReservation>of(),
            () -> api.reservations(deadline, Ec2Tags.tag(EventTags.EVENT, event.value())))
        .stream()
        .map(Reservation::of)
        .sorted(
            Comparator.comparing(
                    (Reservation reservation) -> reservation.seen().createDate(),
                    Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparing(Reservation::id))
        .toList();
  }

  /** Those that hold room or will, by what of the tier they are for. */
  SortedMap<ResourceId, List<Reservation>> live(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<ResourceId, List<Reservation>> live = new TreeMap<>();
    for (Reservation reservation : all(event, deadline)) {
      if (reservation.holds()) {
        reservation
            .resource()
            .ifPresent(id -> live.computeIfAbsent(id, key -> new ArrayList<>()).add(reservation));
      }
    }
    return live;
  }

  /** Those of one resource that hold room or will. */
  List<Reservation> live(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    return live(event, deadline).getOrDefault(id, List.of());
  }

  /** Asks AWS for room under a token. */
  @FunctionalInterface
  interface Request {
    CapacityReservation under(String token) throws ProviderException, InterruptedException;
  }

  /**
   * Makes a reservation, and the same one when it is asked for again, as after a lost answer. A
   * token whose reservation ended meanwhile answers with that one: then the next attempt's is used.
   *
   * @param what number, type and zone, for a refusal
   * @param words what the reservation is told from others by
   * @param otherWays what to do where there is no room
   */
  CapacityReservation make(
      EventName event,
      String what,
      List<String> words,
      String otherWays,
      Deadline deadline,
      Request request)
      throws ProviderException, InterruptedException {
    Set<String> ended = new HashSet<>();
    for (Reservation reservation : all(event, deadline)) {
      if (!reservation.holds()) {
        ended.add(reservation.id());
      }
    }
    for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
      List<String> all = new ArrayList<>(words);
      all.add(Integer.toString(attempt));
      try {
        CapacityReservation made = request.under(Names.token(all.toArray(String[]::new)));
        boolean fresh = !ended.contains(made.capacityReservationId());
        if (fresh && seen(event, made, deadline)) {
          return made;
        }
      } catch (ProviderException failure) {
        switch (AwsErrors.reason(failure)) {
          case TOKEN_SPENT, TOKEN_MISMATCH -> {}
          case POOL_EMPTY ->
              throw new ProviderException(
                  failure.kind(),
                  what + " could not be reserved: " + failure.getMessage(),
                  otherWays,
                  failure);
          case IN_USE, CONDITION_FAILED, NO_BUCKET, NOT_OFFERED, PLAIN -> throw failure;
        }
      }
    }
    throw new ProviderException(
        ProviderException.Kind.UNAVAILABLE,
        what + " were reserved and ended " + ATTEMPTS_MAX + " times",
        "Look at the account's capacity reservations, then run the same command again.");
  }

  /** The answer to a repeated token tells the state of then: one that is gone is not seen. */
  private boolean seen(EventName event, CapacityReservation made, Deadline deadline)
      throws ProviderException, InterruptedException {
    try {
      calls.until(
          deadline.atMost(SEEN),
          "",
          () ->
              all(event, deadline).stream()
                      .anyMatch(
                          reservation -> reservation.id().equals(made.capacityReservationId()))
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

  /**
   * Cancels a reservation where that is free; what is committed stays. One that is scheduled is
   * tried: whether its cancellation is free is AWS's to say.
   */
  void release(Reservation reservation, Deadline deadline)
      throws ProviderException, InterruptedException {
    boolean scheduled = reservation.seen().state() == CapacityReservationState.SCHEDULED;
    if (reservation.committedUntil(now()).isPresent() && !scheduled) {
      return;
    }
    try {
      Calls.gone(() -> api.cancel(deadline, reservation.id()));
    } catch (ProviderException refused) {
      boolean committed =
          refused.kind() == ProviderException.Kind.INVALID
              || AwsErrors.reason(refused) == AwsErrors.Reason.IN_USE;
      if (!scheduled || !committed) {
        throw refused;
      }
    }
  }

  /** Writes down how many nodes of a committed reservation are needed. */
  void need(Reservation reservation, int nodes, Deadline deadline)
      throws ProviderException, InterruptedException {
    if (reservation.needed() != nodes) {
      api.tag(
          deadline,
          reservation.id(),
          java.util.Map.of(Reservation.NEEDED, Integer.toString(nodes)));
    }
  }

  void resize(Reservation reservation, int nodes, Deadline deadline)
      throws ProviderException, InterruptedException {
    api.resize(deadline, reservation.id(), nodes);
  }
}

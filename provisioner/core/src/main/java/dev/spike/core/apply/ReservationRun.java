package dev.spike.core.apply;

import dev.spike.core.plan.CapacityCommitment;
import dev.spike.core.plan.Diagnostic;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.FutureCapacity;
import dev.spike.core.provider.FutureCapacity.Promise;
import dev.spike.core.provider.FutureCapacity.Standing;
import dev.spike.core.provider.Lease;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.CloudResource;
import dev.spike.core.resource.ResourceId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asks ahead for the room of a plan's nodes: one future-dated reservation a zone. What was asked
 * for before is found again by its tags and not asked for twice; the answers may take days and are
 * not waited for unless that is wanted.
 */
public final class ReservationRun {
  static final String AT_ONCE =
      "Provision reserves at once when it is due, if the zone has room then.";

  private final Provider provider;
  private final FutureCapacity capacity;
  private final Clock clock;
  private final RunListener listener;
  private final Stop stop;

  /**
   * @param capacity the provider's
   */
  public ReservationRun(
      Provider provider, FutureCapacity capacity, Clock clock, RunListener listener, Stop stop) {
    this.provider = provider;
    this.capacity = capacity;
    this.clock = clock;
    this.listener = listener;
    this.stop = stop;
  }

  /** Asks for what is not promised yet, and says what became of all of it. */
  public ReservationResult reserve(Plan plan, ReservationOptions options)
      throws InterruptedException {
    ReservationSession session = new ReservationSession(plan, options, clock, listener);
    Instant present = options.asOf() == null ? clock.instant() : options.asOf();
    if (!present.isBefore(plan.event().endsAt())) {
      session.tell(
          Diagnostic.error(
              "The event " + session.event() + " is over",
              "it ended at " + plan.event().endsAt() + " and it is " + present,
              "Correct event.startsAt and event.endsAt, then plan again."));
      return session.end(Ending.INVALID_PLAN);
    }
    if (session.commitment.reservations().isEmpty()) {
      return session.end(
          session.refuse(
              "This plan reserves no room for its nodes",
              "provider.aws.reserve.nodes is false",
              "Set it to true in the event file, then plan again."));
    }
    try {
      return session.end(run(session, present));
    } catch (ProviderException failure) {
      session.tell(told(failure, ""));
      return session.end(session.deadline.passed() ? Ending.DEADLINE : Ending.of(failure.kind()));
    }
  }

  private Ending run(ReservationSession session, Instant present)
      throws ProviderException, InterruptedException {
    Optional<Ending> unfit =
        PreflightGate.unfit(
            provider.preflight(List.of(), Optional.of(session.event())), session::tell);
    if (unfit.isPresent()) {
      return unfit.get();
    }
    session.zoneNames =
        capacity.zoneNames(session.event(), session.plan.resources(), session.deadline);
    look(session).forEach(session::tell);
    if (session.gaps.isEmpty()) {
      return answered(session, List.of());
    }
    Optional<Ending> refusal = ReservationTerms.refusal(session, present, listener);
    if (refusal.isPresent() || session.options.dryRun()) {
      return refusal.orElse(Ending.DONE);
    }
    return leased(session);
  }

  /** Reads the promises anew; what is to be remarked on them. */
  private List<Diagnostic> look(ReservationSession session)
      throws ProviderException, InterruptedException {
    session.promises = capacity.promises(session.event(), session.deadline);
    ReservationGaps gaps = ReservationGaps.of(session.commitment, session.promises);
    session.gaps = gaps.missing();
    return gaps.remarks();
  }

  private Ending leased(ReservationSession session) throws ProviderException, InterruptedException {
    Duration patience = session.options.lockTimeout();
    Optional<Lease> lease =
        LeaseWait.take(provider, session.event(), session.deadline.atMost(patience), stop);
    if (lease.isEmpty()) {
      if (stop.requested()) {
        return Ending.STOPPED;
      }
      session.tell(LeaseWait.held(provider, session.event(), patience));
      return Ending.LEASE_HELD;
    }
    List<ProviderException> failures = new ArrayList<>();
    try (Lease held = lease.get()) {
      held.onLoss(stop::loseLease);
      look(session); // another run may have asked in the meantime
      List<CloudResource.CapacityReservation> gaps = session.gaps;
      for (CloudResource.CapacityReservation gap : gaps) {
        if (stop.requested()) {
          return stopped(session);
        }
        ask(session, gap, failures);
      }
    }
    return answered(session, failures);
  }

  /** How it ends when it was stopped; a lease that was lost is said. */
  private Ending stopped(ReservationSession session) {
    if (stop.ending() == Ending.LEASE_HELD) {
      session.tell(LeaseWait.lost(session.event()));
    }
    return stop.ending();
  }

  private void ask(
      ReservationSession session,
      CloudResource.CapacityReservation gap,
      List<ProviderException> failures)
      throws InterruptedException {
    CapacityCommitment commitment = session.commitment;
    String zoneName = session.zoneNames.getOrDefault(gap.zone(), gap.zone());
    String what = gap.nodes() + " of " + gap.profile() + " in " + zoneName;
    tell(gap.id(), StepEvent.State.STARTED, what);
    try {
      Promise promise =
          capacity.ask(
              new FutureCapacity.Request(
                  gap, zoneName, commitment.startsAt(), commitment.endsAt(), commitment.duration()),
              new Tags(session.event(), commitment.endsAt(), session.plan.digest()),
              session.deadline);
      session.asked++;
      tell(gap.id(), StepEvent.State.DONE, promise.state());
    } catch (ProviderException failure) {
      failures.add(failure);
      tell(gap.id(), StepEvent.State.FAILED, String.valueOf(failure.getMessage()));
      session.tell(told(failure, gap.id() + ": " + what + ": "));
    }
  }

  /** How it ends, by what is promised now. */
  private Ending answered(ReservationSession session, List<ProviderException> failures)
      throws ProviderException, InterruptedException {
    List<Promise> before = session.promises;
    if (session.options.await() && !session.options.dryRun()) {
      capacity.awaitAnswers(session.event(), session.deadline);
    }
    List<CloudResource.CapacityReservation> gaps = session.gaps;
    look(session);
    List<Promise> now = session.promises;
    session.gaps = gaps;
    if (stop.requested()) {
      return stopped(session);
    }
    boolean held = now.stream().anyMatch(Promise::holds);
    if (!failures.isEmpty()) {
      Ending ending = Ending.of(failures.getFirst().kind());
      return ending == Ending.UNAVAILABLE && held ? Ending.PARTLY : ending;
    }
    boolean declined = tellDeclined(session, before, now);
    if (declined) {
      return held ? Ending.PARTLY : Ending.UNAVAILABLE;
    }
    boolean open = now.stream().anyMatch(it -> it.standing() == Standing.ASSESSING);
    return session.options.await() && open ? Ending.DEADLINE : Ending.DONE;
  }

  /** Names what was declined and is a gap still, or was one when this run began. */
  private boolean tellDeclined(
      ReservationSession session, List<Promise> before, List<Promise> now) {
    boolean any = false;
    for (Promise promise : now) {
      boolean news = before.stream().noneMatch(it -> it.id().equals(promise.id()) && !it.holds());
      boolean gap = session.gaps.stream().anyMatch(it -> it.id().equals(promise.resource()));
      if (promise.standing() != Standing.DECLINED || !(news || gap)) {
        continue;
      }
      any = true;
      Optional<Promise> again =
          now.stream()
              .filter(it -> it.holds() && it.resource().equals(promise.resource()))
              .findFirst();
      session.tell(
          Diagnostic.error(
              "%s: %d of %s in %s were declined"
                  .formatted(
                      promise.resource(), promise.nodes(), promise.profile(), promise.zoneName()),
              promise.id()
                  + " is "
                  + promise.state()
                  + again.map(it -> "; asked again as " + it.id()).orElse("")
                  + "",
              again.isPresent()
                  ? "Run the same command later to see the answer, or put another type first in"
                      + " provider.aws.instanceTypes and plan again. Without a promise: "
                      + AT_ONCE
                  : "Run the same command to ask again, or put another type first in"
                      + " provider.aws.instanceTypes and plan again. Without a promise: "
                      + AT_ONCE));
    }
    return any;
  }

  private void tell(ResourceId id, StepEvent.State state, String detail) {
    listener.step(new StepEvent(id, "reserve", state, Duration.ZERO, detail));
  }

  private static Diagnostic told(ProviderException failure, String prefix) {
    return Diagnostic.error(prefix + failure.getMessage(), failure.kind().words(), failure.next());
  }
}

package dev.spike.core.apply;

import dev.spike.core.plan.CapacityCommitment;
import dev.spike.core.resource.CloudResource;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** What keeps a plan's room from being asked for: the calendar, its size, and who pays. */
final class ReservationTerms {
  private ReservationTerms() {}

  /** How the run ends where something does; empty where the room may be asked for. */
  static Optional<Ending> refusal(
      ReservationSession session, Instant present, RunListener listener) {
    Optional<Ending> refusal = calendar(session, present, listener);
    return refusal.isPresent() ? refusal : terms(session);
  }

  private static Optional<Ending> calendar(
      ReservationSession session, Instant present, RunListener listener) {
    CapacityCommitment commitment = session.commitment;
    if (present.isBefore(commitment.openFrom())) {
      listener.note(
          "Not due yet: room can be asked for from "
              + commitment.openFrom()
              + " on, "
              + CapacityCommitment.AHEAD_MAX.toDays()
              + " days before it is needed.");
      return Optional.of(Ending.NOT_DUE);
    }
    if (present.isAfter(commitment.askBy())) {
      return Optional.of(
          session.refuse(
              "It is too late to reserve ahead for " + session.event(),
              "room for "
                  + commitment.startsAt()
                  + " had to be asked for by "
                  + commitment.askBy()
                  + ", "
                  + CapacityCommitment.AHEAD_MIN.toDays()
                  + " days before, and it is "
                  + present,
              "Run spike provision from "
                  + commitment.startsAt()
                  + " on: it reserves at once, without a commitment, if the zones have room then."));
    }
    return Optional.empty();
  }

  private static Optional<Ending> terms(ReservationSession session) {
    CapacityCommitment commitment = session.commitment;
    for (CloudResource.CapacityReservation gap : session.gaps) {
      if (commitment.tooFew(gap.nodes())) {
        return Optional.of(
            session.refuse(
                gap.id() + " is too small to be reserved ahead",
                "%d of %s have %d vCPUs, and a future-dated reservation has at least %d"
                    .formatted(
                        gap.nodes(),
                        gap.profile(),
                        gap.nodes() * commitment.vcpusPerNode(),
                        CapacityCommitment.VCPUS_MIN),
                ReservationRun.AT_ONCE));
      }
    }
    if (!(commitment.nodeHour() > 0)) {
      return Optional.of(
          session.refuse(
              "What this would cost is not known",
              "the price list has no price of " + session.gaps.getFirst().profile(),
              "Plan again with a type that has a price, first in provider.aws.instanceTypes."));
    }
    double total = commitment.total();
    if (session.options.dryRun() || session.options.costMax().orElse(-1) >= total) {
      return Optional.empty();
    }
    String sum = String.format(Locale.ROOT, "%.2f", total);
    return Optional.of(
        session.refuse(
            "This binds you to pay up to "
                + sum
                + " "
                + commitment.currency()
                + ", used or not, and cannot be taken back",
            session.options.costMax().isPresent()
                ? String.format(
                    Locale.ROOT, "--max-cost is %.2f", session.options.costMax().getAsDouble())
                : "nothing was asked for yet",
            "Give --max-cost " + sum + " to agree to that sum."));
  }
}

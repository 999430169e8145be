package dev.spike.core.apply;

import dev.spike.core.plan.CapacityCommitment;
import dev.spike.core.plan.Diagnostic;
import dev.spike.core.provider.FutureCapacity.Promise;
import dev.spike.core.provider.FutureCapacity.Standing;
import dev.spike.core.resource.CloudResource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * What a plan's nodes lack of promised room. Pure: the same two values give the same answer.
 *
 * @param missing one for each zone that lacks some, of so many nodes as it lacks
 * @param remarks what was promised and does not fit the plan, and what is too little to ask for
 */
record ReservationGaps(List<CloudResource.CapacityReservation> missing, List<Diagnostic> remarks) {
  /** A promise that begins this much beside the plan's time still serves it. */
  private static final Duration BESIDE = Duration.ofHours(1);

  ReservationGaps {
    missing = List.copyOf(missing);
    remarks = List.copyOf(remarks);
  }

  static ReservationGaps of(CapacityCommitment commitment, List<Promise> promises) {
    List<CloudResource.CapacityReservation> missing = new ArrayList<>();
    List<Diagnostic> remarks = new ArrayList<>();
    for (CloudResource.CapacityReservation wanted : commitment.reservations()) {
      int promised = 0;
      for (Promise promise : promises) {
        if (promise.holds() && promise.resource().equals(wanted.id())) {
          if (promise.profile().equals(wanted.profile())) {
            promised += promise.nodes();
            unfit(commitment, promise, remarks);
          } else {
            remarks.add(other(wanted, promise));
          }
        }
      }
      int lacking = wanted.nodes() - promised;
      if (lacking > 0 && promised > 0 && commitment.tooFew(lacking)) {
        remarks.add(few(wanted, lacking));
      } else if (lacking > 0) {
        missing.add(
            new CloudResource.CapacityReservation(
                wanted.id(), List.of(), wanted.zone(), wanted.profile(), lacking));
      }
    }
    return new ReservationGaps(missing, remarks);
  }

  private static void unfit(
      CapacityCommitment commitment, Promise promise, List<Diagnostic> remarks) {
    Instant latest = commitment.startsAt().plus(BESIDE);
    boolean over = promise.endsAt().filter(end -> end.isBefore(commitment.startsAt())).isPresent();
    if (over || (promise.startsAt().isAfter(latest) && promise.standing() != Standing.ACTIVE)) {
      remarks.add(
          Diagnostic.warning(
              promise.id() + " does not fit this plan's time",
              "it holds from "
                  + promise.startsAt()
                  + promise.endsAt().map(end -> " until " + end).orElse("")
                  + "; this plan is due at "
                  + commitment.startsAt(),
              "Its room counts all the same. Provision reserves at once what is missing when it is"
                  + " due; cancel this one in the EC2 console if it is of no use."));
    }
  }

  private static Diagnostic other(CloudResource.CapacityReservation wanted, Promise promise) {
    return Diagnostic.warning(
        promise.id() + " is of another type than this plan's nodes",
        promise.nodes()
            + " of "
            + promise.profile()
            + " in "
            + promise.zoneName()
            + ", and the plan has "
            + wanted.profile(),
        "Provision does not use it. Cancel it in the EC2 console while it is being assessed, or"
            + " plan with "
            + promise.profile()
            + " first in provider.aws.instanceTypes.");
  }

  private static Diagnostic few(CloudResource.CapacityReservation wanted, int lacking) {
    return Diagnostic.warning(
        wanted.id() + ": " + lacking + " more of " + wanted.profile() + " are too few to ask for",
        "a future-dated reservation has at least " + CapacityCommitment.VCPUS_MIN + " vCPUs",
        "Provision reserves them at once when it is due.");
  }
}

package dev.spike.core.apply;

import dev.spike.core.plan.CapacityCommitment;
import dev.spike.core.plan.Diagnostic;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.FutureCapacity.Promise;
import dev.spike.core.resource.CloudResource;
import dev.spike.core.resource.EventName;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** One run of {@link ReservationRun}: what it has found and what it has to tell. */
final class ReservationSession {
  private final long startNanos = System.nanoTime();
  final Plan plan;
  final ReservationOptions options;
  final Deadline deadline;
  final CapacityCommitment commitment;
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final RunListener listener;
  SortedMap<String, String> zoneNames = new TreeMap<>();
  List<Promise> promises = List.of();
  List<CloudResource.CapacityReservation> gaps = List.of();
  int asked;

  ReservationSession(Plan plan, ReservationOptions options, Clock clock, RunListener listener) {
    this.listener = listener;
    this.plan = plan;
    this.options = options;
    this.deadline = Deadline.in(clock, options.deadline());
    this.commitment = CapacityCommitment.of(plan);
  }

  EventName event() {
    return plan.event().name();
  }

  void tell(Diagnostic diagnostic) {
    diagnostics.add(diagnostic);
    listener.diagnostic(diagnostic);
  }

  Ending refuse(String summary, String detail, String next) {
    tell(Diagnostic.error(summary, detail, next));
    return Ending.REFUSED;
  }

  ReservationResult end(Ending ending) {
    return new ReservationResult(
        ending,
        commitment,
        zoneNames,
        promises,
        gaps,
        asked,
        diagnostics,
        Duration.ofNanos(System.nanoTime() - startNanos));
  }
}

package dev.spike.core.apply;

import dev.spike.core.plan.CapacityCommitment;
import dev.spike.core.plan.Diagnostic;
import dev.spike.core.provider.FutureCapacity;
import dev.spike.core.resource.CloudResource;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What became of a plan's future-dated reservations.
 *
 * @param commitment what they bind one to pay
 * @param zoneNames the provider's name of each zone; empty when it was not asked
 * @param promises what the event has, the declined among them
 * @param gaps what was not promised when the run began
 * @param asked how many requests this run made
 */
public record ReservationResult(
    Ending ending,
    CapacityCommitment commitment,
    SortedMap<String, String> zoneNames,
    List<FutureCapacity.Promise> promises,
    List<CloudResource.CapacityReservation> gaps,
    int asked,
    List<Diagnostic> diagnostics,
    Duration elapsed) {
  public ReservationResult {
    zoneNames = Collections.unmodifiableSortedMap(new TreeMap<>(zoneNames));
    promises = List.copyOf(promises);
    gaps = List.copyOf(gaps);
    diagnostics = List.copyOf(diagnostics);
  }
}

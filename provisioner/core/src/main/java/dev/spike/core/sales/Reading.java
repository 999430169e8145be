package dev.spike.core.sales;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * What a reader gets and fills.
 *
 * @param folder that paths of the event file are relative to
 * @param asOf later sales are left out
 * @param environment the process's variables, in which tokens and passwords are
 * @param sales where tickets are counted
 * @param capacities where a source that knows the capacity of a product puts it
 * @param remarks where a reader says what people should know of the source, and what is no reason
 *     to refuse it
 */
public record Reading(
    Path folder,
    Instant asOf,
    Map<String, String> environment,
    SalesHistory.Counter sales,
    SortedMap<String, Long> capacities,
    List<SourceRemark> remarks) {
  public Reading {
    environment = Map.copyOf(environment);
  }

  /** The last minute since 1970 of which sales count. */
  public long asOfMinute() {
    return Math.floorDiv(asOf.getEpochSecond(), 60);
  }

  /** Not its values: there are secrets among them. */
  @Override
  public String toString() {
    return "Reading[folder=" + folder + ", asOf=" + asOf + "]";
  }
}

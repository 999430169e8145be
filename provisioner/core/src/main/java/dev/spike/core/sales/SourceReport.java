package dev.spike.core.sales;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was read from one source. Holds counts only: no cell of the export is repeated here.
 *
 * @param name the path as given in the event file, or what a service or database is called; never
 *     with a secret
 * @param digest {@code sha256:} and hex, of a file's bytes, or of the counts that a service or
 *     database gave
 * @param bytes that were read; 0 where a driver does not say
 * @param read rows (csv), order positions (pretix), attendees (eventbrite) or groups (jdbc)
 * @param accepted rows that count
 * @param rejected rows that could not be understood
 * @param rejectedByReason their number by reason
 * @param leftOut rows that were understood and do not count, by reason (not paid, after the plan's
 *     instant, an add-on)
 * @param firstRejected the first few, each with its line and reason
 * @param pastEvent the past event whose sales these are; empty for the planned event itself
 */
public record SourceReport(
    String type,
    String name,
    String digest,
    long bytes,
    long read,
    long accepted,
    long rejected,
    SortedMap<String, Long> rejectedByReason,
    SortedMap<String, Long> leftOut,
    List<String> firstRejected,
    String pastEvent) {
  public SourceReport {
    rejectedByReason = Collections.unmodifiableSortedMap(new TreeMap<>(rejectedByReason));
    leftOut = Collections.unmodifiableSortedMap(new TreeMap<>(leftOut));
    firstRejected = List.copyOf(firstRejected);
  }

  /** Whether these are sales of the planned event. */
  @JsonIgnore
  public boolean isOfEvent() {
    return pastEvent.isEmpty();
  }

  /** The same, as a report of that past event. */
  SourceReport ofPastEvent(String event) {
    return new SourceReport(
        type,
        name,
        digest,
        bytes,
        read,
        accepted,
        rejected,
        rejectedByReason,
        leftOut,
        firstRejected,
        event);
  }
}

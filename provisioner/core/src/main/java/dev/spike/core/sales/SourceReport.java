package dev.spike.core.sales;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was read from one source. Holds counts only: no cell of the export is repeated here.
 *
 * @param name the path as given in the event file
 * @param digest SHA-256 of the bytes, {@code sha256:} and hex
 * @param read rows (csv) or order positions (pretix)
 * @param accepted rows that count
 * @param rejected rows that could not be understood
 * @param rejectedByReason their number by reason
 * @param leftOut rows that were understood and do not count, by reason (not paid, after the plan's
 *     instant, an add-on)
 * @param firstRejected the first few, each with its line and reason
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
    List<String> firstRejected) {
  public SourceReport {
    rejectedByReason = Collections.unmodifiableSortedMap(new TreeMap<>(rejectedByReason));
    leftOut = Collections.unmodifiableSortedMap(new TreeMap<>(leftOut));
    firstRejected = List.copyOf(firstRejected);
  }
}

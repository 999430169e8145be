package dev.spike.core.catalog;

import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a rehearsal or the load generator found on a real node.
 *
 * @param instanceType the catalogue's name of the machine
 * @param figures only those that were measured
 * @param digest {@code sha256:} and hex of the file they were read from
 */
public record MeasuredNode(
    String instanceType, Instant measuredAt, SortedMap<Figure, Double> figures, String digest) {
  public MeasuredNode {
    figures = Collections.unmodifiableSortedMap(new TreeMap<>(figures));
  }
}

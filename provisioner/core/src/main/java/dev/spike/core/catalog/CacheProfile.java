package dev.spike.core.catalog;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one cache node holds.
 *
 * @param name such as cache.r7g.xlarge
 * @param figures each above 0
 * @param origins of each figure
 */
public record CacheProfile(
    String name,
    SortedMap<CacheFigure, Double> figures,
    SortedMap<CacheFigure, FigureOrigin> origins) {
  public CacheProfile {
    for (CacheFigure figure : CacheFigure.values()) {
      Double value = figures.get(figure);
      if (value == null || !(value > 0) || !origins.containsKey(figure)) {
        throw new IllegalArgumentException(
            "cache node " + name + " has no " + figure.key() + " above 0, or no origin of it");
      }
    }
    figures = Collections.unmodifiableSortedMap(new TreeMap<>(figures));
    origins = Collections.unmodifiableSortedMap(new TreeMap<>(origins));
  }

  /** A figure's value in its unit. */
  public double value(CacheFigure figure) {
    return figures.getOrDefault(figure, 0.0);
  }

  /** Where a figure comes from. */
  public FigureOrigin origin(CacheFigure figure) {
    return origins.getOrDefault(figure, FigureOrigin.ESTIMATE);
  }
}

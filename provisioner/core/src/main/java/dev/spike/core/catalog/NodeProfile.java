package dev.spike.core.catalog;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one node holds.
 *
 * @param name such as c8gn.4xlarge
 * @param vcpus of the machine
 * @param eventLoops that do handshakes, in effect its cores
 * @param figures what it was found to hold, each above 0
 * @param origins of each figure
 */
public record NodeProfile(
    String name,
    int vcpus,
    int eventLoops,
    SortedMap<Figure, Double> figures,
    SortedMap<Figure, FigureOrigin> origins) {
  public NodeProfile {
    if (vcpus < 1 || eventLoops < 1) {
      throw new IllegalArgumentException("profile " + name + " has no core");
    }
    for (Figure figure : Figure.values()) {
      Double value = figures.get(figure);
      if (value == null || !(value > 0) || !origins.containsKey(figure)) {
        throw new IllegalArgumentException(
            "profile " + name + " has no " + figure.key() + " above 0, or no origin of it");
      }
    }
    figures = Collections.unmodifiableSortedMap(new TreeMap<>(figures));
    origins = Collections.unmodifiableSortedMap(new TreeMap<>(origins));
  }

  /** A figure's value in its unit. */
  public double value(Figure figure) {
    return figures.getOrDefault(figure, 0.0);
  }

  /** Where a figure comes from. */
  public FigureOrigin origin(Figure figure) {
    return origins.getOrDefault(figure, FigureOrigin.ESTIMATE);
  }

  /** Bytes of one connection, of kernel and runtime together. */
  public double bytesPerConnection() {
    return value(Figure.KERNEL_BYTES_PER_CONNECTION) + value(Figure.RUNTIME_BYTES_PER_CONNECTION);
  }

  /** True when some of its figures were inferred. */
  public boolean estimated() {
    return origins.containsValue(FigureOrigin.ESTIMATE);
  }

  /** The same profile with those figures in place of its own, of that origin. */
  public NodeProfile with(Map<Figure, Double> others, FigureOrigin origin) {
    SortedMap<Figure, Double> changed = new TreeMap<>(figures);
    SortedMap<Figure, FigureOrigin> marked = new TreeMap<>(origins);
    changed.putAll(others);
    others.keySet().forEach(figure -> marked.put(figure, origin));
    return new NodeProfile(name, vcpus, eventLoops, changed, marked);
  }

  /** The same profile with a figure multiplied; for ranking what matters. */
  public NodeProfile times(Figure figure, double factor) {
    return with(Map.of(figure, value(figure) * factor), origin(figure));
  }
}

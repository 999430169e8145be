package dev.spike.core.provider;

import dev.spike.core.resource.EventName;
import dev.spike.core.resource.ResourceId;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that carries the event's tag.
 *
 * @param resources by id
 * @param strays what carries the event's tag and belongs to no resource (a process that outlived
 *     its namespace, a lost mount), one line each; only {@link Provider#sweep} removes those
 */
public record ObservedState(
    EventName event, SortedMap<ResourceId, Observed> resources, List<String> strays) {
  public ObservedState {
    resources = Collections.unmodifiableSortedMap(new TreeMap<>(resources));
    strays = List.copyOf(strays);
  }

  /** True when nothing of the event is left. */
  public boolean isEmpty() {
    return resources.isEmpty() && strays.isEmpty();
  }
}

package dev.spike.core.provider;

import dev.spike.core.resource.Kind;
import dev.spike.core.resource.ResourceId;
import java.util.List;
import java.util.Map;

/**
 * A resource as it was found.
 *
 * @param attributes the names of {@link dev.spike.core.resource.Resource#attributes()} that this
 *     provider can see, with what it saw
 * @param faults what of it is missing or broken, one sentence each; empty when it is whole. A fault
 *     is repaired by {@link Provider#update}.
 */
public record Observed(
    ResourceId id, Kind kind, Map<String, String> attributes, List<String> faults) {
  public Observed {
    attributes = Map.copyOf(attributes);
    faults = List.copyOf(faults);
  }
}

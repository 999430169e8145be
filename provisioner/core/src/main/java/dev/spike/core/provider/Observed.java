package dev.spike.core.provider;

import dev.spike.core.resource.Kind;
import dev.spike.core.resource.ResourceId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /**
   * The attribute of what is paid for until an instant and cannot go before it, as room that was
   * reserved ahead.
   */
  public static final String COMMITTED_UNTIL = "committedUntil";

  public Observed {
    attributes = Map.copyOf(attributes);
    faults = List.copyOf(faults);
  }

  /** Until when it cannot go, whatever is asked of the provider; empty where it can. */
  public Optional<Instant> committedUntil() {
    return Optional.ofNullable(attributes.get(COMMITTED_UNTIL)).map(Instant::parse);
  }
}

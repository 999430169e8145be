package dev.spike.aws;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.util.List;
import java.util.SortedMap;

/**
 * The resources of one kind: what the port asks of a provider, asked of each kind. A part looks at
 * the world each time, keeps nothing between calls, and may be used by several threads at once.
 */
interface Part {
  Kind kind();

  /** Everything of this kind that carries the event's tag. */
  SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException;

  /** Creates what is missing and repairs what is broken; touches nothing that is whole. */
  void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException;

  /** Removes one; succeeds when it is not there. */
  void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException;

  /** What carries the event's tag and belongs to no resource, one line each. */
  List<String> strays(EventName event) throws ProviderException, InterruptedException;

  /** Removes the strays. */
  void sweep(EventName event, Deadline deadline) throws ProviderException, InterruptedException;
}

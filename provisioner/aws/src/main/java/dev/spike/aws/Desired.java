package dev.spike.aws;

import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.resource.Resource;
import java.util.List;
import java.util.Optional;

/** The parts of a plan that a resource's making needs to know of other resources. */
record Desired(List<Resource> resources) {
  Desired {
    resources = List.copyOf(resources);
  }

  /** The zones of the tier, in order. */
  List<String> zones() throws ProviderException {
    return only(Resource.Network.class, "network").zones();
  }

  <R extends Resource> List<R> all(Class<R> type) {
    return resources.stream().filter(type::isInstance).map(type::cast).toList();
  }

  <R extends Resource> Optional<R> first(Class<R> type) {
    return all(type).stream().findFirst();
  }

  <R extends Resource> R only(Class<R> type, String what) throws ProviderException {
    return first(type)
        .orElseThrow(
            () ->
                new ProviderException(
                    Kind.INVALID,
                    "the plan has no " + what + ", which other resources stand on",
                    "Make the plan again with spike plan."));
  }
}

package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.CacheApi;
import dev.spike.aws.api.Calls;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/** Since when an event's tier is paid for, as AWS remembers it. */
final class Standing {
  private final Calls calls;
  private final EventMachines machines;
  private final CacheApi caches;
  private final Balancers balancers;

  Standing(AwsClients clients) {
    this.calls = clients.calls();
    this.machines = new EventMachines(clients);
    this.caches = new CacheApi(clients);
    this.balancers = new Balancers(clients);
  }

  /** When the oldest machine, balancer or cache was made; empty when there is none. */
  Optional<Instant> since(EventName event) throws ProviderException, InterruptedException {
    Deadline deadline = calls.soon();
    return Stream.of(
            machines.there(event, deadline).stream()
                .map(machine -> machine.instance().launchTime()),
            balancers.balancers(event, deadline).values().stream()
                .map(found -> found.thing().createdTime()),
            caches.cache(deadline, CachePart.name(event)).stream()
                .map(cache -> cache.replicationGroupCreateTime()))
        .flatMap(times -> times)
        .filter(java.util.Objects::nonNull)
        .min(Comparator.naturalOrder());
  }
}

package dev.spike.local;

import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import dev.spike.local.linux.ProcessTable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The balancer's host: between the clients' network and the fabric, forwarding. */
final class BalancerHost {
  static final ResourceId ID = new ResourceId("balancer");

  private final EventTier tier;

  BalancerHost(EventTier tier) {
    this.tier = tier;
  }

  Optional<Observed> observe(Sight sight) {
    Hosts.Seen host = sight.hosts().get(NamespaceHosts.BALANCER);
    if (host == null) {
      return Optional.empty();
    }
    String zones = host.tags().getOrDefault("zones", "");
    return Optional.of(
        new Observed(
            ID,
            Kind.BALANCER,
            zones.isEmpty() ? Map.of() : Map.of("zones", zones),
            new ArrayList<>(host.faults())));
  }

  void converge(Resource.Balancer balancer)
      throws IOException, InterruptedException, ProviderException {
    tier.hosts()
        .make(
            new Hosts.Host(
                NamespaceHosts.BALANCER,
                Hosts.Role.BALANCER,
                AddressPlan.GATEWAY,
                Map.of("zones", String.join(",", balancer.zones()))));
  }

  void delete() throws IOException, InterruptedException {
    long mark = tier.hosts().mark(NamespaceHosts.BALANCER);
    ProcessTable.end(
        tier.processes().stream().filter(p -> mark != 0 && p.netInode() == mark).toList(),
        Duration.ZERO);
    tier.hosts().remove(List.of(NamespaceHosts.BALANCER));
  }
}

package dev.spike.local;

import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The network: a bridge in a namespace of its own, and the namespace where clients are. */
final class FabricNetwork {
  static final ResourceId ID = new ResourceId("network");
  private static final String ZONE_SHAPE = "[a-z0-9][a-z0-9-]{0,3}";

  private final EventTier tier;

  FabricNetwork(EventTier tier) {
    this.tier = tier;
  }

  Optional<Observed> observe(Sight sight) {
    List<String> present =
        List.of(NamespaceHosts.FABRIC, NamespaceHosts.CLIENT).stream()
            .filter(sight.hosts()::containsKey)
            .toList();
    if (present.isEmpty()) {
      return Optional.empty();
    }
    List<String> faults = new ArrayList<>();
    for (String host : List.of(NamespaceHosts.FABRIC, NamespaceHosts.CLIENT)) {
      Hosts.Seen seen = sight.hosts().get(host);
      if (seen == null) {
        faults.add("namespace " + host + " is missing");
      } else {
        faults.addAll(seen.faults());
      }
    }
    List<String> zones = sight.zones();
    Map<String, String> attributes =
        zones.isEmpty() ? Map.of() : Map.of("zones", String.join(",", zones));
    return Optional.of(new Observed(ID, dev.spike.core.resource.Kind.NETWORK, attributes, faults));
  }

  void converge(Resource.Network network)
      throws IOException, InterruptedException, ProviderException {
    for (String zone : network.zones()) {
      if (!zone.matches(ZONE_SHAPE)) {
        throw new ProviderException(
            Kind.INVALID,
            "zone '" + zone + "' is not 1 to 4 characters of a-z, 0-9 and '-'",
            "Give the zones of a local tier short names; they become names of network links.");
      }
    }
    tier.folder().ensure();
    tier.hosts()
        .make(
            new Hosts.Host(
                NamespaceHosts.FABRIC,
                Hosts.Role.FABRIC,
                "",
                Map.of("zones", String.join(",", network.zones()))));
    tier.hosts().make(new Hosts.Host(NamespaceHosts.CLIENT, Hosts.Role.CLIENT, "", Map.of()));
  }

  void delete() throws IOException, InterruptedException {
    tier.hosts().remove(List.of(NamespaceHosts.CLIENT, NamespaceHosts.FABRIC));
  }
}

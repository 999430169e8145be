package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the machines of a zone's fleet may come from: first the reserved room, then each type in
 * its order in the fleet's own zone, then the same in the other zones.
 */
final class Pools {
  private final AwsSettings settings;
  private final Sites sites;
  private final CapacityReservationPart reservations;
  private final NodeTemplate form;

  Pools(
      AwsSettings settings,
      AwsClients clients,
      CapacityReservationPart reservations,
      NodeTemplate form) {
    this.settings = settings;
    this.sites = new Sites(settings, clients);
    this.reservations = reservations;
    this.form = form;
  }

  /**
   * One of them.
   *
   * @param type of machine
   * @param zoneName as AWS names it
   * @param reservation whose room it is; empty for room that is not reserved
   */
  record Pool(String type, String zoneName, String subnetId, Optional<String> reservation) {}

  /** In the order in which they are tried. */
  List<Pool> of(Resource.NodeFleet fleet, Desired plan, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    Site site = sites.find(tags.event(), plan.zones(), deadline);
    List<String> types = form.types(plan);
    List<Pool> pools = new ArrayList<>();
    Site.Place own = site.zones().get(fleet.zone());
    if (own == null) {
      throw new ProviderException(
          Kind.INVALID,
          "zone " + fleet.zone() + " of " + fleet.id() + " is not in the network",
          "Make the plan again with spike plan.");
    }
    if (settings.reservesNodes()) {
      for (Reservation room : reservations.active(tags.event(), fleet.zone(), deadline)) {
        pools.add(new Pool(room.type(), own.name(), own.subnetId(), Optional.of(room.id())));
      }
    }
    for (String type : types) {
      pools.add(new Pool(type, own.name(), own.subnetId(), Optional.empty()));
    }
    for (Site.Place other : site.zones().values()) {
      if (!other.equals(own)) {
        for (String type : types) {
          pools.add(new Pool(type, other.name(), other.subnetId(), Optional.empty()));
        }
      }
    }
    return pools;
  }
}

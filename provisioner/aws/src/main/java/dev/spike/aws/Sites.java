package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Ec2Tags;
import dev.spike.aws.api.MachineApi;
import dev.spike.aws.api.NetworkApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.resource.EventName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.ec2.model.AvailabilityZone;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.InstanceTypeOffering;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Vpc;

/** Finds where an event's tier stands: in the given network, or in the one that was made. */
final class Sites {
  private final AwsSettings settings;
  private final NetworkApi api;
  private final MachineApi machines;
  private final Reservations reservations;

  Sites(AwsSettings settings, AwsClients clients) {
    this.settings = settings;
    this.api = new NetworkApi(clients);
    this.machines = new MachineApi(clients);
    this.reservations = new Reservations(clients);
  }

  /** The site of the tier. NOT_FOUND when the network, or a zone's subnet, is not there. */
  Site find(EventName event, List<String> zones, Deadline deadline)
      throws ProviderException, InterruptedException {
    Map<String, Subnet> subnets =
        settings.vpcId().isPresent() ? given(zones, deadline) : made(event, deadline);
    SortedMap<String, Site.Place> places = new TreeMap<>();
    for (String zone : zones) {
      Subnet subnet = subnets.get(zone);
      if (subnet == null) {
        throw new ProviderException(
            Kind.NOT_FOUND,
            "zone " + zone + " of event " + event + " has no subnet",
            "Run spike provision with this plan: it makes the network first.");
      }
      places.put(
          zone,
          new Site.Place(
              subnet.availabilityZone(),
              subnet.availabilityZoneId() == null ? "" : subnet.availabilityZoneId(),
              subnet.subnetId(),
              subnet.availableIpAddressCount() == null ? 0 : subnet.availableIpAddressCount()));
    }
    String vpcId = subnets.values().iterator().next().vpcId();
    return new Site(vpcId, places, open(vpcId, places, deadline));
  }

  /** The given subnets by zone: the first is zone a's, and so on. */
  private Map<String, Subnet> given(List<String> zones, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<String> ids = settings.subnetIds();
    if (ids.size() != zones.size()) {
      throw new ProviderException(
          Kind.INVALID,
          "provider.aws.network.subnetIds names "
              + ids.size()
              + " subnets for "
              + zones.size()
              + " zones",
          "Name one subnet a zone, in the order of the zones.");
    }
    Map<String, Subnet> byId = new TreeMap<>();
    api.subnets(deadline, ids).forEach(subnet -> byId.put(subnet.subnetId(), subnet));
    Map<String, Subnet> subnets = new LinkedHashMap<>();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < ids.size(); i++) {
      Subnet subnet = byId.get(ids.get(i));
      if (subnet == null || !names.add(subnet.availabilityZone())) {
        throw new ProviderException(
            subnet == null ? Kind.NOT_FOUND : Kind.INVALID,
            "subnet "
                + ids.get(i)
                + (subnet == null
                    ? " is not there"
                    : " is in the same zone as another of the list"),
            "Correct provider.aws.network.subnetIds: one subnet a zone.");
      }
      subnets.put(zones.get(i), subnet);
    }
    return subnets;
  }

  private Map<String, Subnet> made(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    Map<String, Subnet> subnets = new TreeMap<>();
    Optional<Vpc> vpc = vpc(event, deadline);
    if (vpc.isPresent()) {
      for (Subnet subnet : api.subnets(deadline, Ec2Tags.filter("vpc-id", vpc.get().vpcId()))) {
        String zone = Ec2Tags.map(subnet.tags()).get(EventTags.ZONE);
        if (zone != null) {
          subnets.put(zone, subnet);
        }
      }
    }
    return subnets;
  }

  /**
   * The network that was made for the event; of several, which a lost answer can leave, the one
   * that was built on.
   */
  Optional<Vpc> vpc(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    Filter tag = Ec2Tags.tag(EventTags.EVENT, event.value());
    List<Vpc> all = api.vpcs(deadline, tag);
    Set<String> used = new HashSet<>();
    if (all.size() > 1) {
      api.subnets(deadline, tag).forEach(subnet -> used.add(subnet.vpcId()));
    }
    return all.stream()
        .min(
            Comparator.comparing((Vpc vpc) -> !used.contains(vpc.vpcId()))
                .thenComparing(Vpc::vpcId));
  }

  private boolean open(String vpcId, SortedMap<String, Site.Place> places, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<RouteTable> tables = api.routeTables(deadline, Ec2Tags.filter("vpc-id", vpcId));
    for (Site.Place place : places.values()) {
      boolean out =
          table(tables, place.subnetId()).stream()
              .flatMap(table -> table.routes().stream())
              .map(Route::gatewayId)
              .anyMatch(gateway -> gateway != null && gateway.startsWith("igw-"));
      if (!out) {
        return false;
      }
    }
    return true;
  }

  /** The subnet's own table, else the network's main one. */
  private static Optional<RouteTable> table(List<RouteTable> tables, String subnetId) {
    Optional<RouteTable> own =
        tables.stream()
            .filter(
                table -> table.associations().stream().anyMatch(a -> subnetId.equals(a.subnetId())))
            .findFirst();
    return own.isPresent()
        ? own
        : tables.stream()
            .filter(
                table -> table.associations().stream().anyMatch(a -> Boolean.TRUE.equals(a.main())))
            .findFirst();
  }

  /**
   * The Region's zone for each zone of the tier: that of the given or made subnet, else that in
   * which room is reserved for it, else by name the first ones that have the preferred type of
   * machine.
   */
  SortedMap<String, String> zoneNames(EventName event, List<String> zones, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<String, String> names = new TreeMap<>();
    Map<String, Subnet> there =
        settings.vpcId().isPresent() ? given(zones, deadline) : made(event, deadline);
    there.forEach((zone, subnet) -> names.put(zone, subnet.availabilityZone()));
    if (!names.keySet().containsAll(zones)) {
      reserved(event, zones, deadline)
          .forEach(
              (zone, name) -> {
                if (!names.containsValue(name)) {
                  names.putIfAbsent(zone, name);
                }
              });
    }
    List<String> free = new ArrayList<>(choices(deadline));
    free.removeAll(names.values());
    for (String zone : zones) {
      if (!names.containsKey(zone)) {
        if (free.isEmpty()) {
          throw new ProviderException(
              Kind.INSUFFICIENT_CAPACITY,
              "the Region has no zone left with "
                  + settings.instanceTypes()
                  + " for zone "
                  + zone
                  + " of the tier",
              "Lower provider.aws.zones, or name other instanceTypes, then plan again.");
        }
        names.put(zone, free.removeFirst());
      }
    }
    names.keySet().retainAll(zones);
    return names;
  }

  private SortedMap<String, String> reserved(EventName event, List<String> zones, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<String, String> names = new TreeMap<>();
    var live = reservations.live(event, deadline);
    for (String zone : zones) {
      for (Reservation reservation :
          live.getOrDefault(CapacityReservationPart.id(zone), List.of())) {
        names.putIfAbsent(zone, reservation.seen().availabilityZone());
      }
    }
    return names;
  }

  private List<String> choices(Deadline deadline) throws ProviderException, InterruptedException {
    List<String> all =
        api.zones(deadline).stream().map(AvailabilityZone::zoneName).sorted().toList();
    if (settings.instanceTypes().isEmpty()) {
      return all;
    }
    Set<String> offering = new HashSet<>();
    for (InstanceTypeOffering offer :
        machines.offerings(deadline, List.of(settings.instanceTypes().getFirst()))) {
      offering.add(offer.location());
    }
    return all.stream().filter(offering::contains).toList();
  }
}

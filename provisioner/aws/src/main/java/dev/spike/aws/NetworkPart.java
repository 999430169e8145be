package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Calls;
import dev.spike.aws.api.Ec2Tags;
import dev.spike.aws.api.FirewallApi;
import dev.spike.aws.api.NetworkApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.InternetGateway;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.RouteTableAssociation;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Vpc;
import software.amazon.awssdk.services.ec2.model.VpcEndpoint;

/**
 * The network. One that is given is used as it is: it counts as there while the event has security
 * groups in it. One that is made has a public subnet a zone, a route to an internet gateway, and a
 * gateway endpoint for S3, through which bundles and packages come.
 */
final class NetworkPart implements Part {
  static final ResourceId ID = new ResourceId("network");
  private static final String NETWORK = "10.64.0.0/16";
  private static final String EVERYWHERE = "0.0.0.0/0";
  private static final int SUBNET_STEP = 32;

  private final AwsSettings settings;
  private final Calls calls;
  private final NetworkApi api;
  private final FirewallApi firewall;
  private final Sites sites;

  NetworkPart(AwsSettings settings, AwsClients clients) {
    this.settings = settings;
    this.calls = clients.calls();
    this.api = new NetworkApi(clients);
    this.firewall = new FirewallApi(clients);
    this.sites = new Sites(settings, clients);
  }

  @Override
  public Kind kind() {
    return Kind.NETWORK;
  }

  @Override
  public SortedMap<ResourceId, Observed> observe(EventName event)
      throws ProviderException, InterruptedException {
    Deadline deadline = calls.soon();
    SortedMap<ResourceId, Observed> seen = new TreeMap<>();
    Optional<Vpc> vpc = sites.vpc(event, deadline);
    if (vpc.isPresent()) {
      seen.put(ID, look(event, vpc.get().vpcId(), deadline));
    } else if (!firewall.groups(deadline, tag(event)).isEmpty()) {
      seen.put(ID, new Observed(ID, Kind.NETWORK, Map.of(), List.of()));
    }
    return seen;
  }

  private Observed look(EventName event, String vpcId, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<String, Subnet> subnets = subnets(vpcId, deadline);
    List<String> faults = new ArrayList<>();
    Optional<RouteTable> table = table(event, deadline);
    if (table.isEmpty() || !routed(table.get())) {
      faults.add("the network has no route to the internet");
    }
    subnets.forEach(
        (zone, subnet) -> {
          if (table.isEmpty() || !associated(table.get(), subnet)) {
            faults.add("subnet " + subnet.subnetId() + " of zone " + zone + " has no route");
          }
        });
    if (endpoint(event, deadline).isEmpty()) {
      faults.add("the network has no endpoint for S3");
    }
    return new Observed(
        ID, Kind.NETWORK, Map.of("zones", String.join(",", subnets.keySet())), faults);
  }

  @Override
  public void converge(Resource resource, List<Resource> desired, Tags tags, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<String> zones = ((Resource.Network) resource).zones();
    if (settings.vpcId().isPresent()) {
      sites.find(tags.event(), zones, deadline);
      return;
    }
    EventName event = tags.event();
    SortedMap<String, String> all = EventTags.of(tags, ID, settings);
    Optional<Vpc> there = sites.vpc(event, deadline);
    String vpcId =
        there.isPresent() ? there.get().vpcId() : api.createVpc(deadline, NETWORK, all).vpcId();
    calls.settled(deadline, () -> api.nameInterfaces(deadline, vpcId));
    String gatewayId = gateway(event, vpcId, all, deadline);
    RouteTable table = routes(event, vpcId, gatewayId, all, deadline);
    zonesOf(event, vpcId, zones, table, all, deadline);
    if (endpoint(event, deadline).isEmpty()) {
      calls.settling(
          deadline,
          () ->
              api.createGatewayEndpoint(
                  deadline,
                  vpcId,
                  "com.amazonaws." + settings.region() + ".s3",
                  table.routeTableId(),
                  Names.token("endpoint", event.value(), vpcId),
                  all));
    }
  }

  private String gateway(
      EventName event, String vpcId, SortedMap<String, String> all, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<InternetGateway> gateways = api.internetGateways(deadline, tag(event));
    Optional<InternetGateway> attached =
        gateways.stream()
            .filter(g -> g.attachments().stream().anyMatch(a -> vpcId.equals(a.vpcId())))
            .findFirst();
    if (attached.isPresent()) {
      return attached.get().internetGatewayId();
    }
    String id =
        gateways.isEmpty()
            ? api.createInternetGateway(deadline, all).internetGatewayId()
            : gateways.getFirst().internetGatewayId();
    calls.settled(
        deadline, () -> Calls.present(() -> api.attachInternetGateway(deadline, id, vpcId)));
    return id;
  }

  private RouteTable routes(
      EventName event,
      String vpcId,
      String gatewayId,
      SortedMap<String, String> all,
      Deadline deadline)
      throws ProviderException, InterruptedException {
    Optional<RouteTable> there = table(event, deadline);
    RouteTable table =
        there.isPresent()
            ? there.get()
            : calls.settling(
                deadline,
                () ->
                    api.createRouteTable(
                        deadline, vpcId, Names.token("routes", event.value(), vpcId), all));
    if (!routed(table)) {
      calls.settled(
          deadline,
          () ->
              Calls.present(
                  () -> api.createRoute(deadline, table.routeTableId(), EVERYWHERE, gatewayId)));
    }
    return table;
  }

  private void zonesOf(
      EventName event,
      String vpcId,
      List<String> zones,
      RouteTable table,
      SortedMap<String, String> all,
      Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<String, Subnet> there = subnets(vpcId, deadline);
    SortedMap<String, String> names = sites.zoneNames(event, zones, deadline);
    for (int i = 0; i < zones.size(); i++) {
      String zone = zones.get(i);
      Subnet known = there.get(zone);
      Subnet subnet =
          known != null
              ? known
              : createSubnet(
                  vpcId, zone, String.valueOf(names.get(zone)), i * SUBNET_STEP, all, deadline);
      calls.settled(
          deadline,
          () -> {
            if (!Boolean.TRUE.equals(subnet.mapPublicIpOnLaunch())) {
              api.openSubnet(deadline, subnet.subnetId());
            }
            if (!associated(table, subnet)) {
              api.associate(deadline, table.routeTableId(), subnet.subnetId());
            }
          });
    }
    for (Map.Entry<String, Subnet> subnet : there.entrySet()) {
      if (!zones.contains(subnet.getKey())) {
        remove(subnet.getValue(), deadline);
      }
    }
  }

  private Subnet createSubnet(
      String vpcId,
      String zone,
      String zoneName,
      int thirdByte,
      SortedMap<String, String> all,
      Deadline deadline)
      throws ProviderException, InterruptedException {
    return calls.settling(
        deadline,
        () ->
            api.createSubnet(
                deadline,
                vpcId,
                zoneName,
                "10.64." + thirdByte + ".0/19",
                EventTags.with(all, EventTags.ZONE, zone)));
  }

  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    for (Vpc vpc : api.vpcs(deadline, tag(event))) {
      remove(event, vpc.vpcId(), deadline);
    }
    for (InternetGateway gateway : api.internetGateways(deadline, tag(event))) {
      Calls.gone(() -> api.deleteInternetGateway(deadline, gateway.internetGatewayId()));
    }
  }

  private void remove(EventName event, String vpcId, Deadline deadline)
      throws ProviderException, InterruptedException {
    Filter within = Ec2Tags.filter("vpc-id", vpcId);
    List<String> endpoints =
        api.endpoints(deadline, tag(event), within).stream()
            .filter(NetworkPart::exists)
            .map(VpcEndpoint::vpcEndpointId)
            .toList();
    if (!endpoints.isEmpty()) {
      Calls.gone(() -> api.deleteEndpoints(deadline, endpoints));
    }
    for (Subnet subnet : api.subnets(deadline, tag(event), within)) {
      remove(subnet, deadline);
    }
    for (RouteTable table : api.routeTables(deadline, tag(event), within)) {
      for (RouteTableAssociation link : table.associations()) {
        if (!Boolean.TRUE.equals(link.main())) {
          Calls.gone(() -> api.disassociate(deadline, link.routeTableAssociationId()));
        }
      }
      calls.freed(
          deadline,
          "route table " + table.routeTableId(),
          () -> api.deleteRouteTable(deadline, table.routeTableId()),
          () -> "");
    }
    for (InternetGateway gateway : api.internetGateways(deadline, tag(event))) {
      if (gateway.attachments().stream().anyMatch(a -> vpcId.equals(a.vpcId()))) {
        calls.freed(
            deadline,
            "internet gateway " + gateway.internetGatewayId(),
            () -> api.detachInternetGateway(deadline, gateway.internetGatewayId(), vpcId),
            () -> blockers(within, deadline));
      }
    }
    calls.freed(
        deadline,
        "network " + vpcId,
        () -> api.deleteVpc(deadline, vpcId),
        () -> blockers(within, deadline));
  }

  private void remove(Subnet subnet, Deadline deadline)
      throws ProviderException, InterruptedException {
    Filter within = Ec2Tags.filter("subnet-id", subnet.subnetId());
    calls.freed(
        deadline,
        "subnet " + subnet.subnetId(),
        () -> api.deleteSubnet(deadline, subnet.subnetId()),
        () -> blockers(within, deadline));
  }

  /** The interfaces that keep something from going. */
  private String blockers(Filter within, Deadline deadline)
      throws ProviderException, InterruptedException {
    return api.interfaces(deadline.passed() ? calls.soon() : deadline, within).stream()
        .map(i -> "interface " + i.networkInterfaceId() + " (" + i.description() + ")")
        .limit(10)
        .collect(Collectors.joining(", "));
  }

  @Override
  public List<String> strays(EventName event) throws ProviderException, InterruptedException {
    Deadline deadline = calls.soon();
    Optional<Vpc> kept = sites.vpc(event, deadline);
    List<String> strays = new ArrayList<>();
    for (Vpc vpc : api.vpcs(deadline, tag(event))) {
      if (kept.isPresent() && !vpc.vpcId().equals(kept.get().vpcId())) {
        strays.add("network " + vpc.vpcId() + ", a second one");
      }
    }
    for (InternetGateway gateway : api.internetGateways(deadline, tag(event))) {
      boolean used =
          kept.isPresent()
              && gateway.attachments().stream().anyMatch(a -> kept.get().vpcId().equals(a.vpcId()));
      if (!used && (kept.isEmpty() || !gateway.attachments().isEmpty())) {
        strays.add("internet gateway " + gateway.internetGatewayId());
      }
    }
    return strays;
  }

  @Override
  public void sweep(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    if (!strays(event).isEmpty()) {
      delete(event, ID, deadline);
    }
  }

  private static Filter tag(EventName event) {
    return Ec2Tags.tag(EventTags.EVENT, event.value());
  }

  private SortedMap<String, Subnet> subnets(String vpcId, Deadline deadline)
      throws ProviderException, InterruptedException {
    SortedMap<String, Subnet> subnets = new TreeMap<>();
    for (Subnet subnet : api.subnets(deadline, Ec2Tags.filter("vpc-id", vpcId))) {
      String zone = Ec2Tags.map(subnet.tags()).get(EventTags.ZONE);
      if (zone != null) {
        subnets.put(zone, subnet);
      }
    }
    return subnets;
  }

  private Optional<RouteTable> table(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    return api.routeTables(deadline, tag(event)).stream().findFirst();
  }

  private Optional<VpcEndpoint> endpoint(EventName event, Deadline deadline)
      throws ProviderException, InterruptedException {
    return api.endpoints(deadline, tag(event)).stream().filter(NetworkPart::exists).findFirst();
  }

  private static boolean exists(VpcEndpoint endpoint) {
    String state = String.valueOf(endpoint.stateAsString()).toLowerCase(java.util.Locale.ROOT);
    return !state.startsWith("delet");
  }

  private static boolean routed(RouteTable table) {
    return table.routes().stream()
        .anyMatch(r -> EVERYWHERE.equals(r.destinationCidrBlock()) && r.gatewayId() != null);
  }

  private static boolean associated(RouteTable table, Subnet subnet) {
    return table.associations().stream().anyMatch(a -> subnet.subnetId().equals(a.subnetId()));
  }
}

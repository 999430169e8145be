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
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.InternetGateway;
import software.amazon.awssdk.services.ec2.model.RouteTable;
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
  private final NetworkRemoval removal;

  NetworkPart(AwsSettings settings, AwsClients clients) {
    this.settings = settings;
    this.calls = clients.calls();
    this.api = new NetworkApi(clients);
    this.firewall = new FirewallApi(clients);
    this.sites = new Sites(settings, clients);
    this.removal = new NetworkRemoval(clients);
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
      awaitSeen("the endpoint for S3", () -> endpoint(event, deadline), deadline);
    }
  }

  /** What was just made is in no list at times; a look right after this would miss it. */
  private <T> T awaitSeen(String what, Calls.Attempt<Optional<T>> look, Deadline deadline)
      throws ProviderException, InterruptedException {
    return calls.settling(
        deadline,
        () ->
            look.run()
                .orElseThrow(
                    () ->
                        new ProviderException(
                            ProviderException.Kind.NOT_FOUND,
                            what + " was made and is not seen",
                            "Run the same command again.")));
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
    RouteTable table = there.isPresent() ? there.get() : createTable(event, vpcId, all, deadline);
    if (!routed(table)) {
      calls.settled(
          deadline,
          () ->
              Calls.present(
                  () -> api.createRoute(deadline, table.routeTableId(), EVERYWHERE, gatewayId)));
    }
    return table;
  }

  private RouteTable createTable(
      EventName event, String vpcId, SortedMap<String, String> all, Deadline deadline)
      throws ProviderException, InterruptedException {
    String token = Names.token("routes", event.value(), vpcId);
    calls.settling(deadline, () -> api.createRouteTable(deadline, vpcId, token, all));
    return awaitSeen("the route table", () -> table(event, deadline), deadline);
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
        removal.remove(subnet.getValue(), deadline);
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
    // It has no client token; its addresses say that a run before made it, seen or not.
    return calls.settling(
        deadline,
        () ->
            Calls.adopting(
                () ->
                    api.createSubnet(
                        deadline,
                        vpcId,
                        zoneName,
                        "10.64." + thirdByte + ".0/19",
                        EventTags.with(all, EventTags.ZONE, zone)),
                () ->
                    Optional.of(
                        awaitSeen(
                            "the subnet of zone " + zone,
                            () -> Optional.ofNullable(subnets(vpcId, deadline).get(zone)),
                            deadline))));
  }

  @Override
  public void delete(EventName event, ResourceId id, Deadline deadline)
      throws ProviderException, InterruptedException {
    removal.all(event, deadline);
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
    return api.endpoints(deadline, tag(event)).stream().filter(NetworkRemoval::exists).findFirst();
  }

  private static boolean routed(RouteTable table) {
    return table.routes().stream()
        .anyMatch(r -> EVERYWHERE.equals(r.destinationCidrBlock()) && r.gatewayId() != null);
  }

  private static boolean associated(RouteTable table, Subnet subnet) {
    return table.associations().stream().anyMatch(a -> subnet.subnetId().equals(a.subnetId()));
  }
}

package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Calls;
import dev.spike.aws.api.Ec2Tags;
import dev.spike.aws.api.NetworkApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.InternetGateway;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.RouteTableAssociation;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Vpc;
import software.amazon.awssdk.services.ec2.model.VpcEndpoint;

/** How a network that the event made goes: from what stands in it to itself. */
final class NetworkRemoval {
  private final Calls calls;
  private final NetworkApi api;

  NetworkRemoval(AwsClients clients) {
    this.calls = clients.calls();
    this.api = new NetworkApi(clients);
  }

  /** Removes every network and gateway of the event. */
  void all(EventName event, Deadline deadline) throws ProviderException, InterruptedException {
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
            .filter(NetworkRemoval::exists)
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

  /** Removes one subnet, once nothing is in it. */
  void remove(Subnet subnet, Deadline deadline) throws ProviderException, InterruptedException {
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

  /** Whether an endpoint is there and stays; deleted ones are listed for a while. */
  static boolean exists(VpcEndpoint endpoint) {
    String state = String.valueOf(endpoint.stateAsString()).toLowerCase(Locale.ROOT);
    return !state.startsWith("delet");
  }

  private static Filter tag(EventName event) {
    return Ec2Tags.tag(EventTags.EVENT, event.value());
  }
}

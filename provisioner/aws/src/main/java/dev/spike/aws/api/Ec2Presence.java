package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeCapacityReservationsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInternetGatewaysRequest;
import software.amazon.awssdk.services.ec2.model.DescribeLaunchTemplatesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesRequest;
import software.amazon.awssdk.services.ec2.model.DescribePlacementGroupsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeRouteTablesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeTagsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVolumesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcEndpointsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcsRequest;
import software.amazon.awssdk.services.ec2.model.Filter;

/** Whether a thing of EC2's is there, asked of the call that describes its type. */
public final class Ec2Presence {
  private static final Set<String> ENDED =
      Set.of("terminated", "deleted", "deleting", "cancelled", "expired", "failed", "unsupported");

  private static final Set<String> NODES = Set.of("instance", "volume", "network-interface");
  private static final int FILTER_VALUES_MAX = 200;

  private final AwsClients clients;
  private final Calls calls;

  public Ec2Presence(AwsClients clients) {
    this.clients = clients;
    this.calls = clients.calls();
  }

  /**
   * Whether it is there.
   *
   * @param type as it stands in ARNs, such as {@code route-table}
   * @param id as it stands in ARNs: a placement group's is its name
   * @throws ProviderException NOT_FOUND too where it is not
   */
  public boolean of(Deadline deadline, String type, String id)
      throws ProviderException, InterruptedException {
    return states(deadline, type, id).stream().anyMatch(state -> !ENDED.contains(state));
  }

  /** The types that there is one of for every node: asked for many at once. */
  public static boolean isOfNodes(String type) {
    return NODES.contains(type);
  }

  /**
   * Which of them are there.
   *
   * @param type one that {@link #isOfNodes}
   */
  public Set<String> of(Deadline deadline, String type, List<String> ids)
      throws ProviderException, InterruptedException {
    Set<String> there = new HashSet<>();
    for (int from = 0; from < ids.size(); from += FILTER_VALUES_MAX) {
      List<String> batch = ids.subList(from, Math.min(ids.size(), from + FILTER_VALUES_MAX));
      Filter byIds = Ec2Tags.filter(type + "-id", batch.toArray(new String[0]));
      switch (type) {
        case "instance" ->
            new MachineApi(clients)
                .instances(deadline, byIds).stream()
                    .filter(instance -> !ENDED.contains(instance.state().nameAsString()))
                    .forEach(instance -> there.add(instance.instanceId()));
        case "volume" ->
            calls
                .of(
                    deadline,
                    DescribeVolumesRequest.builder().filters(byIds).build(),
                    request ->
                        clients.ec2().describeVolumesPaginator(request).volumes().stream().toList())
                .stream()
                .filter(volume -> !ENDED.contains(volume.stateAsString()))
                .forEach(volume -> there.add(volume.volumeId()));
        default ->
            new NetworkApi(clients)
                .interfaces(deadline, byIds)
                .forEach(seen -> there.add(seen.networkInterfaceId()));
      }
    }
    return there;
  }

  /** The states of what has that id, at most one; an empty text for what has no states. */
  private List<String> states(Deadline deadline, String type, String id)
      throws ProviderException, InterruptedException {
    Ec2Client ec2 = clients.ec2();
    Filter byId = Ec2Tags.filter(type + "-id", id);
    return switch (type) {
      case "instance" ->
          calls.of(
              deadline,
              DescribeInstancesRequest.builder().filters(byId).build(),
              request ->
                  ec2.describeInstances(request).reservations().stream()
                      .flatMap(reservation -> reservation.instances().stream())
                      .map(instance -> instance.state().nameAsString())
                      .toList());
      case "vpc" ->
          calls.of(
              deadline,
              DescribeVpcsRequest.builder().filters(byId).build(),
              request -> there(ec2.describeVpcs(request).vpcs()));
      case "subnet" ->
          calls.of(
              deadline,
              DescribeSubnetsRequest.builder().filters(byId).build(),
              request -> there(ec2.describeSubnets(request).subnets()));
      case "route-table" ->
          calls.of(
              deadline,
              DescribeRouteTablesRequest.builder().filters(byId).build(),
              request -> there(ec2.describeRouteTables(request).routeTables()));
      case "internet-gateway" ->
          calls.of(
              deadline,
              DescribeInternetGatewaysRequest.builder().filters(byId).build(),
              request -> there(ec2.describeInternetGateways(request).internetGateways()));
      case "vpc-endpoint" ->
          calls.of(
              deadline,
              DescribeVpcEndpointsRequest.builder().filters(byId).build(),
              request ->
                  ec2.describeVpcEndpoints(request).vpcEndpoints().stream()
                      .map(endpoint -> String.valueOf(endpoint.stateAsString()))
                      .map(state -> state.toLowerCase(java.util.Locale.ROOT))
                      .toList());
      case "security-group" ->
          calls.of(
              deadline,
              DescribeSecurityGroupsRequest.builder()
                  .filters(Ec2Tags.filter("group-id", id))
                  .build(),
              request -> there(ec2.describeSecurityGroups(request).securityGroups()));
      case "network-interface" ->
          calls.of(
              deadline,
              DescribeNetworkInterfacesRequest.builder().filters(byId).build(),
              request -> there(ec2.describeNetworkInterfaces(request).networkInterfaces()));
      case "volume" ->
          calls.of(
              deadline,
              DescribeVolumesRequest.builder().filters(byId).build(),
              request ->
                  ec2.describeVolumes(request).volumes().stream()
                      .map(volume -> volume.stateAsString())
                      .toList());
      case "launch-template" ->
          calls.of(
              deadline,
              DescribeLaunchTemplatesRequest.builder().launchTemplateIds(id).build(),
              request -> there(ec2.describeLaunchTemplates(request).launchTemplates()));
      case "placement-group" ->
          calls.of(
              deadline,
              DescribePlacementGroupsRequest.builder()
                  .filters(Ec2Tags.filter("group-name", id))
                  .build(),
              request ->
                  ec2.describePlacementGroups(request).placementGroups().stream()
                      .map(group -> group.stateAsString())
                      .toList());
      case "capacity-reservation" ->
          calls.of(
              deadline,
              DescribeCapacityReservationsRequest.builder().capacityReservationIds(id).build(),
              request ->
                  ec2.describeCapacityReservations(request).capacityReservations().stream()
                      .map(reservation -> reservation.stateAsString())
                      .toList());
      default -> // a type that spike does not make: what has tags is there
          calls.of(
              deadline,
              DescribeTagsRequest.builder().filters(Ec2Tags.filter("resource-id", id)).build(),
              request -> there(ec2.describeTags(request).tags()));
    };
  }

  private static List<String> there(List<?> things) {
    return things.isEmpty() ? List.of() : List.of("");
  }
}

package dev.spike.aws.preflight;

import dev.spike.aws.AwsSettings;
import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Ec2Tags;
import dev.spike.aws.api.NetworkApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Finding;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteState;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.VpcEndpoint;
import software.amazon.awssdk.services.ec2.model.VpcEndpointType;

/**
 * Whether nodes in given subnets can reach what they boot from: the internet, or else an endpoint
 * of each service that they call. A node that reaches none of them comes up and never registers,
 * which shows half an hour later only.
 */
final class WayOutLook {
  private static final String STORAGE = "s3";

  /** Beside S3: the channel of Systems Manager, and the secrets. */
  private static final List<String> SERVICES = List.of("ssm", "ssmmessages", "secretsmanager");

  private static final String EVERYWHERE = "0.0.0.0/0";
  private static final String NEXT =
      "Make the endpoints that docs/operations.md lists for a network without internet, with"
          + " private names, or a route to a NAT gateway.";

  private final AwsSettings settings;
  private final String region;
  private final NetworkApi api;

  WayOutLook(AwsSettings settings, AwsClients clients) {
    this.settings = settings;
    this.region = clients.region();
    this.api = new NetworkApi(clients);
  }

  /** One finding a given subnet. */
  List<Finding> findings(Deadline deadline) throws ProviderException, InterruptedException {
    List<Finding> findings = new ArrayList<>();
    for (Subnet subnet : api.subnets(deadline, settings.subnetIds())) {
      Filter within = Ec2Tags.filter("vpc-id", subnet.vpcId());
      Optional<RouteTable> table = table(subnet, api.routeTables(deadline, within));
      findings.add(
          finding(
              subnet,
              table.map(RouteTable::routes).orElse(List.of()),
              missing(table, api.endpoints(deadline, within))));
    }
    return findings;
  }

  private static Finding finding(Subnet subnet, List<Route> routes, List<String> missing) {
    String what = "way out of subnet " + subnet.subnetId();
    Optional<String> target =
        routes.stream()
            .filter(route -> EVERYWHERE.equals(route.destinationCidrBlock()))
            .filter(route -> route.state() != RouteState.BLACKHOLE)
            .flatMap(route -> target(route).stream())
            .findFirst();
    boolean withoutAddress =
        target.filter(id -> id.startsWith("igw-")).isPresent()
            && !Boolean.TRUE.equals(subnet.mapPublicIpOnLaunch());
    if (target.isPresent() && !withoutAddress) {
      return Finding.fine(what, "everywhere, by " + target.get());
    }
    if (missing.isEmpty()) {
      return Finding.fine(what, "endpoints of the services that nodes call");
    }
    String observed =
        (withoutAddress
                ? "its internet gateway serves public addresses alone, which its nodes do not get"
                : "no route to the internet")
            + ", and no endpoint of "
            + String.join(", ", missing);
    // By a route into another network, services may be reached in ways that cannot be seen here.
    boolean elsewhere = routes.stream().anyMatch(WayOutLook::leavesTheNetwork);
    return elsewhere
        ? Finding.warning(what, observed + "; its other routes may lead to them", NEXT)
        : Finding.missing(what, observed, Kind.INVALID, NEXT);
  }

  private static Optional<String> target(Route route) {
    return Stream.of(
            route.gatewayId(),
            route.natGatewayId(),
            route.transitGatewayId(),
            route.networkInterfaceId(),
            route.vpcPeeringConnectionId(),
            route.coreNetworkArn())
        .filter(id -> id != null && !id.isEmpty())
        .findFirst();
  }

  private static boolean leavesTheNetwork(Route route) {
    return target(route)
        .filter(id -> !id.equals("local") && !id.startsWith("igw-") && !id.startsWith("vpce-"))
        .isPresent();
  }

  /** The subnet's own table, else the main one of its network. */
  private static Optional<RouteTable> table(Subnet subnet, List<RouteTable> tables) {
    return tables.stream()
        .filter(
            table ->
                table.associations().stream()
                    .anyMatch(link -> subnet.subnetId().equals(link.subnetId())))
        .findFirst()
        .or(
            () ->
                tables.stream()
                    .filter(
                        table ->
                            table.associations().stream()
                                .anyMatch(link -> Boolean.TRUE.equals(link.main())))
                    .findFirst());
  }

  private List<String> missing(Optional<RouteTable> table, List<VpcEndpoint> endpoints) {
    List<String> missing = new ArrayList<>();
    boolean storage =
        endpoints.stream()
            .filter(endpoint -> is(endpoint, STORAGE))
            .anyMatch(
                endpoint ->
                    named(endpoint)
                        || table
                            .filter(it -> endpoint.routeTableIds().contains(it.routeTableId()))
                            .isPresent());
    if (!storage) {
      missing.add(STORAGE);
    }
    for (String service : SERVICES) {
      if (endpoints.stream().noneMatch(endpoint -> is(endpoint, service) && named(endpoint))) {
        missing.add(service);
      }
    }
    return missing;
  }

  private boolean is(VpcEndpoint endpoint, String service) {
    return ("com.amazonaws." + region + "." + service).equals(endpoint.serviceName())
        && "available".equalsIgnoreCase(endpoint.stateAsString());
  }

  /** By its private name the service's usual address leads to it. */
  private static boolean named(VpcEndpoint endpoint) {
    return endpoint.vpcEndpointType() == VpcEndpointType.INTERFACE
        && Boolean.TRUE.equals(endpoint.privateDnsEnabled());
  }
}

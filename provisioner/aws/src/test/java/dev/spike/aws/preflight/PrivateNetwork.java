package dev.spike.aws.preflight;

import dev.spike.aws.emulator.MotoServer;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.VpcEndpointType;

/**
 * A network of a platform team, one subnet a zone, out of which nothing leads until it is given.
 *
 * @param ec2 the owner's client
 */
record PrivateNetwork(Ec2Client ec2, String vpc, List<String> subnets, String table) {

  static PrivateNetwork made(Ec2Client ec2) {
    String vpc = ec2.createVpc(request -> request.cidrBlock("10.20.0.0/16")).vpc().vpcId();
    String table = ec2.createRouteTable(request -> request.vpcId(vpc)).routeTable().routeTableId();
    List<String> subnets = new ArrayList<>();
    for (String zone : List.of("a", "b", "c")) {
      String network = "10.20." + 32 * subnets.size() + ".0/19";
      String subnet =
          ec2.createSubnet(
                  request ->
                      request
                          .vpcId(vpc)
                          .availabilityZone(MotoServer.REGION + zone)
                          .cidrBlock(network))
              .subnet()
              .subnetId();
      ec2.associateRouteTable(request -> request.routeTableId(table).subnetId(subnet));
      subnets.add(subnet);
    }
    return new PrivateNetwork(ec2, vpc, List.copyOf(subnets), table);
  }

  /** What stands under {@code provider.aws} for it, after a comma. */
  String network() {
    return ", network: {vpcId: " + vpc + ", subnetIds: [" + String.join(", ", subnets) + "]}";
  }

  String subnet() {
    return subnets.getFirst();
  }

  /** Makes endpoints, that of S3 in the routes and the others with private names. */
  void give(String... services) {
    for (String service : services) {
      ec2.createVpcEndpoint(
          request -> {
            request.vpcId(vpc).serviceName("com.amazonaws." + MotoServer.REGION + "." + service);
            if (service.equals("s3")) {
              request.vpcEndpointType(VpcEndpointType.GATEWAY).routeTableIds(table);
            } else {
              request
                  .vpcEndpointType(VpcEndpointType.INTERFACE)
                  .subnetIds(subnets)
                  .privateDnsEnabled(true);
            }
          });
    }
  }

  /** Leads everywhere by an internet gateway, with public addresses. */
  void open() {
    String gateway = ec2.createInternetGateway().internetGateway().internetGatewayId();
    ec2.attachInternetGateway(request -> request.internetGatewayId(gateway).vpcId(vpc));
    ec2.createRoute(
        request ->
            request.routeTableId(table).destinationCidrBlock("0.0.0.0/0").gatewayId(gateway));
    for (String subnet : subnets) {
      ec2.modifySubnetAttribute(
          request -> request.subnetId(subnet).mapPublicIpOnLaunch(on -> on.value(true)));
    }
  }
}

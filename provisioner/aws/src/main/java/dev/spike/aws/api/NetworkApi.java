package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ec2.model.AssociateRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.AttachInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.AttributeBooleanValue;
import software.amazon.awssdk.services.ec2.model.AvailabilityZone;
import software.amazon.awssdk.services.ec2.model.CreateInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.CreateRouteRequest;
import software.amazon.awssdk.services.ec2.model.CreateRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.CreateSubnetRequest;
import software.amazon.awssdk.services.ec2.model.CreateVpcEndpointRequest;
import software.amazon.awssdk.services.ec2.model.CreateVpcRequest;
import software.amazon.awssdk.services.ec2.model.DeleteInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.DeleteRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.DeleteSubnetRequest;
import software.amazon.awssdk.services.ec2.model.DeleteVpcEndpointsRequest;
import software.amazon.awssdk.services.ec2.model.DeleteVpcRequest;
import software.amazon.awssdk.services.ec2.model.DescribeAvailabilityZonesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeInternetGatewaysRequest;
import software.amazon.awssdk.services.ec2.model.DescribeNetworkInterfacesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeRouteTablesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcEndpointsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcsRequest;
import software.amazon.awssdk.services.ec2.model.DetachInternetGatewayRequest;
import software.amazon.awssdk.services.ec2.model.DisassociateRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.InternetGateway;
import software.amazon.awssdk.services.ec2.model.ModifySubnetAttributeRequest;
import software.amazon.awssdk.services.ec2.model.ModifyVpcAttributeRequest;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Vpc;
import software.amazon.awssdk.services.ec2.model.VpcEndpoint;
import software.amazon.awssdk.services.ec2.model.VpcEndpointType;

/** EC2's calls for networks. Every list is of all pages. */
public final class NetworkApi {
  private final AwsClients clients;
  private final Calls calls;

  public NetworkApi(AwsClients clients) {
    this.clients = clients;
    this.calls = clients.calls();
  }

  public List<Vpc> vpcs(Deadline deadline, Filter... filters)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeVpcsRequest.builder().filters(filters).build(),
        request -> clients.ec2().describeVpcsPaginator(request).vpcs().stream().toList());
  }

  public List<Subnet> subnets(Deadline deadline, Filter... filters)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeSubnetsRequest.builder().filters(filters).build(),
        request -> clients.ec2().describeSubnetsPaginator(request).subnets().stream().toList());
  }

  /** Subnets by id. NOT_FOUND when one is not there. */
  public List<Subnet> subnets(Deadline deadline, Collection<String> ids)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeSubnetsRequest.builder().subnetIds(ids).build(),
        request -> clients.ec2().describeSubnets(request).subnets());
  }

  public List<RouteTable> routeTables(Deadline deadline, Filter... filters)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeRouteTablesRequest.builder().filters(filters).build(),
        request ->
            clients.ec2().describeRouteTablesPaginator(request).routeTables().stream().toList());
  }

  public List<InternetGateway> internetGateways(Deadline deadline, Filter... filters)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeInternetGatewaysRequest.builder().filters(filters).build(),
        request ->
            clients.ec2().describeInternetGatewaysPaginator(request).internetGateways().stream()
                .toList());
  }

  public List<VpcEndpoint> endpoints(Deadline deadline, Filter... filters)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeVpcEndpointsRequest.builder().filters(filters).build(),
        request ->
            clients.ec2().describeVpcEndpointsPaginator(request).vpcEndpoints().stream().toList());
  }

  public List<NetworkInterface> interfaces(Deadline deadline, Filter... filters)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeNetworkInterfacesRequest.builder().filters(filters).build(),
        request ->
            clients.ec2().describeNetworkInterfacesPaginator(request).networkInterfaces().stream()
                .toList());
  }

  /** The zones of the Region that are open to this account, without local and wavelength zones. */
  public List<AvailabilityZone> zones(Deadline deadline)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeAvailabilityZonesRequest.builder()
            .filters(Ec2Tags.filter("state", "available"))
            .build(),
        request -> clients.ec2().describeAvailabilityZones(request).availabilityZones());
  }

  public Vpc createVpc(Deadline deadline, String network, Map<String, String> tags)
      throws ProviderException, InterruptedException {
    return calls.once(
        deadline,
        CreateVpcRequest.builder()
            .cidrBlock(network)
            .tagSpecifications(Ec2Tags.on(ResourceType.VPC, tags))
            .build(),
        request -> clients.ec2Once().createVpc(request).vpc());
  }

  /** Gives the network's interfaces names, as the service's endpoints need. */
  public void nameInterfaces(Deadline deadline, String vpcId)
      throws ProviderException, InterruptedException {
    AttributeBooleanValue on = AttributeBooleanValue.builder().value(true).build();
    calls.of(
        deadline,
        ModifyVpcAttributeRequest.builder().vpcId(vpcId).enableDnsSupport(on).build(),
        request -> clients.ec2().modifyVpcAttribute(request));
    calls.of(
        deadline,
        ModifyVpcAttributeRequest.builder().vpcId(vpcId).enableDnsHostnames(on).build(),
        request -> clients.ec2().modifyVpcAttribute(request));
  }

  public Subnet createSubnet(
      Deadline deadline, String vpcId, String zoneName, String network, Map<String, String> tags)
      throws ProviderException, InterruptedException {
    return calls.once(
        deadline,
        CreateSubnetRequest.builder()
            .vpcId(vpcId)
            .availabilityZone(zoneName)
            .cidrBlock(network)
            .tagSpecifications(Ec2Tags.on(ResourceType.SUBNET, tags))
            .build(),
        request -> clients.ec2Once().createSubnet(request).subnet());
  }

  /** New interfaces of the subnet get a public address. */
  public void openSubnet(Deadline deadline, String subnetId)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        ModifySubnetAttributeRequest.builder()
            .subnetId(subnetId)
            .mapPublicIpOnLaunch(AttributeBooleanValue.builder().value(true).build())
            .build(),
        request -> clients.ec2().modifySubnetAttribute(request));
  }

  public InternetGateway createInternetGateway(Deadline deadline, Map<String, String> tags)
      throws ProviderException, InterruptedException {
    return calls.once(
        deadline,
        CreateInternetGatewayRequest.builder()
            .tagSpecifications(Ec2Tags.on(ResourceType.INTERNET_GATEWAY, tags))
            .build(),
        request -> clients.ec2Once().createInternetGateway(request).internetGateway());
  }

  public void attachInternetGateway(Deadline deadline, String gatewayId, String vpcId)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        AttachInternetGatewayRequest.builder().internetGatewayId(gatewayId).vpcId(vpcId).build(),
        request -> clients.ec2().attachInternetGateway(request));
  }

  public RouteTable createRouteTable(
      Deadline deadline, String vpcId, String token, Map<String, String> tags)
      throws ProviderException, InterruptedException {
    return calls.once(
        deadline,
        CreateRouteTableRequest.builder()
            .vpcId(vpcId)
            .clientToken(token)
            .tagSpecifications(Ec2Tags.on(ResourceType.ROUTE_TABLE, tags))
            .build(),
        request -> clients.ec2Once().createRouteTable(request).routeTable());
  }

  public void createRoute(Deadline deadline, String tableId, String network, String gatewayId)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        CreateRouteRequest.builder()
            .routeTableId(tableId)
            .destinationCidrBlock(network)
            .gatewayId(gatewayId)
            .build(),
        request -> clients.ec2().createRoute(request));
  }

  public void associate(Deadline deadline, String tableId, String subnetId)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        AssociateRouteTableRequest.builder().routeTableId(tableId).subnetId(subnetId).build(),
        request -> clients.ec2().associateRouteTable(request));
  }

  public void disassociate(Deadline deadline, String associationId)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DisassociateRouteTableRequest.builder().associationId(associationId).build(),
        request -> clients.ec2().disassociateRouteTable(request));
  }

  /** A gateway endpoint, which costs nothing and needs no address. */
  public VpcEndpoint createGatewayEndpoint(
      Deadline deadline,
      String vpcId,
      String service,
      String tableId,
      String token,
      Map<String, String> tags)
      throws ProviderException, InterruptedException {
    return calls.once(
        deadline,
        CreateVpcEndpointRequest.builder()
            .vpcEndpointType(VpcEndpointType.GATEWAY)
            .vpcId(vpcId)
            .serviceName(service)
            .routeTableIds(tableId)
            .clientToken(token)
            .tagSpecifications(Ec2Tags.on(ResourceType.VPC_ENDPOINT, tags))
            .build(),
        request -> clients.ec2Once().createVpcEndpoint(request).vpcEndpoint());
  }

  public void deleteEndpoints(Deadline deadline, Collection<String> ids)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DeleteVpcEndpointsRequest.builder().vpcEndpointIds(ids).build(),
        request -> clients.ec2().deleteVpcEndpoints(request));
  }

  public void deleteSubnet(Deadline deadline, String id)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DeleteSubnetRequest.builder().subnetId(id).build(),
        request -> clients.ec2().deleteSubnet(request));
  }

  public void deleteRouteTable(Deadline deadline, String id)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DeleteRouteTableRequest.builder().routeTableId(id).build(),
        request -> clients.ec2().deleteRouteTable(request));
  }

  public void detachInternetGateway(Deadline deadline, String id, String vpcId)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DetachInternetGatewayRequest.builder().internetGatewayId(id).vpcId(vpcId).build(),
        request -> clients.ec2().detachInternetGateway(request));
  }

  public void deleteInternetGateway(Deadline deadline, String id)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DeleteInternetGatewayRequest.builder().internetGatewayId(id).build(),
        request -> clients.ec2().deleteInternetGateway(request));
  }

  public void deleteVpc(Deadline deadline, String id)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DeleteVpcRequest.builder().vpcId(id).build(),
        request -> clients.ec2().deleteVpc(request));
  }
}

package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ec2.model.AuthorizeSecurityGroupIngressRequest;
import software.amazon.awssdk.services.ec2.model.CreateSecurityGroupRequest;
import software.amazon.awssdk.services.ec2.model.DeleteSecurityGroupRequest;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsRequest;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.IpPermission;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RevokeSecurityGroupIngressRequest;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

/** EC2's calls for security groups. */
public final class FirewallApi {
  private final AwsClients clients;
  private final Calls calls;

  public FirewallApi(AwsClients clients) {
    this.clients = clients;
    this.calls = clients.calls();
  }

  public List<SecurityGroup> groups(Deadline deadline, Filter... filters)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeSecurityGroupsRequest.builder().filters(filters).build(),
        request ->
            clients.ec2().describeSecurityGroupsPaginator(request).securityGroups().stream()
                .toList());
  }

  /** Names are unique in a network: a second creation is ALREADY_EXISTS. */
  public String create(
      Deadline deadline, String vpcId, String name, String use, Map<String, String> tags)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        CreateSecurityGroupRequest.builder()
            .vpcId(vpcId)
            .groupName(name)
            .description(use)
            .tagSpecifications(Ec2Tags.on(ResourceType.SECURITY_GROUP, tags))
            .build(),
        request -> clients.ec2().createSecurityGroup(request).groupId());
  }

  public void allow(Deadline deadline, String groupId, Collection<IpPermission> rules)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        AuthorizeSecurityGroupIngressRequest.builder()
            .groupId(groupId)
            .ipPermissions(rules)
            .build(),
        request -> clients.ec2().authorizeSecurityGroupIngress(request));
  }

  public void forbid(Deadline deadline, String groupId, Collection<IpPermission> rules)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        RevokeSecurityGroupIngressRequest.builder().groupId(groupId).ipPermissions(rules).build(),
        request -> clients.ec2().revokeSecurityGroupIngress(request));
  }

  public void delete(Deadline deadline, String groupId)
      throws ProviderException, InterruptedException {
    calls.of(
        deadline,
        DeleteSecurityGroupRequest.builder().groupId(groupId).build(),
        request -> clients.ec2().deleteSecurityGroup(request));
  }
}

package dev.spike.aws.emulator;

import java.net.URI;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Makes what an account's owners give to spike: used by it, never changed, never deleted. */
public final class PlatformTeam {
  public static final String BUCKET = "spike-given-bucket";
  public static final String SUBNET_GROUP = "given-subnets";
  public static final String PROFILE = "spike-node";
  private static final String TRUST =
      """
      {"Version": "2012-10-17", "Statement": [{"Effect": "Allow",
       "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}""";

  /** The quotas of an account that was made ready for an event, as the emulator is told them. */
  public static final Map<String, Integer> QUOTAS =
      Map.of("L-1216C47A", 2_000, "L-723DCCB6", 20_000, "L-7C45F98A", 8_000);

  private PlatformTeam() {}

  /**
   * Makes a bucket, a certificate's secret and the nodes' instance profile.
   *
   * @return what stands under {@code provider.aws} then, without its braces
   */
  public static String gives(MotoServer server) {
    return gives(server.endpoint());
  }

  private static String gives(URI server) {
    try (S3Client buckets = Clients.at(server, S3Client.builder().forcePathStyle(true));
        SecretsManagerClient secrets = Clients.at(server, SecretsManagerClient.builder());
        IamClient rights = Clients.at(server, IamClient.builder())) {
      buckets.createBucket(request -> request.bucket(BUCKET));
      rights.createRole(role -> role.roleName(PROFILE).assumeRolePolicyDocument(TRUST));
      rights.createInstanceProfile(profile -> profile.instanceProfileName(PROFILE));
      rights.addRoleToInstanceProfile(both -> both.instanceProfileName(PROFILE).roleName(PROFILE));
      String arn =
          secrets
              .createSecret(
                  request -> request.name("given-certificate").secretString("a certificate in PEM"))
              .arn();
      return "account: \""
          + MotoServer.ACCOUNT
          + "\", region: "
          + MotoServer.REGION
          + ", bucket: "
          + BUCKET
          + ", instanceProfile: "
          + PROFILE
          + ", instanceTypes: [c7gn.4xlarge]"
          + ", secrets: {certificate: \""
          + arn
          + "\"}";
    }
  }

  /**
   * As {@link #gives}, with what moto as it comes does not have: a placement is not asked for, the
   * groups of the cache are given, and nothing is reserved.
   */
  public static String givesAllThatMotoLacks(MotoServer server) {
    return givesAllThatMotoLacks(server.endpoint());
  }

  /** As the other, at an endpoint. */
  public static String givesAllThatMotoLacks(URI server) {
    String given = gives(server);
    try (Ec2Client ec2 = Clients.at(server, Ec2Client.builder());
        ElastiCacheClient caches = Clients.at(server, ElastiCacheClient.builder())) {
      List<String> subnets =
          ec2.describeSubnets().subnets().stream().map(Subnet::subnetId).toList();
      caches.createCacheSubnetGroup(
          request ->
              request
                  .cacheSubnetGroupName(SUBNET_GROUP)
                  .cacheSubnetGroupDescription("given")
                  .subnetIds(subnets));
    }
    return given
        + ", placement: none, cache: {parameterGroup: default.valkey8.cluster.on, subnetGroup: "
        + SUBNET_GROUP
        + "}, reserve: {nodes: false, balancer: false}";
  }
}

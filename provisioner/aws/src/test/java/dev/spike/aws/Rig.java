package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Pace;
import dev.spike.aws.emulator.Clients;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.CloudResource;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.ResourceId;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.s3.S3Client;

/** The parts of one event against the emulator, in the account's default network. */
final class Rig implements AutoCloseable {
  static final String BUCKET = "spike-test-bucket";
  static final EventName EVENT = new EventName("cup-final");
  static final Tags TAGS = new Tags(EVENT, Instant.parse("2027-05-31T00:00:00Z"), "digest");

  final AwsClients clients;
  final AwsSettings settings;
  final EventBucket bucket;
  final SecretPart secrets;
  final CacheGroupsPart groups;
  final FirewallPart firewall;
  final CachePart cache;
  final List<Resource> desired;

  Rig(MotoServer server, Clock clock, Map<String, String> more) {
    Ec2Client ec2 = Clients.at(server, Ec2Client.builder());
    List<Subnet> subnets = ec2.describeSubnets().subnets().subList(0, 3);
    Map<String, String> values = new TreeMap<>();
    values.put("region", MotoServer.REGION);
    values.put("bucket", BUCKET);
    values.put("network.vpcId", subnets.getFirst().vpcId());
    values.put(
        "network.subnetIds", String.join(",", subnets.stream().map(Subnet::subnetId).toList()));
    values.put("tags.cost-center", "live");
    values.putAll(more);
    Clients.at(server, S3Client.builder()).createBucket(request -> request.bucket(BUCKET));
    clients =
        new AwsClients(
            MotoServer.REGION,
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create("AKIAEXAMPLE000000000", "secret")),
            Optional.of(server.endpoint()),
            Pace.real(clock));
    settings = new AwsSettings(new TreeMap<>(values));
    bucket = new EventBucket(settings, clients);
    secrets = new SecretPart(settings, clients, new SecureRandom());
    groups = new CacheGroupsPart(settings, clients);
    firewall = new FirewallPart(settings, clients);
    cache = new CachePart(settings, clients, groups, firewall, secrets);
    desired = desired();
  }

  Rig(MotoServer server) {
    this(server, Clock.systemUTC(), Map.of());
  }

  private static List<Resource> desired() {
    List<String> zones = List.of("a", "b", "c");
    return List.of(
        new Resource.Network(new ResourceId("network"), List.of(), zones),
        new CloudResource.FirewallRules(
            new ResourceId("firewall-rules"), List.of(), 8443, List.of("0.0.0.0/0")),
        new Resource.Certificate(CertificatePart.ID, List.of(), "live.example.com"),
        new CloudResource.Secret(SecretPart.id("cache-auth"), List.of(), "cache-auth"),
        new CloudResource.Secret(SecretPart.id("fleet"), List.of(), "fleet"),
        new Resource.Bundle(BundlePart.ID, List.of(), "0.1.0"),
        new CloudResource.CacheGroups(CacheGroupsPart.ID, List.of()),
        new Resource.Cache(CachePart.ID, List.of(), zones, 3, 1),
        new CloudResource.NodeConfiguration(
            NodeConfigurationPart.ID, List.of(), "live.example.com", 60_000, 20_000));
  }

  Resource resource(ResourceId id) {
    return desired.stream().filter(one -> one.id().equals(id)).findFirst().orElseThrow();
  }

  void converge(Part part, ResourceId id) throws Exception {
    part.converge(resource(id), desired, TAGS, soon());
  }

  /** What the part sees of a resource; fails when it sees none. */
  dev.spike.core.provider.Observed seen(Part part, ResourceId id) throws Exception {
    return Optional.ofNullable(part.observe(EVENT).get(id)).orElseThrow();
  }

  static Deadline soon() {
    return Deadline.in(Clock.systemUTC(), Duration.ofSeconds(60));
  }

  @Override
  public void close() {
    clients.close();
  }
}

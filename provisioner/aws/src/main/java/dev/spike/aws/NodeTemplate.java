package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Ec2Tags;
import dev.spike.aws.api.ImageApi;
import dev.spike.aws.api.MachineApi;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.provider.Tags;
import dev.spike.core.resource.CloudResource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.ec2.model.ConnectionTrackingSpecificationRequest;
import software.amazon.awssdk.services.ec2.model.Image;
import software.amazon.awssdk.services.ec2.model.InstanceTypeInfo;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateBlockDeviceMappingRequest;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateCapacityReservationSpecificationRequest;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateEbsBlockDeviceRequest;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateHttpTokensState;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateIamInstanceProfileSpecificationRequest;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateInstanceMetadataOptionsRequest;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateInstanceMetadataTagsState;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateInstanceNetworkInterfaceSpecificationRequest;
import software.amazon.awssdk.services.ec2.model.LaunchTemplatePlacementRequest;
import software.amazon.awssdk.services.ec2.model.LaunchTemplateTagSpecificationRequest;
import software.amazon.awssdk.services.ec2.model.RequestLaunchTemplateData;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/** What a machine is made from, written out for EC2. */
final class NodeTemplate {
  /** A little longer than the balancer's, so that the node is never the first to forget a flow. */
  static final int TRACKING_SECONDS = BalancerPart.IDLE_SECONDS + 10;

  private static final String IMAGES =
      "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-6.12-";
  private static final String SCRIPT = "/dev/spike/aws/node/user-data";
  private static final Set<ResourceType> TAGGED =
      Set.of(ResourceType.INSTANCE, ResourceType.VOLUME, ResourceType.NETWORK_INTERFACE);

  private final AwsSettings settings;
  private final FirewallPart firewall;
  private final Bundles bundles;
  private final MachineApi machines;
  private final ImageApi images;

  NodeTemplate(AwsSettings settings, AwsClients clients, FirewallPart firewall, Bundles bundles) {
    this.settings = settings;
    this.firewall = firewall;
    this.bundles = bundles;
    this.machines = new MachineApi(clients);
    this.images = new ImageApi(clients);
  }

  /**
   * The data of a template or of one of its versions.
   *
   * @param tags for machine, volume and interface
   * @param reservation the id of the one that launches take their room from
   */
  RequestLaunchTemplateData data(
      Tags tags,
      Desired plan,
      String imageId,
      SortedMap<String, String> onMachines,
      Optional<String> reservation,
      Deadline deadline)
      throws ProviderException, InterruptedException {
    CloudResource.LaunchTemplate template =
        plan.only(CloudResource.LaunchTemplate.class, "launch template");
    RequestLaunchTemplateData.Builder data =
        RequestLaunchTemplateData.builder()
            .imageId(imageId)
            .instanceType(template.profile())
            .userData(userData(tags, template.bundleVersion(), deadline))
            .metadataOptions(
                LaunchTemplateInstanceMetadataOptionsRequest.builder()
                    .httpTokens(LaunchTemplateHttpTokensState.REQUIRED)
                    .httpPutResponseHopLimit(1)
                    .instanceMetadataTags(LaunchTemplateInstanceMetadataTagsState.ENABLED)
                    .build())
            .networkInterfaces(
                LaunchTemplateInstanceNetworkInterfaceSpecificationRequest.builder()
                    .deviceIndex(0)
                    .deleteOnTermination(true)
                    .groups(firewall.groupId(tags.event(), FirewallPart.Role.NODES, deadline))
                    .connectionTrackingSpecification(
                        ConnectionTrackingSpecificationRequest.builder()
                            .tcpEstablishedTimeout(TRACKING_SECONDS)
                            .build())
                    .build())
            .tagSpecifications(
                TAGGED.stream()
                    .sorted()
                    .map(
                        type ->
                            LaunchTemplateTagSpecificationRequest.builder()
                                .resourceType(type)
                                .tags(Ec2Tags.list(onMachines))
                                .build())
                    .toList());
    settings.instanceProfile().ifPresent(profile -> data.iamInstanceProfile(role(profile)));
    if (plan.first(CloudResource.Placement.class).isPresent() && reservation.isEmpty()) {
      data.placement(
          LaunchTemplatePlacementRequest.builder()
              .groupName(PlacementPart.name(tags.event()))
              .build());
    }
    reservation.ifPresent(
        id ->
            data.capacityReservationSpecification(
                LaunchTemplateCapacityReservationSpecificationRequest.builder()
                    .capacityReservationTarget(target -> target.capacityReservationId(id))
                    .build()));
    if (settings.kmsKeyId().isPresent()) {
      data.blockDeviceMappings(encrypted(imageId, settings.kmsKeyId().get(), deadline));
    }
    return data.build();
  }

  private static LaunchTemplateIamInstanceProfileSpecificationRequest role(String profile) {
    LaunchTemplateIamInstanceProfileSpecificationRequest.Builder role =
        LaunchTemplateIamInstanceProfileSpecificationRequest.builder();
    return (profile.startsWith("arn:") ? role.arn(profile) : role.name(profile)).build();
  }

  private LaunchTemplateBlockDeviceMappingRequest encrypted(
      String imageId, String key, Deadline deadline)
      throws ProviderException, InterruptedException {
    List<Image> found = images.images(deadline, imageId);
    if (found.isEmpty()) {
      throw new ProviderException(
          Kind.NOT_FOUND,
          "image " + imageId + " is not there",
          "Correct provider.aws.imageId, or share the image with this account.");
    }
    return LaunchTemplateBlockDeviceMappingRequest.builder()
        .deviceName(found.getFirst().rootDeviceName())
        .ebs(
            LaunchTemplateEbsBlockDeviceRequest.builder()
                .encrypted(true)
                .kmsKeyId(key)
                .deleteOnTermination(true)
                .build())
        .build();
  }

  /** The image given, else the newest of the kernel that spike is made for, at this moment. */
  String image(List<String> types, Deadline deadline)
      throws ProviderException, InterruptedException {
    if (settings.imageId().isPresent()) {
      return settings.imageId().get();
    }
    Set<String> architectures = new TreeSet<>();
    for (InstanceTypeInfo type : machines.types(deadline, types)) {
      architectures.add(
          type.processorInfo().supportedArchitecturesAsStrings().contains("arm64")
              ? "arm64"
              : "x86_64");
    }
    if (architectures.size() != 1) {
      throw new ProviderException(
          Kind.INVALID,
          "the types " + types + " need images for " + architectures + ", and a fleet has one",
          "Name types of one architecture in provider.aws.instanceTypes.");
    }
    return images.parameter(deadline, IMAGES + architectures.iterator().next());
  }

  /** The types that will do, the planned one first. */
  List<String> types(Desired plan) throws ProviderException {
    String first = plan.only(CloudResource.LaunchTemplate.class, "launch template").profile();
    List<String> others =
        settings.instanceTypes().stream().filter(type -> !type.equals(first)).toList();
    return java.util.stream.Stream.concat(java.util.stream.Stream.of(first), others.stream())
        .toList();
  }

  private String userData(Tags tags, String version, Deadline deadline)
      throws ProviderException, InterruptedException {
    Bundles.Boot boot = bundles.boot(tags.event(), version, deadline);
    String script = script();
    for (Map.Entry<String, String> value :
        Map.of(
                "EVENT", tags.event().value(),
                "REGION", settings.region(),
                "BUCKET", boot.bucket(),
                "BUNDLE", boot.bundleKey(),
                "BUNDLE_SHA256", boot.bundleSha256(),
                "CONFIGURATION", boot.configurationKey(),
                "CERTIFICATE_SECRET", boot.certificateSecret(),
                "CACHE_SECRET", boot.cacheSecret(),
                "FLEET_SECRET", boot.fleetSecret())
            .entrySet()) {
      if (!value.getValue().matches("[A-Za-z0-9:/_.+=@,-]*")) {
        throw new ProviderException(
            Kind.INVALID,
            value.getKey() + " of the first-boot script is '" + value.getValue() + "'",
            "Use letters, digits and : / _ . + = @ , - in names of buckets and secrets.");
      }
      script = script.replace("@" + value.getKey() + "@", value.getValue());
    }
    return Base64.getEncoder().encodeToString(script.getBytes(StandardCharsets.UTF_8));
  }

  private static String script() {
    try (InputStream in = NodeTemplate.class.getResourceAsStream(SCRIPT)) {
      if (in == null) {
        throw new IllegalStateException(SCRIPT + " is missing from the build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

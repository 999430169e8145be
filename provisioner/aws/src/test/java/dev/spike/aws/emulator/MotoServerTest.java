package dev.spike.aws.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CapacityReservation;
import software.amazon.awssdk.services.ec2.model.CapacityReservationState;
import software.amazon.awssdk.services.ec2.model.CreateFleetRequest;
import software.amazon.awssdk.services.ec2.model.CreateFleetResponse;
import software.amazon.awssdk.services.ec2.model.DefaultTargetCapacityType;
import software.amazon.awssdk.services.ec2.model.FleetLaunchTemplateConfigRequest;
import software.amazon.awssdk.services.ec2.model.FleetLaunchTemplateOverridesRequest;
import software.amazon.awssdk.services.ec2.model.FleetType;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceType;
import software.amazon.awssdk.services.ec2.model.PlacementStrategy;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.ReplicationGroup;
import software.amazon.awssdk.services.elasticache.model.ReplicationGroupNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.LoadBalancerTypeEnum;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;
import software.amazon.awssdk.services.servicequotas.ServiceQuotasClient;
import software.amazon.awssdk.services.servicequotas.model.NoSuchResourceException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.CommandInvocation;
import software.amazon.awssdk.services.ssm.model.InvocationDoesNotExistException;

/** Each action that the extension adds, and each kind of fault, through the SDK itself. */
class MotoServerTest {
  private static final String EVENT = "emulated";
  private static final InstanceType TYPE = InstanceType.C7_GN_4_XLARGE;

  @RegisterExtension static final MotoServer AWS = MotoServer.extended();

  private final Ec2Client ec2 = Clients.at(AWS, Ec2Client.builder());
  private final ElasticLoadBalancingV2Client balancers =
      Clients.at(AWS, ElasticLoadBalancingV2Client.builder());
  private final ElastiCacheClient caches = Clients.at(AWS, ElastiCacheClient.builder());
  private final SsmClient ssm = Clients.at(AWS, SsmClient.builder());
  private final S3Client s3 = Clients.at(AWS, S3Client.builder());

  @Test
  void aPlacementGroupIsFoundByItsTagAndIsBlockedWhileItHoldsInstances() {
    ec2.createPlacementGroup(
        request ->
            request
                .groupName("group")
                .strategy(PlacementStrategy.PARTITION)
                .partitionCount(7)
                .tagSpecifications(tags(ResourceType.PLACEMENT_GROUP)));
    assertThat(
            ec2.describePlacementGroups(
                    request -> request.filters(f -> f.name("tag:spike:event").values(EVENT)))
                .placementGroups())
        .singleElement()
        .satisfies(group -> assertThat(group.partitionCount()).isEqualTo(7));
    template("group");
    CreateFleetResponse fleet = ec2.createFleet(fleet("token", 2));
    assertCode("InvalidPlacementGroup.InUse", this::deleteGroup);
    ec2.terminateInstances(
        request -> request.instanceIds(fleet.instances().getFirst().instanceIds()));
    deleteGroup();
    assertCode("InvalidPlacementGroup.Unknown", this::deleteGroup);
  }

  @Test
  void aCapacityReservationIsPendingForAsLongAsTheTestSaysAndThenActiveOrFailed() {
    AWS.set(Map.of("reservationDescribes", 1));
    String id = reserve("token").capacityReservationId();
    assertThat(reserve("token").capacityReservationId()).isEqualTo(id);
    assertThat(reservationState()).isEqualTo(CapacityReservationState.ACTIVE);
    ec2.cancelCapacityReservation(request -> request.capacityReservationId(id));
    assertThat(reservationState()).isEqualTo(CapacityReservationState.CANCELLED);
    AWS.reset();
    AWS.set(Map.of("reservationState", "failed"));
    reserve("token");
    assertThat(reservationState()).isEqualTo(CapacityReservationState.FAILED);
  }

  @Test
  void aBalancersCapacityIsRefusedBeyondTheQuotaAndPendingBeforeItIsProvisioned() {
    String arn = balancer();
    assertCode("CapacityUnitsLimitExceeded", () -> reserveUnits(arn, 100));
    AWS.set(Map.of("quotas", Map.of("L-723DCCB6", 400), "balancerCapacityDescribes", 1));
    reserveUnits(arn, 100);
    assertThat(zoneStates(arn)).containsOnly("pending");
    assertThat(zoneStates(arn)).hasSize(3).containsOnly("provisioned");
    balancers.modifyCapacityReservation(
        request -> request.loadBalancerArn(arn).resetCapacityReservation(true));
    assertThat(zoneStates(arn)).isEmpty();
  }

  @Test
  void aTokenGivesTheSameFleetAndIsRefusedForAnotherOrWhenItsInstancesAreGone() {
    template(null);
    CreateFleetResponse first = ec2.createFleet(fleet("token", 3));
    assertThat(ec2.createFleet(fleet("token", 3)).fleetId()).isEqualTo(first.fleetId());
    assertThat(running()).hasSize(3);
    assertCode("IdempotentParameterMismatch", () -> ec2.createFleet(fleet("token", 4)));
    ec2.deleteFleets(request -> request.fleetIds(first.fleetId()).terminateInstances(true));
    assertThat(running()).isEmpty();
    assertCode("IdempotentInstanceTerminated", () -> ec2.createFleet(fleet("token", 3)));
  }

  @Test
  void instancesThatAreRunWithATokenAreRunOnce() {
    template(null);
    for (int i = 0; i < 2; i++) {
      ec2.runInstances(
          request ->
              request
                  .launchTemplate(template -> template.launchTemplateName("nodes"))
                  .subnetId(subnets().getFirst().subnetId())
                  .minCount(2)
                  .maxCount(2)
                  .clientToken("token"));
    }
    assertThat(running()).hasSize(2);
  }

  @Test
  void aFleetFallsShortWhereAZoneHasNoRoomAndWhereOnlySomeAreLeft() {
    template(null);
    String full = subnets().getFirst().availabilityZone();
    AWS.fault(Map.of("effect", "capacity", "zone", full));
    AWS.fault(Map.of("effect", "partial", "count", 2, "times", 1));
    CreateFleetResponse response = ec2.createFleet(fleet("token", 5));
    assertThat(response.errors())
        .extracting(error -> error.errorCode())
        .contains("InsufficientInstanceCapacity");
    assertThat(running())
        .hasSize(2)
        .noneMatch(instance -> instance.placement().availabilityZone().equals(full));
  }

  @Test
  void aGroupIsBlockedByTheInterfacesThatABalancerLeaves() throws InterruptedException {
    AWS.set(Map.of("balancerInterfaceSeconds", 1.0));
    String group =
        ec2.createSecurityGroup(
                request ->
                    request
                        .groupName("group")
                        .description("group")
                        .vpcId(subnets().getFirst().vpcId()))
            .groupId();
    String arn = balancer(group);
    balancers.deleteLoadBalancer(request -> request.loadBalancerArn(arn));
    assertCode(
        "DependencyViolation", () -> ec2.deleteSecurityGroup(request -> request.groupId(group)));
    assertThat(
            ec2.describeNetworkInterfaces(
                    request -> request.filters(f -> f.name("group-id").values(group)))
                .networkInterfaces())
        .hasSize(3);
    Thread.sleep(1_100);
    ec2.deleteSecurityGroup(request -> request.groupId(group));
  }

  @Test
  void aCachesEndpointAppearsLateAndItsGroupsAreInUseUntilItIsGone() {
    AWS.set(Map.of("cacheDescribesUntilAvailable", 2, "cacheDescribesUntilGone", 1));
    cacheGroups();
    cache();
    assertThat(describeCache().configurationEndpoint()).isNull();
    assertThat(describeCache().status()).isEqualTo("available");
    assertThat(describeCache().configurationEndpoint().port()).isEqualTo(6379);
    assertCode("CacheSubnetGroupInUse", this::deleteSubnetGroup);
    assertCode("InvalidCacheParameterGroupState", this::deleteParameterGroup);
    caches.deleteReplicationGroup(request -> request.replicationGroupId("cache"));
    assertThat(describeCache().status()).isEqualTo("deleting");
    assertThatThrownBy(this::describeCache).isInstanceOf(ReplicationGroupNotFoundException.class);
    deleteSubnetGroup();
    deleteParameterGroup();
    assertCode("CacheParameterGroupNotFound", this::deleteParameterGroup);
  }

  @Test
  void aParameterGroupKeepsWhatItIsToldAndItsTags() {
    cacheGroups();
    caches.modifyCacheParameterGroup(
        request ->
            request
                .cacheParameterGroupName("parameters")
                .parameterNameValues(value -> value.parameterName("timeout").parameterValue("60")));
    assertThat(
            caches
                .describeCacheParameters(request -> request.cacheParameterGroupName("parameters"))
                .parameters())
        .extracting(parameter -> parameter.parameterName() + "=" + parameter.parameterValue())
        .containsExactly("timeout=60");
    String arn =
        caches.describeCacheParameterGroups(r -> {}).cacheParameterGroups().getFirst().arn();
    assertThat(caches.listTagsForResource(request -> request.resourceName(arn)).tagList())
        .extracting(tag -> tag.key() + "=" + tag.value())
        .containsExactly("spike:event=" + EVENT);
  }

  @Test
  void nodesAnswerAsTheTestSaysCutWhereTheApiCutsAndMissingWhereTheyNeverRegistered() {
    template(null);
    List<String> nodes = ec2.createFleet(fleet("token", 3)).instances().getFirst().instanceIds();
    AWS.set(
        Map.of(
            "missingNodes", List.of(nodes.get(0)),
            "invocationsLate", 1,
            "answers",
                List.of(
                    Map.of("instance", nodes.get(1), "output", "x".repeat(30_000)),
                    Map.of("contains", "status", "output", "{}", "exitCode", 3))));
    String command = command("spike-node status");
    assertThatThrownBy(() -> invocation(command, nodes.get(1)))
        .isInstanceOf(InvocationDoesNotExistException.class);
    List<CommandInvocation> answers =
        ssm.listCommandInvocations(request -> request.commandId(command).details(true))
            .commandInvocations();
    assertThat(answers)
        .extracting(CommandInvocation::instanceId)
        .containsExactlyInAnyOrder(nodes.get(1), nodes.get(2));
    assertThat(answers)
        .extracting(answer -> answer.commandPlugins().getFirst().output().length())
        .containsExactlyInAnyOrder(2_500, 2);
    assertThat(invocation(command, nodes.get(1))).hasSize(24_000);
    assertThatThrownBy(() -> invocation(command, nodes.get(0)))
        .isInstanceOf(InvocationDoesNotExistException.class);
  }

  @Test
  void quotasAreThoseOfANewAccountUntilTheTestRaisesThem() {
    ServiceQuotasClient quotas = Clients.at(AWS, ServiceQuotasClient.builder());
    assertThatThrownBy(
            () -> quotas.getServiceQuota(r -> r.serviceCode("ec2").quotaCode("L-1216C47A")))
        .isInstanceOf(NoSuchResourceException.class);
    assertThat(
            quotas
                .getAWSDefaultServiceQuota(r -> r.serviceCode("ec2").quotaCode("L-1216C47A"))
                .quota()
                .value())
        .isEqualTo(5);
    AWS.set(Map.of("quotas", Map.of("L-1216C47A", 4_000)));
    assertThat(
            quotas
                .getServiceQuota(r -> r.serviceCode("ec2").quotaCode("L-1216C47A"))
                .quota()
                .value())
        .isEqualTo(4_000);
  }

  @Test
  void aSecretsNameStaysBlockedUnlessItsDeletionIsForced() {
    SecretsManagerClient secrets = Clients.at(AWS, SecretsManagerClient.builder());
    secrets.createSecret(request -> request.name("one").secretString("value"));
    assertThat(AWS.secretValues()).containsExactly("value");
    secrets.deleteSecret(request -> request.secretId("one"));
    assertThatThrownBy(() -> secrets.createSecret(r -> r.name("one").secretString("value")))
        .isInstanceOf(SecretsManagerException.class)
        .hasMessageContaining("scheduled for deletion");
    secrets.deleteSecret(request -> request.secretId("one").forceDeleteWithoutRecovery(true));
    secrets.createSecret(request -> request.name("one").secretString("value"));
  }

  @Test
  void anObjectIsWrittenOnlyWhereNoneIsOrTheOneThatWasSeen() {
    s3.createBucket(request -> request.bucket("bucket"));
    String tag =
        s3.putObject(r -> r.bucket("bucket").key("lease").ifNoneMatch("*"), body("a")).eTag();
    assertThatThrownBy(
            () -> s3.putObject(r -> r.bucket("bucket").key("lease").ifNoneMatch("*"), body("b")))
        .isInstanceOf(S3Exception.class)
        .satisfies(refused -> assertThat(((S3Exception) refused).statusCode()).isEqualTo(412));
    s3.putObject(r -> r.bucket("bucket").key("lease").ifMatch(tag), body("c"));
    assertThatThrownBy(
            () -> s3.putObject(r -> r.bucket("bucket").key("lease").ifMatch(tag), body("d")))
        .isInstanceOf(S3Exception.class);
  }

  @Test
  void rulesThrottleExpireAndHideTheCallsTheyName() {
    int throttle =
        AWS.fault(
            Map.of("service", "ec2", "action", "DescribeVpcs", "effect", "throttle", "nth", 2));
    ec2.describeVpcs();
    assertCode("RequestLimitExceeded", ec2::describeVpcs);
    ec2.describeVpcs();
    assertThat(AWS.hits(throttle)).isEqualTo(1);
    int expired = AWS.fault(Map.of("effect", "expired", "from", 2));
    ec2.describeVpcs();
    assertCode("RequestExpired", ec2::describeVpcs);
    assertCode("ExpiredToken", balancers::describeLoadBalancers);
    AWS.heal(expired);
    AWS.fault(
        Map.of(
            "effect", "not-found",
            "action", "DescribePlacementGroups",
            "after", "CreatePlacementGroup",
            "seconds", 0.3,
            "code", "InvalidPlacementGroup.Unknown"));
    ec2.createPlacementGroup(r -> r.groupName("group").strategy("spread"));
    assertCode("InvalidPlacementGroup.Unknown", ec2::describePlacementGroups);
    assertThat(AWS.calls()).containsEntry("ec2:DescribeVpcs", 5);
  }

  @Test
  void whatNoListShowsIsShownOnceItWasAskedForUnderTheSameToken() {
    String id = reserve("token").capacityReservationId();
    AWS.fault(Map.of("effect", "unlisted", "action", "CreateCapacityReservation", "seconds", 0.0));
    assertThat(ec2.describeCapacityReservations().capacityReservations()).isEmpty();
    String other = reserve("other").capacityReservationId();
    assertThat(ec2.describeCapacityReservations().capacityReservations())
        .extracting(CapacityReservation::capacityReservationId)
        .containsExactly(other);
    assertThat(reserve("token").capacityReservationId()).isEqualTo(id);
    assertThat(ec2.describeCapacityReservations().capacityReservations())
        .extracting(CapacityReservation::capacityReservationId)
        .containsExactlyInAnyOrder(id, other);
  }

  @Test
  void aTokenGivesTheSameTemplateVersionRouteTableAndEndpoint() {
    template(null);
    String vpc = subnets().getFirst().vpcId();
    for (int i = 0; i < 2; i++) {
      ec2.createLaunchTemplateVersion(
          request ->
              request
                  .launchTemplateName("nodes")
                  .versionDescription("second")
                  .launchTemplateData(data -> data.instanceType(TYPE))
                  .clientToken("token"));
      ec2.createRouteTable(request -> request.vpcId(vpc).clientToken("token"));
      ec2.createVpcEndpoint(
          request ->
              request
                  .vpcId(vpc)
                  .serviceName("com.amazonaws.us-east-1.s3")
                  .vpcEndpointType("Gateway")
                  .clientToken("token"));
    }
    assertThat(AWS.left().get("launch-template-version")).hasSize(2);
    assertThat(AWS.left().get("route-table")).hasSize(1);
    assertThat(AWS.left().get("vpc-endpoint")).hasSize(1);
    assertCode(
        "IdempotentParameterMismatch",
        () -> ec2.createRouteTable(request -> request.vpcId("vpc-other").clientToken("token")));
  }

  @Test
  void aRemovalThatAnotherRunWasFasterWithHasItsEffectAndFindsNothing() {
    group("group");
    AWS.fault(
        Map.of(
            "effect",
            "gone-after",
            "action",
            "DeletePlacementGroup",
            "code",
            "InvalidPlacementGroup.Unknown"));
    assertCode("InvalidPlacementGroup.Unknown", this::deleteGroup);
    assertThat(AWS.left()).doesNotContainKey("placement-group");
  }

  @Test
  void aHeldCallWaitsAndADroppedOneHasItsEffectOrNot() {
    AWS.fault(Map.of("action", "CreatePlacementGroup", "effect", "hold-before", "nth", 1));
    AWS.fault(Map.of("action", "CreatePlacementGroup", "effect", "drop-after", "nth", 2));
    CompletableFuture<Void> first = CompletableFuture.runAsync(() -> group("first"));
    assertThat(AWS.held(Duration.ofSeconds(10))).containsExactly("ec2:CreatePlacementGroup");
    AWS.drop();
    assertThatThrownBy(first::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(SdkClientException.class);
    assertThatThrownBy(() -> group("second")).isInstanceOf(SdkClientException.class);
    assertThat(ec2.describePlacementGroups().placementGroups())
        .singleElement()
        .satisfies(group -> assertThat(group.groupName()).isEqualTo("second"));
  }

  @Test
  void theIndependentCountFindsWhatIsThereByTagAndAtAll() throws Exception {
    assertThat(IndependentCount.of(AWS)).isEmpty();
    ec2.createPlacementGroup(
        request ->
            request
                .groupName("group")
                .strategy(PlacementStrategy.SPREAD)
                .tagSpecifications(tags(ResourceType.PLACEMENT_GROUP)));
    cacheGroups();
    s3.createBucket(request -> request.bucket("bucket"));
    s3.putObject(r -> r.bucket("bucket").key("spike/" + EVENT + "/lease"), body("a"));
    assertThat(IndependentCount.of(AWS, EVENT))
        .containsOnlyKeys(
            "placement-group", "cache-parameter-group", "cache-subnet-group", "object");
    assertThat(IndependentCount.of(AWS, "another")).isEmpty();
  }

  @Test
  void motoAsItComesRunsAndIsCounted() throws Exception {
    try (MotoServer plain = MotoServer.plain().start()) {
      Ec2Client client = Clients.at(plain, Ec2Client.builder());
      client.createVpc(request -> request.cidrBlock("10.0.0.0/16"));
      assertThat(IndependentCount.ofPlain(plain).get("vpc")).hasSize(1);
      assertThatThrownBy(client::describePlacementGroups).isInstanceOf(RuntimeException.class);
    }
  }

  /** What moto would take and AWS would not: the service models say so. */
  @Test
  void whatAServicesModelDoesNotAllowIsRefused() {
    String arn = balancer();
    assertCode(
        "ValidationError",
        () ->
            balancers.addTags(
                request -> request.resourceArns(arn).tags(tag -> tag.key("zones").value("a,b"))));
    assertCode(
        "InvalidParameterValue",
        () ->
            ec2.createLaunchTemplate(
                request ->
                    request
                        .launchTemplateName("nodes")
                        .launchTemplateData(
                            data ->
                                data.metadataOptions(
                                        options -> options.instanceMetadataTags("enabled"))
                                    .tagSpecifications(
                                        on ->
                                            on.resourceType(ResourceType.INSTANCE)
                                                .tags(tag -> tag.key("cost/center").value("a"))))));
    assertCode(
        "InvalidParameterValue", () -> ec2.createPlacementGroup(request -> request.strategy("?")));
  }

  private static void assertCode(String code, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOf(AwsServiceException.class)
        .satisfies(
            failure ->
                assertThat(((AwsServiceException) failure).awsErrorDetails().errorCode())
                    .isEqualTo(code));
  }

  private static TagSpecification tags(ResourceType type) {
    return TagSpecification.builder()
        .resourceType(type)
        .tags(Tag.builder().key("spike:event").value(EVENT).build())
        .build();
  }

  private static RequestBody body(String text) {
    return RequestBody.fromString(text);
  }

  private List<Subnet> subnets() {
    return ec2.describeSubnets().subnets().subList(0, 3);
  }

  private void group(String name) {
    ec2.createPlacementGroup(request -> request.groupName(name).strategy("spread"));
  }

  private void deleteGroup() {
    ec2.deletePlacementGroup(request -> request.groupName("group"));
  }

  private void template(@org.jspecify.annotations.Nullable String group) {
    ec2.createLaunchTemplate(
        request ->
            request
                .launchTemplateName("nodes")
                .launchTemplateData(
                    data -> {
                      data.imageId("ami-12c6146b").instanceType(TYPE);
                      if (group != null) {
                        data.placement(placement -> placement.groupName(group));
                      }
                    }));
  }

  private CreateFleetRequest fleet(String token, int count) {
    List<FleetLaunchTemplateOverridesRequest> overrides =
        subnets().stream()
            .map(
                subnet ->
                    FleetLaunchTemplateOverridesRequest.builder()
                        .subnetId(subnet.subnetId())
                        .instanceType(TYPE)
                        .build())
            .toList();
    return CreateFleetRequest.builder()
        .type(FleetType.INSTANT)
        .clientToken(token)
        .launchTemplateConfigs(
            FleetLaunchTemplateConfigRequest.builder()
                .launchTemplateSpecification(
                    template -> template.launchTemplateName("nodes").version("$Latest"))
                .overrides(overrides)
                .build())
        .targetCapacitySpecification(
            target ->
                target
                    .totalTargetCapacity(count)
                    .defaultTargetCapacityType(DefaultTargetCapacityType.ON_DEMAND))
        .tagSpecifications(tags(ResourceType.INSTANCE))
        .build();
  }

  @Test
  void aReservationOfALaterDayIsAssessedScheduledDeliveredAndBoundAsAtAws() {
    Instant start = Instant.parse("2031-05-27T19:00:00Z");
    AWS.set(Map.of("now", "2031-05-23T00:00:00Z"));
    assertThatThrownBy(() -> reserveAhead(start)).hasMessageContaining("between 5 and 120 days");
    AWS.set(Map.of("now", "2031-05-06T00:00:00Z"));

    CapacityReservation made = reserveAhead(start);

    assertThat(made.state()).isEqualTo(CapacityReservationState.ASSESSING);
    assertThat(reservationState()).isEqualTo(CapacityReservationState.SCHEDULED);
    assertThatThrownBy(() -> cancel(made)).hasMessageContaining("cancellation quote");
    AWS.set(Map.of("now", "2031-05-27T19:00:00Z"));
    assertThat(reservationState()).isEqualTo(CapacityReservationState.ACTIVE);
    assertThatThrownBy(() -> cancel(made)).hasMessageContaining("cancellation quote");
    AWS.set(Map.of("now", "2031-06-10T19:00:00Z"));
    cancel(made);
    assertThat(reservationState()).isEqualTo(CapacityReservationState.CANCELLED);
  }

  private CapacityReservation reserveAhead(Instant start) {
    return ec2.createCapacityReservation(
            request ->
                request
                    .instanceType("c7gn.8xlarge")
                    .instancePlatform("Linux/UNIX")
                    .availabilityZone("us-east-1a")
                    .instanceCount(1)
                    .instanceMatchCriteria("targeted")
                    .deliveryPreference("incremental")
                    .startDate(start)
                    .commitmentDuration(Duration.ofDays(14).toSeconds()))
        .capacityReservation();
  }

  private void cancel(CapacityReservation reservation) {
    ec2.cancelCapacityReservation(
        request -> request.capacityReservationId(reservation.capacityReservationId()));
  }

  private List<Instance> running() {
    return ec2
        .describeInstances(
            request -> request.filters(f -> f.name("instance-state-name").values("running")))
        .reservations()
        .stream()
        .flatMap(reservation -> reservation.instances().stream())
        .toList();
  }

  private CapacityReservation reserve(String token) {
    return ec2.createCapacityReservation(
            request ->
                request
                    .clientToken(token)
                    .instanceType(TYPE.toString())
                    .instancePlatform("Linux/UNIX")
                    .availabilityZone("us-east-1a")
                    .instanceCount(3)
                    .tagSpecifications(tags(ResourceType.CAPACITY_RESERVATION)))
        .capacityReservation();
  }

  private CapacityReservationState reservationState() {
    return ec2.describeCapacityReservations().capacityReservations().getFirst().state();
  }

  private String balancer(String... groups) {
    return balancers
        .createLoadBalancer(
            request ->
                request
                    .name("balancer")
                    .type(LoadBalancerTypeEnum.NETWORK)
                    .securityGroups(groups)
                    .subnets(subnets().stream().map(Subnet::subnetId).toList()))
        .loadBalancers()
        .getFirst()
        .loadBalancerArn();
  }

  private void reserveUnits(String arn, int units) {
    balancers.modifyCapacityReservation(
        request ->
            request
                .loadBalancerArn(arn)
                .minimumLoadBalancerCapacity(capacity -> capacity.capacityUnits(units)));
  }

  private List<String> zoneStates(String arn) {
    return balancers
        .describeCapacityReservation(request -> request.loadBalancerArn(arn))
        .capacityReservationState()
        .stream()
        .map(zone -> zone.state().codeAsString())
        .toList();
  }

  private void cacheGroups() {
    caches.createCacheParameterGroup(
        request ->
            request
                .cacheParameterGroupName("parameters")
                .cacheParameterGroupFamily("valkey8")
                .description("parameters")
                .tags(tag -> tag.key("spike:event").value(EVENT)));
    caches.createCacheSubnetGroup(
        request ->
            request
                .cacheSubnetGroupName("subnets")
                .cacheSubnetGroupDescription("subnets")
                .subnetIds(subnets().stream().map(Subnet::subnetId).toList())
                .tags(tag -> tag.key("spike:event").value(EVENT)));
  }

  private void cache() {
    caches.createReplicationGroup(
        request ->
            request
                .replicationGroupId("cache")
                .replicationGroupDescription("cache")
                .engine("valkey")
                .clusterMode("enabled")
                .numNodeGroups(3)
                .replicasPerNodeGroup(1)
                .automaticFailoverEnabled(true)
                .multiAZEnabled(true)
                .cacheParameterGroupName("parameters")
                .cacheSubnetGroupName("subnets"));
  }

  private ReplicationGroup describeCache() {
    return caches
        .describeReplicationGroups(request -> request.replicationGroupId("cache"))
        .replicationGroups()
        .getFirst();
  }

  private void deleteSubnetGroup() {
    caches.deleteCacheSubnetGroup(request -> request.cacheSubnetGroupName("subnets"));
  }

  private void deleteParameterGroup() {
    caches.deleteCacheParameterGroup(request -> request.cacheParameterGroupName("parameters"));
  }

  private String command(String script) {
    return ssm.sendCommand(
            request ->
                request
                    .documentName("AWS-RunShellScript")
                    .targets(target -> target.key("tag:spike:event").values(EVENT))
                    .parameters(Map.of("commands", List.of(script))))
        .command()
        .commandId();
  }

  private String invocation(String command, String instance) {
    return ssm.getCommandInvocation(request -> request.commandId(command).instanceId(instance))
        .standardOutputContent();
  }
}

package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.aws.emulator.Clients;
import dev.spike.aws.emulator.CloudPlans;
import dev.spike.aws.emulator.InstalledBundle;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.aws.emulator.PlatformTeam;
import dev.spike.core.apply.Ending;
import dev.spike.core.apply.RunResult;
import dev.spike.core.plan.Diagnostic;
import dev.spike.core.plan.Plan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.Tag;

/**
 * Whole tiers while AWS throttles, has no room, loses answers, is late or refuses: each ends
 * converged, or with the ending and the next step that whoever is on duty needs.
 */
class FaultPlanTest {
  private static final String TYPE = "c7gn.4xlarge";
  private static final String OTHER_TYPE = "c7gn.8xlarge";

  /** Some creations have no token: for each that is lost, a step is tried again, thrice a run. */
  private static final int RUNS_MAX = 6;

  /**
   * The calls by which a teardown removes things, and how each says that there is no such thing.
   */
  private static final Map<String, String> GONE =
      Map.ofEntries(
          Map.entry("ec2:CancelCapacityReservation", "InvalidCapacityReservationId.NotFound"),
          Map.entry("ec2:DeleteInternetGateway", "InvalidInternetGatewayID.NotFound"),
          Map.entry("ec2:DeleteLaunchTemplate", "InvalidLaunchTemplateId.NotFound"),
          Map.entry("ec2:DeletePlacementGroup", "InvalidPlacementGroup.Unknown"),
          Map.entry("ec2:DeleteRouteTable", "InvalidRouteTableID.NotFound"),
          Map.entry("ec2:DeleteSecurityGroup", "InvalidGroup.NotFound"),
          Map.entry("ec2:DeleteSubnet", "InvalidSubnetID.NotFound"),
          Map.entry("ec2:DeleteVpc", "InvalidVpcID.NotFound"),
          Map.entry("ec2:DeleteVpcEndpoints", "InvalidVpcEndpointId.NotFound"),
          Map.entry("ec2:DetachInternetGateway", "Gateway.NotAttached"),
          Map.entry("ec2:DisassociateRouteTable", "InvalidAssociationID.NotFound"),
          Map.entry("ec2:RevokeSecurityGroupIngress", "InvalidPermission.NotFound"),
          Map.entry("ec2:TerminateInstances", "InvalidInstanceID.NotFound"),
          Map.entry("elasticache:DeleteCacheParameterGroup", "CacheParameterGroupNotFound"),
          Map.entry("elasticache:DeleteCacheSubnetGroup", "CacheSubnetGroupNotFoundFault"),
          Map.entry("elasticache:DeleteReplicationGroup", "ReplicationGroupNotFoundFault"),
          Map.entry("elasticloadbalancing:DeleteListener", "ListenerNotFound"),
          Map.entry("elasticloadbalancing:DeleteLoadBalancer", "LoadBalancerNotFound"),
          Map.entry("elasticloadbalancing:DeleteTargetGroup", "TargetGroupNotFound"),
          Map.entry("elasticloadbalancing:ModifyCapacityReservation", "LoadBalancerNotFound"),
          Map.entry("elasticloadbalancing:ModifyLoadBalancerAttributes", "LoadBalancerNotFound"),
          Map.entry("secretsmanager:DeleteSecret", "ResourceNotFoundException"));

  @RegisterExtension static final MotoServer AWS = MotoServer.extended();
  @RegisterExtension static final InstalledBundle BUNDLE = new InstalledBundle();

  @TempDir Path folder;

  // Throttling.

  @Test
  void everyCallIsThrottledOnceAndTheTierIsMadeAndRemovedAllTheSame() throws Exception {
    Plan plan = plan(500, "");
    SortedMap<String, List<String>> before = AWS.left();
    AWS.fault(Map.of("effect", "throttle", "each", true));

    assertDone(provision(plan));
    assertThat(AWS.left().get("instance")).hasSize(plan.capacity().nodes());
    assertDone(teardown(plan));
    assertThat(AWS.left()).isEqualTo(before);
  }

  @Test
  void anActionThatIsThrottledForLongEndsTheRunAndTheSameCommandContinuesIt() throws Exception {
    Plan plan = plan(500, "");
    int throttle = AWS.fault(Map.of("effect", "throttle", "action", "CreateFleet"));

    RunResult throttled = provision(plan);

    assertThat(throttled.ending()).isEqualTo(Ending.PARTLY);
    assertThat(errors(throttled))
        .anySatisfy(
            error -> {
              assertThat(error.summary()).contains("node-fleet/", "RequestLimitExceeded");
              assertThat(error.next()).contains("Run the same command again");
            });
    AWS.heal(throttle);
    assertConverges(plan);
  }

  // Room.

  @Test
  void aZoneWithoutRoomForATypeTakesTheNextType() throws Exception {
    Plan plan = plan(500, ", reserve: {nodes: false}");
    AWS.fault(Map.of("effect", "capacity", "zone", "us-east-1b", "type", TYPE));

    assertDone(provision(plan));
    assertThat(instances())
        .extracting(
            machine ->
                machine.placement().availabilityZone() + " " + machine.instanceTypeAsString())
        .containsExactlyInAnyOrder(
            "us-east-1a " + TYPE, "us-east-1b " + OTHER_TYPE, "us-east-1c " + TYPE);
  }

  @Test
  void withoutRoomAnywhereTheZoneAndTheTypesAreNamed() throws Exception {
    Plan plan = plan(500, ", reserve: {nodes: false}");
    int full = AWS.fault(Map.of("effect", "capacity"));

    RunResult refused = provision(plan);

    assertThat(refused.ending()).isEqualTo(Ending.PARTLY);
    assertThat(errors(refused))
        .anySatisfy(
            error -> {
              assertThat(error.summary())
                  .contains("node-fleet/b")
                  .contains(TYPE + " in us-east-1b", OTHER_TYPE + " in us-east-1b")
                  .contains("InsufficientInstanceCapacity");
              assertThat(error.detail()).isEqualTo("the provider has no room of this kind now");
              assertThat(error.next()).contains("provider.aws.instanceTypes");
            });
    AWS.heal(full);
    assertConverges(plan);
  }

  @Test
  void aFleetThatComesByHalvesIsCompletedFromTheNextPool() throws Exception {
    Plan plan = plan(900_000, ", reserve: {nodes: false}");
    AWS.fault(Map.of("effect", "partial", "count", 1, "times", 3));

    assertThat(plan.capacity().nodesPerZone()).isGreaterThan(1);
    assertDone(provision(plan));
    assertThat(names()).doesNotHaveDuplicates().hasSize(plan.capacity().nodes());
  }

  // Reservations.

  @Test
  void aReservationThatIsPendingForAWhileIsWaitedFor() throws Exception {
    Plan plan = plan(500, "");
    AWS.set(Map.of("reservationDescribes", 12));

    assertDone(provision(plan));
  }

  @Test
  void aReservationThatStaysPendingEndsAtTheDeadlineAndIsTakenUpAgain() throws Exception {
    Plan plan = plan(500, "");
    AWS.set(Map.of("reservationDescribes", 100_000));

    RunResult late = provision(plan, Duration.ofMinutes(2));

    assertThat(late.ending()).isEqualTo(Ending.DEADLINE);
    assertThat(errors(late))
        .anySatisfy(error -> assertThat(error.summary()).contains("reservation cr-", "is pending"));
    AWS.set(Map.of("reservationDescribes", 0));
    assertConverges(plan);
    assertThat(AWS.left().get("capacity-reservation")).hasSize(3);
  }

  @Test
  void aReservationThatFailsNamesItsZoneAndType() throws Exception {
    Plan plan = plan(500, "");
    AWS.fault(Map.of("effect", "capacity", "zone", "us-east-1b", "type", TYPE, "times", 1));

    RunResult refused = provision(plan);

    assertThat(refused.ending()).isEqualTo(Ending.PARTLY);
    assertThat(errors(refused))
        .anySatisfy(
            error -> {
              assertThat(error.summary())
                  .contains("capacity-reservation/b", TYPE + " in us-east-1b");
              assertThat(error.next()).contains("provider.aws.instanceTypes", "reserve.nodes");
            });
    assertConverges(plan);
  }

  // What is not there yet.

  @Test
  void whatIsNotSeenForAMinuteAfterItsCreationIsWaitedForAndNotMadeTwice() throws Exception {
    Plan plan = plan(500, "");
    Whole whole = Whole.of(plan);
    for (String[] late :
        new String[][] {
          {"ec2", "CreateVpc", "ModifyVpcAttribute", "InvalidVpcID.NotFound", "60"},
          {
            "ec2",
            "CreateInternetGateway",
            "AttachInternetGateway",
            "InvalidInternetGatewayID.NotFound",
            "10"
          },
          {"ec2", "CreateRouteTable", "CreateRoute", "InvalidRouteTableID.NotFound", "10"},
          {"ec2", "CreateSubnet", "AssociateRouteTable", "InvalidSubnetID.NotFound", "10"},
          {
            "ec2",
            "CreateSecurityGroup",
            "AuthorizeSecurityGroupIngress",
            "InvalidGroup.NotFound",
            "10"
          },
          {
            "ec2",
            "CreateLaunchTemplate",
            "CreateLaunchTemplateVersion",
            "InvalidLaunchTemplateId.NotFound",
            "60"
          },
          {
            "ec2",
            "CreateLaunchTemplateVersion",
            "CreateFleet",
            "InvalidLaunchTemplateId.VersionNotFound",
            "10"
          },
          {"ec2", "CreateFleet", "CreateTags", "InvalidInstanceID.NotFound", "60"},
          {
            "elasticloadbalancing",
            "CreateLoadBalancer",
            "CreateListener",
            "LoadBalancerNotFound",
            "60"
          },
          {
            "elasticloadbalancing",
            "CreateLoadBalancer",
            "ModifyLoadBalancerAttributes",
            "LoadBalancerNotFound",
            "10"
          },
          {
            "elasticloadbalancing",
            "CreateLoadBalancer",
            "ModifyCapacityReservation",
            "LoadBalancerNotFound",
            "10"
          },
          {
            "elasticloadbalancing",
            "CreateTargetGroup",
            "ModifyTargetGroupAttributes",
            "TargetGroupNotFound",
            "10"
          },
          {
            "elasticloadbalancing",
            "CreateTargetGroup",
            "RegisterTargets",
            "TargetGroupNotFound",
            "10"
          },
          {
            "elasticloadbalancing",
            "CreateListener",
            "ModifyListenerAttributes",
            "ListenerNotFound",
            "10"
          },
          {
            "elasticache",
            "CreateCacheParameterGroup",
            "ModifyCacheParameterGroup",
            "CacheParameterGroupNotFound",
            "10"
          },
          {
            "elasticache",
            "CreateCacheSubnetGroup",
            "CreateReplicationGroup",
            "CacheSubnetGroupNotFoundFault",
            "10"
          },
          {
            "elasticache",
            "CreateReplicationGroup",
            "DescribeReplicationGroups",
            "ReplicationGroupNotFoundFault",
            "60"
          },
          {"secretsmanager", "CreateSecret", "DescribeSecret", "ResourceNotFoundException", "10"},
        }) {
      AWS.fault(
          Map.of(
              "effect",
              "not-found",
              "service",
              late[0],
              "after",
              late[1],
              "action",
              late[2],
              "code",
              late[3],
              "seconds",
              Program.wall(Duration.ofSeconds(Integer.parseInt(late[4])))));
    }

    RunResult result = provision(plan);

    assertThat(result.ending()).as("%s", result.diagnostics()).isEqualTo(Ending.DONE);
    assertThat(Program.sizes(AWS.left())).isEqualTo(whole.sizes());
  }

  @Test
  void aCacheWhoseEndpointComesLateIsWaitedFor() throws Exception {
    Plan plan = plan(500, "");
    AWS.set(Map.of("cacheDescribesUntilAvailable", 12, "cacheDescribesUntilGone", 6));

    assertDone(provision(plan));
    assertDone(teardown(plan));
  }

  // Lost answers.

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void anAnswerThatIsLostAfterItsEffectMakesNothingTwice(int times) throws Exception {
    Plan plan = plan(500, "");
    SortedMap<String, List<String>> before = AWS.left();
    Whole whole = Whole.of(plan);
    loseAnswers(whole.calls(), times);

    RunResult last = provision(plan);
    for (int run = 1; run < RUNS_MAX && last.ending() != Ending.DONE; run++) {
      assertThat(last.ending())
          .as("%s", last.diagnostics())
          .isIn(Ending.PARTLY, Ending.UNAVAILABLE);
      assertThat(errors(last))
          .allSatisfy(error -> assertThat(error.next()).contains("Run the same command again"));
      last = provision(plan);
    }

    assertDone(last);
    assertThat(Program.sizes(AWS.left())).isEqualTo(whole.sizes());
    AWS.forgetCalls();
    assertDone(teardown(plan));
    assertThat(AWS.left()).isEqualTo(before);
  }

  @Test
  void anAnswerThatIsLostInATeardownKeepsNothing() throws Exception {
    Plan plan = plan(500, "");
    SortedMap<String, List<String>> before = AWS.left();
    provision(plan);
    AWS.forgetCalls();
    teardown(plan);
    List<String> changing = changing();
    provision(plan);
    loseAnswers(changing, 1);

    RunResult result = teardown(plan);

    assertThat(result.ending()).as("%s", result.diagnostics()).isEqualTo(Ending.DONE);
    assertThat(AWS.left()).isEqualTo(before);
  }

  // Who was faster.

  @Test
  void whatAnotherRunRemovedJustBeforeIsRemoved() throws Exception {
    Plan plan = plan(500, "");
    SortedMap<String, List<String>> before = AWS.left();
    provision(plan);
    AWS.forgetCalls();
    teardown(plan);
    Set<String> removing =
        changing().stream()
            .filter(call -> !call.startsWith("s3:")) // S3 says of a deletion only that it is done
            .filter(call -> call.matches(".*:(Cancel|De|Dis|Modify|Revoke|Terminate).*"))
            .collect(Collectors.toSet());
    assertThat(removing).isEqualTo(GONE.keySet());
    provision(plan);

    LeftWorldsOf.copies(
        AWS,
        GONE.keySet(),
        (copy, call) -> {
          int rule =
              copy.fault(
                  Map.of(
                      "effect",
                      "gone-after",
                      "service",
                      call.replaceFirst(":.*", ""),
                      "action",
                      call.replaceFirst(".*:", ""),
                      "code",
                      String.valueOf(GONE.get(call))));
          try (Program program = Program.startedNext(copy, plan)) {
            assertDone(program.teardown());
          }
          assertThat(copy.left()).isEqualTo(before);
          assertThat(copy.hits(rule)).isPositive();
        });
  }

  // Rights.

  @Test
  void credentialsThatExpireMidwayEndTheRunAndFreshOnesContinueIt() throws Exception {
    Plan plan = plan(500, "");
    SortedMap<String, List<String>> before = AWS.left();
    int expiry = AWS.fault(Map.of("effect", "expired", "from", 150));

    RunResult expired = provision(plan);

    assertThat(expired.ending()).isEqualTo(Ending.UNAUTHORIZED);
    assertThat(expired.applied()).isPositive();
    assertThat(errors(expired))
        .anySatisfy(error -> assertThat(error.next()).startsWith("Renew the credentials"));
    AWS.heal(expiry);
    assertConverges(plan);

    int again = AWS.fault(Map.of("effect", "expired", "from", 120));
    RunResult half = teardown(plan);
    assertThat(half.ending()).isEqualTo(Ending.UNAUTHORIZED);
    AWS.heal(again);
    assertDone(teardown(plan));
    assertThat(AWS.left()).isEqualTo(before);
  }

  // What is in the way.

  @Test
  void aStrangersInterfaceThatBlocksATeardownIsNamedAndOnceItIsGoneNothingIsLeft()
      throws Exception {
    Plan plan = plan(500, "");
    SortedMap<String, List<String>> before = AWS.left();
    provision(plan);
    String stranger;
    try (Ec2Client ec2 = Clients.at(AWS, Ec2Client.builder())) {
      String subnet =
          ec2.describeSubnets(
                  request ->
                      request.filters(
                          Filter.builder().name("tag-key").values("spike:event").build()))
              .subnets()
              .getFirst()
              .subnetId();
      String group = AWS.left().get("security-group").getFirst();
      stranger =
          ec2.createNetworkInterface(
                  request -> request.subnetId(subnet).groups(group).description("a stranger's"))
              .networkInterface()
              .networkInterfaceId();
    }

    RunResult blocked = teardown(plan, Duration.ofMinutes(2));

    assertThat(blocked.ending()).isIn(Ending.DEADLINE, Ending.PARTLY);
    assertThat(errors(blocked))
        .anySatisfy(
            error -> {
              assertThat(error.summary()).contains("interface " + stranger + " (a stranger's)");
              assertThat(error.next()).contains("Remove what uses it");
            });
    try (Ec2Client ec2 = Clients.at(AWS, Ec2Client.builder())) {
      ec2.deleteNetworkInterface(request -> request.networkInterfaceId(stranger));
    }
    assertDone(teardown(plan));
    assertThat(AWS.left()).isEqualTo(before);
  }

  @Test
  void aBalancersInterfacesThatStayForMinutesAreWaitedFor() throws Exception {
    Plan plan = plan(500, "");
    SortedMap<String, List<String>> before = AWS.left();
    AWS.set(Map.of("balancerInterfaceSeconds", Program.wall(Duration.ofMinutes(2))));
    provision(plan);

    assertDone(teardown(plan));
    assertThat(AWS.left()).isEqualTo(before);
  }

  @Test
  void aSecretsNameThatIsStillBlockedIsTakenBackWhenItIsTheEventsAndElseNamed() throws Exception {
    Plan plan = plan(500, "");
    provision(plan);
    String name =
        AWS.left().get("secret").stream()
            .filter(s -> s.contains("fleet"))
            .findFirst()
            .orElseThrow();
    teardown(plan);
    try (SecretsManagerClient secrets = Clients.at(AWS, SecretsManagerClient.builder())) {
      secrets.createSecret(request -> request.name(name).secretString("a stranger's"));
      secrets.deleteSecret(request -> request.secretId(name).recoveryWindowInDays(7L));

      RunResult refused = provision(plan);

      assertThat(refused.ending()).isEqualTo(Ending.FAILED);
      assertThat(errors(refused))
          .anySatisfy(
              error -> {
                assertThat(error.summary()).contains("secret " + name, "is not of event");
                assertThat(error.next()).contains("give the event another name");
              });

      secrets.restoreSecret(request -> request.secretId(name));
      secrets.tagResource(
          request ->
              request
                  .secretId(name)
                  .tags(
                      Tag.builder().key("spike:event").value(plan.event().name().value()).build(),
                      Tag.builder().key("spike:resource").value("secret/fleet").build()));
      secrets.deleteSecret(request -> request.secretId(name).recoveryWindowInDays(7L));
    }
    assertConverges(plan);
  }

  // The balancer's capacity.

  @Test
  void aBalancersCapacityThatIsPendingForAWhileIsWaitedFor() throws Exception {
    Plan plan = plan(500, "");
    AWS.set(Map.of("balancerCapacityDescribes", 12));

    assertDone(provision(plan));
  }

  @Test
  void aBalancersCapacityThatFailsIsNotAskedForAgainAndAgain() throws Exception {
    Plan plan = plan(500, "");
    AWS.set(Map.of("balancerCapacityState", "failed"));

    RunResult failed = provision(plan);

    assertThat(failed.ending()).isEqualTo(Ending.PARTLY);
    assertThat(AWS.calls().get("elasticloadbalancing:ModifyCapacityReservation")).isEqualTo(1);
    assertThat(errors(failed))
        .anySatisfy(
            error -> {
              assertThat(error.summary()).contains("balancer-capacity/1", "us-east-1", "failed");
              assertThat(error.next()).contains("reserve.balancer");
            });
    AWS.set(Map.of("balancerCapacityState", "provisioned"));
    assertConverges(plan);
  }

  private Plan plan(int tickets, String more) throws Exception {
    AWS.set(Map.of("quotas", PlatformTeam.QUOTAS));
    return CloudPlans.plan(
        folder,
        "faults",
        tickets,
        PlatformTeam.gives(AWS).replace("[" + TYPE + "]", "[" + TYPE + ", " + OTHER_TYPE + "]")
            + more);
  }

  private static RunResult provision(Plan plan) throws Exception {
    return provision(plan, Duration.ofMinutes(60));
  }

  /** Each run starts when the lease of one that could not give it back is over. */
  private static RunResult provision(Plan plan, Duration deadline) throws Exception {
    try (Program program = Program.startedNext(AWS, plan)) {
      return program.provision(deadline);
    }
  }

  private static RunResult teardown(Plan plan) throws Exception {
    return teardown(plan, Duration.ofMinutes(60));
  }

  private static RunResult teardown(Plan plan, Duration deadline) throws Exception {
    try (Program program = Program.startedNext(AWS, plan)) {
      return program.teardown(deadline);
    }
  }

  private static void assertDone(RunResult result) {
    assertThat(result.ending()).as("%s", result.diagnostics()).isEqualTo(Ending.DONE);
  }

  private static void assertConverges(Plan plan) throws Exception {
    RunResult result = provision(plan);
    assertThat(result.ending()).as("%s", result.diagnostics()).isEqualTo(Ending.DONE);
    assertThat(names()).doesNotHaveDuplicates().hasSize(plan.capacity().nodes());
  }

  /**
   * A tier as it is without a fault.
   *
   * @param calls that made it and may change something
   */
  private record Whole(SortedMap<String, Integer> sizes, List<String> calls) {
    /** Provisions and removes one. */
    static Whole of(Plan plan) throws Exception {
      AWS.forgetCalls();
      provision(plan);
      Whole whole = new Whole(Program.sizes(AWS.left()), changing());
      teardown(plan);
      return whole;
    }
  }

  private static List<Diagnostic> errors(RunResult result) {
    return result.diagnostics().stream()
        .filter(one -> one.severity() == Diagnostic.Severity.ERROR)
        .collect(Collectors.toList());
  }

  /** The actions called since the record began that may have changed something. */
  private static List<String> changing() {
    return AWS.calls().keySet().stream()
        .filter(call -> !call.matches(".*:(Describe|Get|List|Head).*"))
        .toList();
  }

  private static void loseAnswers(List<String> calls, int times) {
    for (String call : calls) {
      AWS.fault(
          Map.of(
              "effect",
              "drop-after",
              "service",
              call.replaceFirst(":.*", ""),
              "action",
              call.replaceFirst(".*:", ""),
              "times",
              times));
    }
  }

  private static List<String> names() {
    return instances().stream()
        .flatMap(machine -> machine.tags().stream())
        .filter(tag -> tag.key().equals(EventTags.NODE))
        .map(tag -> tag.value())
        .toList();
  }

  private static List<Instance> instances() {
    try (Ec2Client ec2 = Clients.at(AWS, Ec2Client.builder())) {
      return ec2
          .describeInstances(
              request ->
                  request.filters(
                      Filter.builder().name("instance-state-name").values("running").build()))
          .reservations()
          .stream()
          .flatMap(reservation -> reservation.instances().stream())
          .toList();
    }
  }
}

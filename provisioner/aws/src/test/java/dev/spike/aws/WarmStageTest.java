package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.aws.emulator.CloudPlans;
import dev.spike.aws.emulator.InstalledBundle;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.aws.emulator.PlatformTeam;
import dev.spike.core.apply.Ending;
import dev.spike.core.apply.RunResult;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.Observed;
import dev.spike.core.provider.Provider;
import dev.spike.core.resource.Kind;
import dev.spike.core.warm.CheckResult;
import dev.spike.core.warm.RouterSwitch;
import dev.spike.core.warm.WarmVerification;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The warm stage: routers installed and fed, servers warmed, all of it seen in the nodes alone. */
class WarmStageTest {
  @RegisterExtension static final MotoServer AWS = MotoServer.extended();
  @RegisterExtension static final InstalledBundle BUNDLE = new InstalledBundle();

  @TempDir Path folder;
  private String given = "";
  private Plan plan;
  private Provider provider;

  @BeforeEach
  void provision() throws Exception {
    AWS.set(Map.of("quotas", PlatformTeam.QUOTAS));
    given = PlatformTeam.gives(AWS);
    plan = CloudPlans.plan(folder, "warming", 500, given);
    provider = EmulatedAws.open(AWS, plan);
    RunResult provisioned = EmulatedAws.provision(provider, plan);
    if (provisioned.ending() != Ending.DONE) {
      throw new IllegalStateException(provisioned.diagnostics().toString());
    }
  }

  @AfterEach
  void close() {
    provider.close();
  }

  @Test
  void nodesAreWaitedForThenFedAndWarmedAndWarmingAgainChangesNothing() throws Exception {
    AWS.set(Map.of("commandsUntilRegistered", 2));
    assertThat(warmStage()).isEmpty();

    RunResult warmed = EmulatedAws.warm(provider, plan);

    assertThat(warmed.ending()).as("%s", warmed.diagnostics()).isEqualTo(Ending.DONE);
    assertThat(nodes())
        .hasSize(plan.capacity().nodes())
        .allSatisfy(
            node -> {
              assertThat(node.path("warm").asBoolean()).isTrue();
              assertThat(node.path("installed").asBoolean()).isTrue();
              assertThat(node.path("peers").asInt()).isEqualTo(plan.capacity().nodes() - 1);
            });
    assertThat(nodes()).extracting(node -> node.path("table").asText()).containsOnly(table());
    assertThat(warmStage()).hasSize(6).allSatisfy(seen -> assertThat(seen.faults()).isEmpty());
    AWS.forgetCalls();
    RunResult again = EmulatedAws.warm(provider, plan);
    assertThat(again.ending()).isEqualTo(Ending.DONE);
    assertThat(again.changes().isEmpty()).isTrue();
    assertThat(AWS.calls()).doesNotContainKey("s3:CopyObject");
    assertThat(EmulatedAws.provision(provider, plan).changes().isEmpty()).isTrue();
  }

  @Test
  void aNodeThatDiedIsReplacedUnderTheSamePlanAndMadeKnownToAllRouters() throws Exception {
    EmulatedAws.warm(provider, plan);
    String dead = machine("b-1");
    provider.killNode(plan.event().name(), "b-1");

    RunResult provisioned = EmulatedAws.provision(provider, plan);
    RunResult warmed = EmulatedAws.warm(provider, plan);

    assertThat(provisioned.ending()).as("%s", provisioned.diagnostics()).isEqualTo(Ending.DONE);
    assertThat(warmed.ending()).as("%s", warmed.diagnostics()).isEqualTo(Ending.DONE);
    assertThat(machine("b-1")).isNotEqualTo(dead);
    assertThat(nodes()).extracting(node -> node.path("table").asText()).containsOnly(table());
    assertThat(warmed.changes().updates() + warmed.changes().creates()).isEqualTo(2);
  }

  @Test
  void aPlanWithANodeMoreAZoneLaunchesThoseAndTouchesNoOther() throws Exception {
    EmulatedAws.warm(provider, plan);
    Map<String, String> before = machines();
    Plan larger = CloudPlans.plan(folder, "warming", 900_000, given);
    assertThat(larger.capacity().nodesPerZone()).isEqualTo(plan.capacity().nodesPerZone() + 1);
    AWS.forgetCalls();

    RunResult provisioned = EmulatedAws.provision(provider, larger);
    RunResult warmed = EmulatedAws.warm(provider, larger);

    assertThat(provisioned.ending()).as("%s", provisioned.diagnostics()).isEqualTo(Ending.DONE);
    assertThat(warmed.ending()).as("%s", warmed.diagnostics()).isEqualTo(Ending.DONE);
    assertThat(machines()).hasSize(6).containsAllEntriesOf(before);
    assertThat(AWS.calls())
        .doesNotContainKeys("ec2:TerminateInstances", "elasticloadbalancing:DeregisterTargets");
    assertThat(nodes()).extracting(node -> node.path("peers").asInt()).containsOnly(5);
    assertThat(nodes()).extracting(node -> node.path("table").asText()).containsOnly(table());
  }

  @Test
  void theSwitchTurnsEveryRouterOffAndOnAgain() throws Exception {
    EmulatedAws.warm(provider, plan);
    RouterSwitch routers = new RouterSwitch(provider);

    assertThat(routers.turn(plan.event().name(), RouterSwitch.Position.OFF, Rig.soon()))
        .extracting(RouterSwitch.NodeState::state)
        .containsOnly("off");
    assertThat(nodes()).allMatch(node -> node.path("off").asBoolean());
    assertThat(routers.turn(plan.event().name(), RouterSwitch.Position.ON, Rig.soon()))
        .extracting(RouterSwitch.NodeState::state)
        .containsOnly("on");
    assertThat(nodes()).noneMatch(node -> node.path("off").asBoolean());
  }

  @Test
  void aNodeWhoseNetworkCardTracksTooFewConnectionsIsNotTakenForReady() throws Exception {
    EmulatedAws.warm(provider, plan);
    int planned = plan.capacity().connectionsPerNode();

    AWS.set(Map.of("trackingAllowance", Map.of("available", planned, "exceeded", 0)));
    assertThat(nodesReady().status()).isEqualTo(CheckResult.Status.PASSED);
    AWS.set(Map.of("trackingAllowance", Map.of("available", planned - 1, "exceeded", 0)));
    assertThat(nodesReady().observed()).contains("room for " + (planned - 1) + " tracked");
    AWS.set(Map.of("trackingAllowance", Map.of("available", planned, "exceeded", 7)));
    assertThat(nodesReady().observed()).contains("refused 7 times");
    assertThat(nodesReady().status()).isEqualTo(CheckResult.Status.FAILED);
  }

  private CheckResult nodesReady() throws Exception {
    return new WarmVerification(provider, plan, Clock.systemUTC())
        .run(result -> {}, Rig.soon()).checks().stream()
            .filter(check -> check.id().equals("nodes-ready"))
            .findFirst()
            .orElseThrow();
  }

  private List<Observed> warmStage() throws Exception {
    return provider.observe(plan.event().name()).resources().values().stream()
        .filter(seen -> seen.kind() == Kind.ROUTER_INSTALLATION || seen.kind() == Kind.NODE_WARM_UP)
        .toList();
  }

  private static List<JsonNode> nodes() {
    return StreamSupport.stream(AWS.nodes().spliterator(), false).toList();
  }

  private static String table() {
    return nodes().getFirst().path("table").asText();
  }

  private static Map<String, String> machines() {
    Map<String, String> machines = new TreeMap<>();
    nodes()
        .forEach(node -> machines.put(node.path("name").asText(), node.path("instance").asText()));
    return machines;
  }

  private static String machine(String name) {
    return nodes().stream()
        .filter(node -> node.path("name").asText().equals(name))
        .map(node -> node.path("instance").asText())
        .findFirst()
        .orElseThrow();
  }
}

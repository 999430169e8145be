package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.aws.emulator.Clients;
import dev.spike.aws.emulator.CloudPlans;
import dev.spike.aws.emulator.InstalledBundle;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.aws.emulator.PlatformTeam;
import dev.spike.core.apply.Ending;
import dev.spike.core.apply.RunResult;
import dev.spike.core.plan.Plan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/** One machine swapped for another under the same name, and every death on the way. */
class MachineExchangeTest {
  private static final String NODE = "b-1";
  private static final int AT_ONCE = 3;

  @RegisterExtension static final MotoServer AWS = MotoServer.extended();
  @RegisterExtension static final InstalledBundle BUNDLE = new InstalledBundle();

  @TempDir Path folder;
  private Plan plan;
  private SortedMap<String, String> before;

  @BeforeEach
  void provision() throws Exception {
    AWS.set(Map.of("quotas", PlatformTeam.QUOTAS));
    plan = CloudPlans.plan(folder, "swapping", 500, PlatformTeam.gives(AWS));
    try (Program program = Program.started(AWS, plan)) {
      RunResult provisioned = program.provision();
      if (provisioned.ending() != Ending.DONE) {
        throw new IllegalStateException(provisioned.diagnostics().toString());
      }
    }
    before = machines(AWS);
  }

  @Test
  void inAWarmTierTheNewNodeIsWarmAndKnownToAllRoutersAndTheOldOneIsGone() throws Exception {
    try (Program program = Program.started(AWS, plan)) {
      program.warm();

      RunResult replaced = program.replace(NODE);

      assertThat(replaced.ending())
          .as("%s %s", replaced.diagnostics(), replaced.outcomes())
          .isEqualTo(Ending.DONE);
      assertSwapped(AWS, 1);
      assertThat(program.provision().changes().isEmpty()).isTrue();
      assertThat(program.warm().changes().isEmpty()).isTrue();
      assertThat(nodes()).allMatch(node -> node.path("warm").asBoolean());
      assertThat(nodes())
          .extracting(node -> node.path("table").asText())
          .hasSize(plan.capacity().nodes());
      assertThat(new TreeSet<>(nodes().stream().map(it -> it.path("table").asText()).toList()))
          .hasSize(1);
    }
  }

  /** As in {@link CrashMatrixTest}: the worlds after each changing call are all deaths' worlds. */
  @Test
  void afterADeathAtAnyCallTheSameCommandOrThePlainOneEndsWithOneMachineOfTheName()
      throws Exception {
    AWS.keepWorlds();
    try (Program program = Program.started(AWS, plan, Program.AFTER_ITS_LEASE)) {
      assertThat(program.replace(NODE).ending()).isEqualTo(Ending.DONE);
    }
    MotoServer.LeftWorlds left = AWS.keptWorlds();
    assertThat(left.worlds()).hasSizeGreaterThan(5);

    List<String> failures = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<?>> cases = new ArrayList<>();
      for (int world = 0; world < left.worlds().size(); world++) {
        int number = world;
        for (boolean same : List.of(true, false)) {
          cases.add(threads.submit(() -> continued(number, same)));
        }
      }
      for (int number = 0; number < cases.size(); number++) {
        try {
          cases.get(number).get();
        } catch (java.util.concurrent.ExecutionException failed) {
          failures.add(left.worlds().get(number / 2) + ": " + failed.getCause());
        }
      }
    }
    assertThat(failures).isEmpty();
  }

  private boolean continued(int world, boolean sameCommand) throws Exception {
    Duration later = Program.AFTER_ITS_LEASE.plus(Program.AFTER_ITS_LEASE);
    try (MotoServer copy = AWS.open(world);
        Program program = Program.started(copy, plan, later)) {
      RunResult result = sameCommand ? program.replace(NODE) : program.provision();
      assertThat(result.ending())
          .as("same command %s: %s %s", sameCommand, result.diagnostics(), result.outcomes())
          .isEqualTo(Ending.DONE);
      assertThat(program.provider().exchange().begun(plan.event().name())).isEmpty();
      if (sameCommand) {
        assertSwapped(copy, 1);
      }
      assertThat(machines(copy).keySet()).isEqualTo(before.keySet());
      assertThat(targets(copy)).isEqualTo(new TreeSet<>(machines(copy).values()));
      assertThat(program.provision().changes().isEmpty()).isTrue();
      return true;
    }
  }

  private void assertSwapped(MotoServer server, int expected) {
    SortedMap<String, String> now = machines(server);
    assertThat(now.keySet()).isEqualTo(before.keySet());
    assertThat(now.get(NODE)).isNotEqualTo(before.get(NODE));
    assertThat(now.entrySet().stream().filter(it -> !before.entrySet().contains(it)))
        .hasSize(expected);
  }

  /** The machines that are there, by name; fails where two have one name. */
  private static SortedMap<String, String> machines(MotoServer server) {
    SortedMap<String, String> machines = new TreeMap<>();
    Ec2Client ec2 = Clients.at(server, Ec2Client.builder());
    for (Instance instance :
        ec2.describeInstances().reservations().stream()
            .flatMap(it -> it.instances().stream())
            .toList()) {
      if (instance.state().name() == InstanceStateName.RUNNING) {
        String name =
            instance.tags().stream()
                .filter(tag -> tag.key().equals(EventTags.NODE))
                .map(Tag::value)
                .findFirst()
                .orElse("unnamed " + instance.instanceId());
        assertThat(machines.put(name, instance.instanceId())).as(name).isNull();
      }
    }
    return machines;
  }

  private static SortedSet<String> targets(MotoServer server) {
    ElasticLoadBalancingV2Client api = Clients.at(server, ElasticLoadBalancingV2Client.builder());
    SortedSet<String> targets = new TreeSet<>();
    for (var group : api.describeTargetGroups().targetGroups()) {
      api.describeTargetHealth(request -> request.targetGroupArn(group.targetGroupArn()))
          .targetHealthDescriptions()
          .forEach(target -> targets.add(target.target().id()));
    }
    return targets;
  }

  private static List<JsonNode> nodes() {
    return StreamSupport.stream(AWS.nodes().spliterator(), false).toList();
  }
}

package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.aws.emulator.CloudPlans;
import dev.spike.aws.emulator.IndependentCount;
import dev.spike.aws.emulator.InstalledBundle;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.aws.emulator.PlatformTeam;
import dev.spike.core.apply.Ending;
import dev.spike.core.apply.RunResult;
import dev.spike.core.plan.Plan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run dies at any of its calls, before the call's effect or after it and before the answer. A
 * death before a call leaves the world of the last call that changed something, as a death at a
 * call that only reads does: so the worlds after each changing call are all that any death can
 * leave, and each is continued. {@link KilledRunTest} kills real processes for comparison.
 */
class CrashMatrixTest {
  @RegisterExtension static final MotoServer AWS = MotoServer.extended();
  @RegisterExtension static final InstalledBundle BUNDLE = new InstalledBundle();

  /** The calls of a provision that take a client token, and one of a name that is taken once. */
  private static final Set<String> TOKENED =
      Set.of(
          "ec2:CreateRouteTable",
          "ec2:CreateVpcEndpoint",
          "ec2:CreateCapacityReservation",
          "ec2:CreateLaunchTemplate",
          "ec2:CreateLaunchTemplateVersion",
          "ec2:CreateFleet");

  /** Those that take none, of things that have no such name either. */
  private static final Set<String> TOKENLESS =
      Set.of("ec2:CreateVpc", "ec2:CreateSubnet", "ec2:CreateInternetGateway");

  @TempDir Path folder;
  private Plan plan;
  private SortedMap<String, List<String>> before;

  @BeforeEach
  void give() throws Exception {
    AWS.set(Map.of("quotas", PlatformTeam.QUOTAS));
    plan = CloudPlans.plan(folder, "crashing", 500, PlatformTeam.gives(AWS));
    before = AWS.left();
  }

  @Test
  void afterADeathAtAnyCallOfAProvisionTheNextOneConvergesAndTheTeardownLeavesNothing()
      throws Exception {
    AWS.keepWorlds();
    done(Life.PROVISION, AWS);
    MotoServer.LeftWorlds left = AWS.keptWorlds();
    SortedMap<String, Integer> whole = Program.sizes(AWS.left());
    assertThat(Program.sizes(IndependentCount.of(AWS))).isEqualTo(whole);

    long from = System.nanoTime();
    LeftWorldsOf.each(
        AWS,
        left,
        (copy, world) -> {
          done(Life.PROVISION_AFTER, copy);
          assertThat(Program.sizes(copy.left())).isEqualTo(whole);
          done(Life.TEARDOWN, copy);
          assertThat(copy.left()).isEqualTo(before);
        });
    System.out.println("provision: " + matrix(left, from));
  }

  /**
   * Only that the next run asks with the same token keeps it from making these things again: no
   * list has them until it has asked.
   */
  @Test
  void afterADeathWhoseEffectNoListShowsYetTheNextRunMakesNothingTwice() throws Exception {
    AWS.keepWorlds();
    done(Life.PROVISION, AWS);
    MotoServer.LeftWorlds left = AWS.keptWorlds();
    SortedMap<String, Integer> whole = Program.sizes(AWS.left());
    Set<String> tokened =
        left.worlds().stream()
            .map(MotoServer.LeftWorld::call)
            .filter(TOKENED::contains)
            .collect(Collectors.toSet());
    assertThat(tokened).isEqualTo(TOKENED);

    LeftWorldsOf.each(
        AWS,
        left,
        world -> TOKENED.contains(world.call()),
        (copy, world) -> {
          copy.fault(
              Map.of(
                  "effect",
                  "unlisted",
                  "action",
                  world.call().replaceFirst(".*:", ""),
                  "seconds",
                  Program.wall(Duration.ofSeconds(60))));
          done(Life.PROVISION_AFTER, copy);
          assertThat(Program.sizes(copy.left())).isEqualTo(whole);
        });
  }

  /** The first is seen while the second is built on. */
  @Test
  void ofTwoNetworksOrGatewaysThatALateListLeadsToOneIsUsedAndTheTeardownRemovesBoth()
      throws Exception {
    AWS.keepWorlds();
    done(Life.PROVISION, AWS);
    MotoServer.LeftWorlds left = AWS.keptWorlds();
    Set<String> twice = new ConcurrentSkipListSet<>();

    LeftWorldsOf.each(
        AWS,
        left,
        world -> TOKENLESS.contains(world.call()),
        (copy, world) -> {
          copy.fault(
              Map.of(
                  "effect",
                  "unlisted",
                  "action",
                  world.call().replaceFirst(".*:", ""),
                  "seconds",
                  Program.wall(Duration.ofSeconds(3))));
          done(Life.PROVISION_AFTER, copy);
          if (!Program.sizes(copy.left()).equals(Program.sizes(AWS.left()))) {
            twice.add(world.call());
          }
          done(Life.PROVISION_LATER, copy);
          done(Life.TEARDOWN_LATER, copy);
          assertThat(copy.left()).isEqualTo(before);
        });

    assertThat(twice).containsExactly("ec2:CreateInternetGateway", "ec2:CreateVpc");
  }

  @Test
  void afterADeathAtAnyCallOfAProvisionATeardownLeavesNothing() throws Exception {
    AWS.keepWorlds();
    done(Life.PROVISION, AWS);
    MotoServer.LeftWorlds left = AWS.keptWorlds();

    long from = System.nanoTime();
    LeftWorldsOf.each(
        AWS,
        left,
        (copy, world) -> {
          done(Life.TEARDOWN_AFTER, copy);
          assertThat(copy.left()).isEqualTo(before);
        });
    System.out.println("provision, then teardown: " + matrix(left, from));
  }

  @Test
  void afterADeathAtAnyCallOfATeardownTheNextOneLeavesNothing() throws Exception {
    done(Life.PROVISION, AWS);
    AWS.keepWorlds();
    done(Life.TEARDOWN, AWS);
    MotoServer.LeftWorlds left = AWS.keptWorlds();
    assertThat(AWS.left()).isEqualTo(before);
    assertThat(IndependentCount.of(AWS)).isEqualTo(before);

    long from = System.nanoTime();
    LeftWorldsOf.each(
        AWS,
        left,
        (copy, world) -> {
          done(Life.TEARDOWN_AFTER, copy);
          assertThat(copy.left()).isEqualTo(before);
        });
    System.out.println("teardown: " + matrix(left, from));
  }

  /** What a program is started for. */
  private enum Life {
    PROVISION,
    PROVISION_AFTER,
    PROVISION_LATER,
    TEARDOWN,
    TEARDOWN_AFTER,
    TEARDOWN_LATER
  }

  private void done(Life life, MotoServer server) throws Exception {
    try (Program program =
        switch (life) {
          case PROVISION, TEARDOWN -> Program.started(server, plan, Program.AFTER_ITS_LEASE);
          case PROVISION_AFTER, TEARDOWN_AFTER ->
              Program.started(server, plan, Program.AFTER_ITS_LEASE.multipliedBy(2));
          case PROVISION_LATER, TEARDOWN_LATER ->
              Program.started(server, plan, Program.AFTER_ITS_LEASE.multipliedBy(3));
        }) {
      RunResult result =
          switch (life) {
            case PROVISION, PROVISION_AFTER, PROVISION_LATER -> program.provision();
            case TEARDOWN, TEARDOWN_AFTER, TEARDOWN_LATER -> program.teardown();
          };
      assertThat(result.ending())
          .as("%s: %s %s", life, result.diagnostics(), result.outcomes())
          .isEqualTo(Ending.DONE);
    }
  }

  private static String matrix(MotoServer.LeftWorlds left, long fromNanos) {
    return "%d calls, each with a death before and after its effect; %d worlds, continued in %.1f s"
        .formatted(
            left.calls(), left.worlds().size(), (System.nanoTime() - fromNanos) / 1_000_000_000.0);
  }
}

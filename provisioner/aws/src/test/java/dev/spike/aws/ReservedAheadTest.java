package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.aws.emulator.CloudPlans;
import dev.spike.aws.emulator.IndependentCount;
import dev.spike.aws.emulator.InstalledBundle;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.aws.emulator.PlatformTeam;
import dev.spike.core.apply.Ending;
import dev.spike.core.apply.ReservationOptions;
import dev.spike.core.apply.ReservationResult;
import dev.spike.core.apply.RunResult;
import dev.spike.core.plan.CapacityCommitment;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.FutureCapacity.Promise;
import dev.spike.core.provider.FutureCapacity.Standing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Room asked for weeks ahead, from the request to the end of its commitment. */
class ReservedAheadTest {
  private static final String EVENT = "ahead";
  private static final String TYPE = "c7gn.8xlarge";

  @RegisterExtension static final MotoServer AWS = MotoServer.extended();
  @RegisterExtension static final InstalledBundle BUNDLE = new InstalledBundle();

  @TempDir Path folder;
  private String given = "";
  private Plan plan;
  private CapacityCommitment commitment;
  private Instant weeksBefore;
  private Instant due;
  private Instant over;

  @BeforeEach
  void give() throws Exception {
    AWS.set(Map.of("quotas", PlatformTeam.QUOTAS));
    given = PlatformTeam.gives(AWS).replace("c7gn.4xlarge", TYPE);
    plan = CloudPlans.plan(folder, EVENT, 500, given);
    commitment = CapacityCommitment.of(plan);
    due = plan.schedule().provisionAt();
    weeksBefore = due.minus(Duration.ofDays(18));
    over = plan.schedule().teardownAfter();
    itIs(weeksBefore);
  }

  @Test
  void whatWasReservedAheadIsUsedWhenItsDayComesAndNamedByTheTeardownUntilItEnds()
      throws Exception {
    ReservationResult asked = reserve(weeksBefore);
    assertThat(asked.ending()).as("%s", asked.diagnostics()).isEqualTo(Ending.DONE);
    assertThat(asked.asked()).isEqualTo(3);
    assertThat(asked.promises()).hasSize(3).allMatch(Promise::holds);

    ReservationResult again = reserve(weeksBefore.plus(Duration.ofDays(1)));
    assertThat(again.ending()).isEqualTo(Ending.DONE);
    assertThat(again.asked()).isZero();
    assertThat(again.promises())
        .hasSize(3)
        .allSatisfy(
            promise -> {
              assertThat(promise.standing()).isEqualTo(Standing.SCHEDULED);
              assertThat(promise.startsAt()).isEqualTo(due);
              assertThat(promise.endsAt()).contains(commitment.endsAt());
            });

    itIs(due.plusSeconds(60));
    RunResult built = provision(plan, due.plusSeconds(60));
    assertThat(built.ending()).as("%s", built.diagnostics()).isEqualTo(Ending.DONE);
    assertThat(AWS.left().get("capacity-reservation")).hasSize(3);
    assertThat(provision(plan, due.plusSeconds(600)).changes().isEmpty()).isTrue();

    itIs(over);
    RunResult removed = teardown(over);
    assertThat(removed.ending()).isEqualTo(Ending.PARTLY);
    assertThat(removed.diagnostics())
        .hasSize(3)
        .allSatisfy(
            diagnostic ->
                assertThat(diagnostic.summary())
                    .contains("stays: it is committed and paid for until 2031-06-10T19:00:00Z"));
    assertThat(IndependentCount.of(AWS, EVENT)).containsOnlyKeys("capacity-reservation");

    Instant ended = commitment.endsAt().plusSeconds(60);
    itIs(ended);
    assertThat(teardown(ended).ending()).isEqualTo(Ending.DONE);
    assertThat(IndependentCount.of(AWS, EVENT)).isEmpty();
  }

  @Test
  void nothingIsAskedForWithoutAnAgreementToItsSumNorOutsideTheCalendar() throws Exception {
    ReservationResult silent = reserve(weeksBefore, OptionalDouble.empty(), false, false);
    assertThat(silent.ending()).isEqualTo(Ending.REFUSED);
    assertThat(silent.diagnostics().getLast().summary())
        .contains("pay up to " + "%.2f".formatted(commitment.total()));
    ReservationResult little =
        reserve(weeksBefore, OptionalDouble.of(commitment.total() - 1), false, false);
    assertThat(little.ending()).isEqualTo(Ending.REFUSED);
    ReservationResult dry = reserve(weeksBefore, OptionalDouble.empty(), true, false);
    assertThat(dry.ending()).isEqualTo(Ending.DONE);
    assertThat(dry.gaps()).hasSize(3);
    assertThat(dry.zoneNames().values()).containsExactly("us-east-1a", "us-east-1b", "us-east-1c");

    assertThat(reserve(due.minus(Duration.ofDays(121))).ending()).isEqualTo(Ending.NOT_DUE);
    ReservationResult late = reserve(due.minus(Duration.ofDays(4)));
    assertThat(late.ending()).isEqualTo(Ending.REFUSED);
    assertThat(late.diagnostics().getLast().next()).contains("spike provision from " + due);
    assertThat(reserve(plan.event().endsAt()).ending()).isEqualTo(Ending.INVALID_PLAN);

    plan = CloudPlans.plan(folder, EVENT, 500, given.replace(TYPE, "c7gn.4xlarge"));
    ReservationResult small = reserve(weeksBefore);
    assertThat(small.ending()).isEqualTo(Ending.REFUSED);
    assertThat(small.diagnostics().getLast().detail()).contains("16 vCPUs", "at least 32");
    plan = CloudPlans.plan(folder, EVENT, 500, given + ", reserve: {nodes: false}");
    assertThat(reserve(weeksBefore).ending()).isEqualTo(Ending.REFUSED);
    assertThat(AWS.calls()).doesNotContainKey("ec2:CreateCapacityReservation");
  }

  @Test
  void aLostAnswerMakesNoSecondAndARefusedZoneIsNamedAndAskedAgain() throws Exception {
    AWS.fault(Map.of("action", "CreateCapacityReservation", "effect", "drop-after", "nth", 1));
    int refused =
        AWS.fault(
            Map.of(
                "action",
                "CreateCapacityReservation",
                "contains",
                "us-east-1b",
                "effect",
                "error",
                "code",
                "InstanceLimitExceeded"));

    ReservationResult half = reserve(weeksBefore);

    assertThat(half.ending()).isEqualTo(Ending.UNAUTHORIZED);
    assertThat(half.diagnostics().getLast().summary())
        .contains("capacity-reservation/b: 1 of " + TYPE + " in us-east-1b", "InstanceLimit");
    assertThat(AWS.left().get("capacity-reservation")).hasSize(2);
    AWS.heal(refused);
    assertThat(reserve(weeksBefore).ending()).isEqualTo(Ending.DONE);
    assertThat(AWS.left().get("capacity-reservation")).hasSize(3);
  }

  @Test
  void aDeclinedZoneIsNamedWithItsTypeAndAskedForAnew() throws Exception {
    int full = AWS.fault(Map.of("effect", "capacity", "zone", "us-east-1b"));
    AWS.set(Map.of("futureDescribes", 100));
    assertThat(reserve(weeksBefore).ending()).isEqualTo(Ending.DONE);
    AWS.set(Map.of("futureDescribes", 0));
    reserve(weeksBefore, OptionalDouble.empty(), true, false); // looks, and the answers are there

    ReservationResult declined = reserve(weeksBefore.plus(Duration.ofDays(1)));

    assertThat(declined.ending()).isEqualTo(Ending.PARTLY);
    assertThat(declined.asked()).isEqualTo(1);
    assertThat(declined.diagnostics().getLast().summary())
        .contains("capacity-reservation/b", "1 of " + TYPE + " in us-east-1b were declined");
    AWS.heal(full);
    reserve(weeksBefore.plus(Duration.ofDays(2)));
    ReservationResult granted = reserve(weeksBefore.plus(Duration.ofDays(3)));
    assertThat(granted.ending()).as("%s", granted.diagnostics()).isEqualTo(Ending.DONE);
    assertThat(granted.promises().stream().filter(Promise::holds)).hasSize(3);
  }

  @Test
  void whatIsStillAssessedIsWaitedForToTheDeadlineOnlyAndProvisionReservesAtOnce()
      throws Exception {
    AWS.set(Map.of("futureState", "assessing"));
    ReservationResult open = reserve(weeksBefore, OptionalDouble.of(Double.MAX_VALUE), false, true);
    assertThat(open.ending()).isEqualTo(Ending.DEADLINE);

    itIs(due);
    RunResult built = provision(plan, due);
    assertThat(built.ending()).as("%s", built.diagnostics()).isEqualTo(Ending.DONE);
    assertThat(AWS.left().get("capacity-reservation")).hasSize(6);
    assertThat(teardown(over).ending()).isEqualTo(Ending.DONE);
    assertThat(IndependentCount.of(AWS, EVENT)).isEmpty();
  }

  @Test
  void roomThatIsNotDeliveredInTimeIsReservedAtOnceAndThePromiseIsLetGo() throws Exception {
    reserve(weeksBefore);
    AWS.set(Map.of("futureDelivery", "delayed"));
    Instant later = due.plusSeconds(60);
    itIs(later);

    RunResult built = provision(plan, later);

    assertThat(built.ending()).as("%s", built.diagnostics()).isEqualTo(Ending.DONE);
    assertThat(AWS.left().get("capacity-reservation")).hasSize(3);
    assertThat(teardown(over).ending()).isEqualTo(Ending.DONE);
    assertThat(IndependentCount.of(AWS, EVENT)).isEmpty();
  }

  @Test
  void aPlanThatGrewIsToppedUpAtOnceAndItsNodesTakeTheRoomOfBoth() throws Exception {
    Plan large = large();
    int more = large.capacity().nodesPerZone();
    assertThat(more).isGreaterThan(1);
    reserve(weeksBefore);
    itIs(due.plusSeconds(60));

    RunResult grown = provision(large, due.plusSeconds(60));

    assertThat(grown.ending()).as("%s", grown.diagnostics()).isEqualTo(Ending.DONE);
    assertThat(AWS.left().get("capacity-reservation")).hasSize(6);
    assertThat(AWS.left().get("instance")).hasSize(3 * more);
    assertThat(provision(large, due.plusSeconds(900)).changes().isEmpty()).isTrue();

    teardown(over);
    assertThat(IndependentCount.of(AWS, EVENT).get("capacity-reservation")).hasSize(3);
  }

  @Test
  void aPlanThatShrankIsMetThoughMoreIsCommitted() throws Exception {
    Plan small = plan;
    plan = large();
    assertThat(plan.capacity().nodesPerZone()).isGreaterThan(1);
    reserve(weeksBefore);
    itIs(due.plusSeconds(60));

    RunResult shrunk = provision(small, due.plusSeconds(60));

    assertThat(shrunk.ending()).as("%s", shrunk.diagnostics()).isEqualTo(Ending.DONE);
    assertThat(AWS.left().get("capacity-reservation")).hasSize(3);
    assertThat(provision(small, due.plusSeconds(900)).changes().isEmpty()).isTrue();
  }

  @Test
  void afterADeathAtAnyCallOfAReserveTheNextOneConvergesWithoutASecond() throws Exception {
    AWS.keepWorlds();
    reserve(weeksBefore);
    MotoServer.LeftWorlds left = AWS.keptWorlds();

    LeftWorldsOf.each(
        AWS,
        left,
        (copy, world) -> {
          try (Program program =
              Program.startedAt(copy, plan, weeksBefore.plus(Program.AFTER_ITS_LEASE))) {
            ReservationResult result = program.reserve();
            assertThat(result.ending()).as("%s", result.diagnostics()).isEqualTo(Ending.DONE);
          }
          assertThat(copy.left().get("capacity-reservation")).hasSize(3);
        });
    System.out.println(
        "reserve: %d calls, %d worlds".formatted(left.calls(), left.worlds().size()));
  }

  /** A plan with more nodes a zone. */
  private Plan large() throws Exception {
    Path file = CloudPlans.file(folder, EVENT, 900_000, given);
    Path sales = folder.resolve("tickets.csv");
    Files.writeString(
        sales, "2031-04-02T12:00:00Z,pass,900000\n".repeat(2), StandardOpenOption.APPEND);
    return CloudPlans.plan(file);
  }

  private static void itIs(Instant now) {
    AWS.set(Map.of("now", now.toString()));
  }

  private ReservationResult reserve(Instant at) throws Exception {
    return reserve(at, OptionalDouble.of(Double.MAX_VALUE), false, false);
  }

  private ReservationResult reserve(
      Instant at, OptionalDouble costMax, boolean dryRun, boolean await) throws Exception {
    try (Program program = Program.startedAt(AWS, plan, at)) {
      return program.reserve(
          new ReservationOptions(
              null, dryRun, costMax, await, Duration.ofMinutes(2), Duration.ofSeconds(1)));
    }
  }

  private static RunResult provision(Plan plan, Instant at) throws Exception {
    try (Program program = Program.startedAt(AWS, plan, at)) {
      return program.provision();
    }
  }

  private RunResult teardown(Instant at) throws Exception {
    try (Program program = Program.startedAt(AWS, plan, at)) {
      return program.teardown();
    }
  }
}

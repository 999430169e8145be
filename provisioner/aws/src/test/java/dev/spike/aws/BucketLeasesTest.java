package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.aws.emulator.Clients;
import dev.spike.aws.emulator.IndependentCount;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.core.provider.AtOnce;
import dev.spike.core.provider.Lease;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** One run at a time, without a human when a run was cancelled. */
class BucketLeasesTest {
  private static final Map<String, String> PIPELINE =
      Map.of(
          "GITHUB_SERVER_URL", "https://git.example",
          "GITHUB_REPOSITORY", "live/events",
          "GITHUB_RUN_ID", "42");

  @RegisterExtension static final MotoServer AWS = MotoServer.extended();

  /** A clock that the test moves. */
  private static final class Moved extends Clock {
    private Instant now = Instant.now();

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }

  private final Moved clock = new Moved();

  private BucketLeases leases(Rig rig, Map<String, String> environment) {
    return new BucketLeases(rig.settings, rig.clients, rig.bucket, environment);
  }

  @Test
  void oneRunHoldsItAndTheOthersLearnWhich() throws Exception {
    try (Rig rig = new Rig(AWS, clock, Map.of())) {
      BucketLeases first = leases(rig, PIPELINE);
      BucketLeases second = leases(rig, Map.of("CI_JOB_URL", "https://other.example/job/7"));
      try (Lease held = first.tryTake(Rig.EVENT).orElseThrow()) {
        assertThat(held).isNotNull();
        assertThat(second.tryTake(Rig.EVENT)).isEmpty();
        assertThat(second.holder(Rig.EVENT).orElseThrow())
            .startsWith("https://git.example/live/events/actions/runs/42, until ");
      }
      assertThat(second.holder(Rig.EVENT)).isEmpty();
      second.tryTake(Rig.EVENT).orElseThrow().close();
      assertThat(IndependentCount.of(AWS)).doesNotContainKey("object");
    }
  }

  @Test
  void whatACancelledRunLeftIsTakenOverWhenItsTimeIsUpAndNotBefore() throws Exception {
    try (Rig rig = new Rig(AWS, clock, Map.of())) {
      BucketLeases cancelled = leases(rig, PIPELINE);
      Lease left = cancelled.tryTake(Rig.EVENT).orElseThrow();
      BucketLeases next = leases(rig, Map.of());
      clock.now = clock.now.plus(BucketLeases.TIME_TO_LIVE).plusSeconds(1);
      assertThat(next.tryTake(Rig.EVENT)).isEmpty();
      clock.now = clock.now.plus(BucketLeases.SKEW);
      try (Lease taken = next.tryTake(Rig.EVENT).orElseThrow()) {
        assertThat(taken).isNotNull();
        assertThat(leases(rig, Map.of()).tryTake(Rig.EVENT)).isEmpty();
      }
      left.close();
    }
  }

  @Test
  void aLeaseWhoseAnswerWasLostIsStillOurs() throws Exception {
    try (Rig rig = new Rig(AWS, clock, Map.of())) {
      AWS.fault(Map.of("service", "s3", "action", "PutObject", "effect", "drop-after", "nth", 1));
      Optional<Lease> lease = leases(rig, PIPELINE).tryTake(Rig.EVENT);
      assertThat(lease).isPresent();
      lease.get().close();
    }
  }

  @Test
  void aRunWhoseLeaseAnotherTookLearnsItAtItsNextRenewalAndLeavesTheOthersAlone() throws Exception {
    try (Rig rig = new Rig(AWS, clock, Map.of())) {
      CountDownLatch lost = new CountDownLatch(1);
      Instant until = clock.instant().plus(Duration.ofHours(1));
      try (Lease held = eager(rig).tryTake(Rig.EVENT).orElseThrow()) {
        held.onLoss(lost::countDown);
        Clients.at(AWS, S3Client.builder())
            .putObject(
                put -> put.bucket(Rig.BUCKET).key("spike/cup-final/lease.json"),
                RequestBody.fromString(
                    "{\"id\": \"other\", \"run\": \"another\", \"until\": \"" + until + "\"}"));

        assertThat(lost.await(20, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(leases(rig, PIPELINE).holder(Rig.EVENT)).get().asString().startsWith("another,");
    }
  }

  @Test
  void aRunThatCannotRenewItsLeaseGivesUpBeforeAnotherMayTakeIt() throws Exception {
    try (Rig rig = new Rig(AWS, clock, Map.of())) {
      CountDownLatch lost = new CountDownLatch(1);
      try (Lease held = eager(rig).tryTake(Rig.EVENT).orElseThrow()) {
        held.onLoss(lost::countDown);
        int away =
            AWS.fault(
                Map.of(
                    "service",
                    "s3",
                    "action",
                    "PutObject",
                    "effect",
                    "error",
                    "code",
                    "AccessDenied",
                    "status",
                    403));
        assertThat(lost.await(1, TimeUnit.SECONDS)).as("its time is not over").isFalse();
        clock.now = clock.now.plus(BucketLeases.TIME_TO_LIVE).minusMillis(1);

        assertThat(lost.await(20, TimeUnit.SECONDS)).isTrue();
        AWS.heal(away);
        assertThat(leases(rig, PIPELINE).tryTake(Rig.EVENT)).as("nobody has it yet").isEmpty();
      }
    }
  }

  private BucketLeases eager(Rig rig) {
    return new BucketLeases(rig.settings, rig.clients, rig.bucket, PIPELINE, Duration.ofMillis(50));
  }

  @Test
  void aRunOutsideAPipelineIsNamedByItsUserAndMachineWhateverTheEnvironmentHas() {
    assertThat(LeaseTerms.run(Map.of("USER", "ann", "HOSTNAME", "desk")))
        .startsWith("ann on desk, process ");
    assertThat(LeaseTerms.run(Map.of()))
        .startsWith(System.getProperty("user.name") + " on ")
        .doesNotContain("without a name");
  }

  @Test
  void ofTwoThatTakeOverAtOnceOneGetsIt() throws Exception {
    try (Rig rig = new Rig(AWS, clock, Map.of())) {
      Lease unused = leases(rig, PIPELINE).tryTake(Rig.EVENT).orElseThrow();
      clock.now = clock.now.plus(Duration.ofMinutes(10));
      var taken =
          AtOnce.each(
              java.util.List.of(1, 2, 3, 4),
              number -> leases(rig, Map.of()).tryTake(Rig.EVENT).isPresent());
      assertThat(taken).containsOnlyOnce(true);
    }
  }
}

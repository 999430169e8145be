package dev.spike.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.apply.Ending;
import dev.spike.core.apply.Outcome;
import dev.spike.core.apply.ProvisionOptions;
import dev.spike.core.apply.RunListener;
import dev.spike.core.apply.RunResult;
import dev.spike.core.apply.StepEvent;
import dev.spike.core.apply.Stop;
import dev.spike.core.apply.TeardownOptions;
import dev.spike.core.apply.TierRun;
import dev.spike.core.apply.WarmOptions;
import dev.spike.core.plan.Diagnostic;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.Lease;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.ResourceId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TierRunTest {
  private static final Clock CLOCK = Clock.systemUTC();
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration AT_ONCE = Duration.ofMillis(10);

  @TempDir Path folder;
  private final InMemoryWorld world = new InMemoryWorld();
  private final FaultPlan faults = new FaultPlan();
  private final InMemoryProvider provider = new InMemoryProvider(world, faults);
  private final Stop stop = new Stop();
  private Plan plan;
  private EventName event;

  @BeforeEach
  void plan() throws Exception {
    plan = Plans.local(folder, 3);
    event = plan.event().name();
  }

  @Test
  void provisionBuildsItsStageAndASecondRunChangesNothing() throws Exception {
    RunResult first = provision();
    int calls = world.calls().size();
    RunResult second = provision();

    assertThat(first.ending()).isEqualTo(Ending.DONE);
    assertThat(first.applied()).isEqualTo(calls);
    assertThat(second.ending()).isEqualTo(Ending.DONE);
    assertThat(second.changes().isEmpty()).isTrue();
    assertThat(world.calls()).hasSize(calls);
  }

  @Test
  void warmBuildsOnlyItsStage() throws Exception {
    provision();
    int calls = world.calls().size();

    assertThat(warm().ending()).isEqualTo(Ending.DONE);

    assertThat(world.calls().subList(calls, world.calls().size()))
        .isNotEmpty()
        .allMatch(call -> call.contains("router-installation") || call.contains("node-warm-up"));
  }

  @Test
  void warmTakesNoStepOnAFleetThatIsNotWholeAndAllOthers() throws Exception {
    provision();
    world.breakResource(event, new ResourceId("node-fleet/b"), "b-1 is gone");

    RunResult result = warm();

    assertThat(result.ending()).isEqualTo(Ending.PARTLY);
    assertThat(provider.observe(event).resources())
        .containsKeys(new ResourceId("node-warm-up/a"), new ResourceId("node-warm-up/c"))
        .doesNotContainKey(new ResourceId("node-warm-up/b"));
    assertThat(result.diagnostics().toString()).contains("node-fleet/b").contains("provision");
  }

  @Test
  void nothingHappensBeforeItIsDue() throws Exception {
    RunResult result =
        run()
            .provision(
                plan,
                new ProvisionOptions(
                    false,
                    plan.schedule().provisionAt().minusSeconds(1),
                    false,
                    false,
                    MINUTE,
                    AT_ONCE));

    assertThat(result.ending()).isEqualTo(Ending.NOT_DUE);
    assertThat(world.calls()).isEmpty();
  }

  @Test
  void anEventThatIsOverIsNotProvisioned() throws Exception {
    RunResult result =
        run()
            .provision(
                plan,
                new ProvisionOptions(true, plan.event().endsAt(), false, false, MINUTE, AT_ONCE));

    assertThat(result.ending()).isEqualTo(Ending.INVALID_PLAN);
    assertThat(world.calls()).isEmpty();
  }

  @Test
  void aStepThatFailsForGoodStopsOnlyWhatNeedsItAndTheNextRunContinues() throws Exception {
    faults.on("create cache", new Fault.Fails(ProviderException.Kind.INVALID));

    RunResult first = provision();

    assertThat(first.ending()).isEqualTo(Ending.FAILED);
    assertThat(provider.observe(event).resources())
        .containsKey(new ResourceId("balancer"))
        .doesNotContainKey(new ResourceId("node-fleet/a"));
    assertThat(provision().ending()).isEqualTo(Ending.DONE);
  }

  @Test
  void throttlingAndALostAnswerAreTriedAgainWithoutADuplicate() throws Exception {
    faults.on("create network", new Fault.Fails(ProviderException.Kind.THROTTLED));
    faults.on("create bundle", new Fault.AnswerLost());

    assertThat(provision().ending()).isEqualTo(Ending.DONE);
    assertThat(world.calls()).filteredOn("create bundle"::equals).hasSize(2);
  }

  @Test
  void whatStaysUnavailableIsPartlyDoneAndMissingRightsAreSaidAsSuch() throws Exception {
    for (int attempt = 0; attempt < 3; attempt++) {
      faults.on("create cache", new Fault.Fails(ProviderException.Kind.UNAVAILABLE));
    }
    assertThat(provision().ending()).isEqualTo(Ending.PARTLY);

    faults.on("create cache", new Fault.Fails(ProviderException.Kind.UNAUTHORIZED));
    assertThat(provision().ending()).isEqualTo(Ending.UNAUTHORIZED);
  }

  @Test
  void anotherRunsLeaseIsRespectedAndOursIsGivenBack() throws Exception {
    try (Lease other = provider.tryLease(event).orElseThrow()) {
      assertThat(provision().ending()).isEqualTo(Ending.LEASE_HELD);
      assertThat(world.calls()).isEmpty();
    }
    assertThat(provision().ending()).isEqualTo(Ending.DONE);
    assertThat(provider.tryLease(event)).isPresent();
  }

  @Test
  void aStopEndsTheRunInTenSecondsWithTheLeaseGivenBack() throws Exception {
    faults.on("create cache", new Fault.Takes(Duration.ofSeconds(40)));
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              while (!world.calls().contains("create cache")) {
                Thread.onSpinWait();
              }
              stop.request(15);
            });
    long from = System.nanoTime();

    RunResult result = provision();

    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(10));
    assertThat(result.ending()).isEqualTo(Ending.STOPPED);
    assertThat(result.outcomes()).anyMatch(Outcome.Unknown.class::isInstance);
    assertThat(result.outcomes()).anyMatch(Outcome.Skipped.class::isInstance);
    assertThat(provider.tryLease(event)).isPresent();
  }

  @Test
  void aDeadlineEndsTheRun() throws Exception {
    faults.on("create cache", new Fault.Takes(Duration.ofSeconds(40)));

    RunResult result =
        run()
            .provision(
                plan,
                new ProvisionOptions(true, null, false, false, Duration.ofSeconds(1), AT_ONCE));

    assertThat(result.ending()).isEqualTo(Ending.DEADLINE);
  }

  @Test
  void whatWouldTakeALiveNodeAwayNeedsToBeAllowed() throws Exception {
    Plan wide = Plans.local(folder, 3);
    provision();
    Plan narrow = Plans.local(folder, 2);

    RunResult refused = run().provision(narrow, options(false));
    assertThat(refused.ending()).isEqualTo(Ending.REFUSED);
    assertThat(refused.diagnostics().toString()).contains("node-fleet/c");
    assertThat(provider.observe(event).resources()).containsKey(new ResourceId("node-fleet/c"));

    assertThat(run().provision(narrow, options(true)).ending()).isEqualTo(Ending.DONE);
    assertThat(provider.observe(event).resources())
        .doesNotContainKey(new ResourceId("node-fleet/c"));
    assertThat(wide.event().name()).isEqualTo(narrow.event().name());
  }

  @Test
  void teardownRemovesEverythingStraysIncluded() throws Exception {
    provision();
    warm();
    world.stray(event, "process 4711");

    RunResult result = teardown(true, false);

    assertThat(result.ending()).isEqualTo(Ending.DONE);
    assertThat(provider.observe(event).isEmpty()).isTrue();
  }

  @Test
  void teardownRefusesWhileClientsAreConnectedUnlessForced() throws Exception {
    provision();
    world.connect("a-1", 12);

    RunResult refused = teardown(false, false);

    assertThat(refused.ending()).isEqualTo(Ending.REFUSED);
    assertThat(refused.diagnostics().toString()).contains("12 live connections");
    assertThat(provider.observe(event).isEmpty()).isFalse();
    assertThat(teardown(true, false).ending()).isEqualTo(Ending.DONE);
  }

  @Test
  void teardownIsNotDueBeforeItsTime() throws Exception {
    provision();

    RunResult result =
        run()
            .teardown(
                event,
                Instant.now().plusSeconds(3600),
                new TeardownOptions(false, false, null, MINUTE, AT_ONCE, 0));

    assertThat(result.ending()).isEqualTo(Ending.NOT_DUE);
    assertThat(provider.observe(event).isEmpty()).isFalse();
  }

  @Test
  void keepDataKeepsTheCacheAndWhatItStandsOn() throws Exception {
    provision();

    assertThat(teardown(true, true).ending()).isEqualTo(Ending.DONE);

    assertThat(provider.observe(event).resources())
        .containsOnlyKeys(new ResourceId("cache"), new ResourceId("network"));
    assertThat(teardown(true, false).ending()).isEqualTo(Ending.DONE);
    assertThat(provider.observe(event).isEmpty()).isTrue();
  }

  @Test
  void whereverAnAnswerIsLostForGoodTheNextRunConvergesAndTheTeardownLeavesNothing()
      throws Exception {
    provision();
    warm();
    List<String> calls = world.calls();
    teardown(true, false);
    assertThat(calls).hasSizeGreaterThan(10);
    for (String call : calls) {
      for (int attempt = 0; attempt < 3; attempt++) {
        faults.on(call, new Fault.AnswerLost());
      }
      provision();
      assertThat(provision().ending())
          .as("provision after a loss at %s", call)
          .isEqualTo(Ending.DONE);
      warm();
      assertThat(warm().ending()).as("warm after a loss at %s", call).isEqualTo(Ending.DONE);
      assertThat(teardown(true, false).ending())
          .as("teardown after %s", call)
          .isEqualTo(Ending.DONE);
      assertThat(provider.observe(event).isEmpty()).isTrue();
    }
  }

  private TierRun run() {
    return new TierRun(provider, CLOCK, new Silent(), stop, Duration.ofMillis(5));
  }

  private RunResult provision() throws Exception {
    return run().provision(plan, options(false));
  }

  private static ProvisionOptions options(boolean allowReplace) {
    return new ProvisionOptions(true, null, false, allowReplace, MINUTE, AT_ONCE);
  }

  private RunResult warm() throws Exception {
    return run().warm(plan, new WarmOptions(MINUTE, AT_ONCE));
  }

  private RunResult teardown(boolean force, boolean keepData) throws Exception {
    return run()
        .teardown(event, null, new TeardownOptions(force, keepData, null, MINUTE, AT_ONCE, 0));
  }

  private static final class Silent implements RunListener {
    @Override
    public void step(StepEvent event) {}

    @Override
    public void note(String sentence) {}

    @Override
    public void diagnostic(Diagnostic diagnostic) {}
  }
}

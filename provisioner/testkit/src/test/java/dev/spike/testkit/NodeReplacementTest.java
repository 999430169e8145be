package dev.spike.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.apply.Ending;
import dev.spike.core.apply.ProvisionOptions;
import dev.spike.core.apply.RunListener;
import dev.spike.core.apply.RunResult;
import dev.spike.core.apply.StepEvent;
import dev.spike.core.apply.Stop;
import dev.spike.core.apply.TierRun;
import dev.spike.core.apply.WarmOptions;
import dev.spike.core.plan.Diagnostic;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.NodeExchange.Phase;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.ResourceId;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NodeReplacementTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final ResourceId FLEET = new ResourceId("node-fleet/b");

  @TempDir Path folder;
  private final InMemoryWorld world = new InMemoryWorld();
  private final FaultPlan faults = new FaultPlan();
  private final InMemoryProvider provider = new InMemoryProvider(world, faults);
  private final Stop stop = new Stop();
  private Plan plan;
  private EventName event;

  @BeforeEach
  void provision() throws Exception {
    plan = Plans.local(folder, 3);
    event = plan.event().name();
    run().provision(plan, options(false));
  }

  @Test
  void theNewNodeIsReadyAndRegisteredBeforeTheOldOneIsDrainedAndEnded() throws Exception {
    int before = world.calls().size();

    RunResult result = replace("b-1");

    assertThat(result.ending()).as("%s", result.diagnostics()).isEqualTo(Ending.DONE);
    assertThat(world.calls().subList(before, world.calls().size()))
        .containsExactly("LAUNCH b-1", "READY b-1", "REGISTER b-1", "DRAIN b-1", "END b-1");
    assertThat(result.changes().replaces()).isEqualTo(1);
    assertThat(run().provision(plan, options(false)).changes().isEmpty()).isTrue();
  }

  @Test
  void inAWarmTierTheNewNodeIsMadeWarmBeforeItIsRegistered() throws Exception {
    run().warm(plan, new WarmOptions(MINUTE, MINUTE));
    ResourceId router = new ResourceId("router-installation/b");
    world.breakResource(event, router, "node b-1: the router is not installed");
    world.breakResource(event, new ResourceId("router-installation/a"), "of another zone");
    int before = world.calls().size();

    replace("b-1");

    assertThat(world.calls().subList(before, world.calls().size()))
        .startsWith("LAUNCH b-1", "READY b-1", "update " + router, "REGISTER b-1");
  }

  @Test
  void aNewNodeThatDoesNotBecomeWarmTakesNothingFromTheOldOne() throws Exception {
    run().warm(plan, new WarmOptions(MINUTE, MINUTE));
    ResourceId router = new ResourceId("router-installation/b");
    world.breakResource(event, router, "node b-1: the router is not installed");
    faults.on("update " + router, new Fault.Fails(ProviderException.Kind.INVALID));

    RunResult result = replace("b-1");

    assertThat(result.ending()).isEqualTo(Ending.FAILED);
    assertThat(world.calls()).doesNotContain("REGISTER b-1", "DRAIN b-1", "END b-1");
  }

  /**
   * A death before a phase's effect or after it, continued by the same command or the plain one.
   */
  static Stream<Arguments> deaths() {
    return Stream.of(Phase.values())
        .flatMap(
            phase ->
                Stream.of(true, false)
                    .flatMap(
                        after ->
                            Stream.of(true, false).map(same -> Arguments.of(phase, after, same))));
  }

  @ParameterizedTest
  @MethodSource("deaths")
  void afterADeathInAnyPhaseTheSameCommandOrThePlainOneEndsIt(
      Phase phase, boolean afterItsEffect, boolean sameCommand) throws Exception {
    for (int attempt = 1; attempt <= 3; attempt++) {
      faults.on(
          phase + " b-1",
          afterItsEffect || attempt > 1
              ? new Fault.AnswerLost()
              : new Fault.Fails(ProviderException.Kind.INVALID));
    }
    Ending dead = replace("b-1").ending();
    faults.forget();

    RunResult result = sameCommand ? replace("b-1") : run().provision(plan, options(false));

    assertThat(dead).isNotEqualTo(Ending.DONE);
    assertThat(result.ending()).as("%s", result.diagnostics()).isEqualTo(Ending.DONE);
    assertThat(provider.exchange().begun(event)).isEmpty();
    boolean begunBefore = phase != Phase.LAUNCH || afterItsEffect;
    assertThat(world.swaps(event, "b-1"))
        .isEqualTo(swaps(phase, afterItsEffect, sameCommand, begunBefore));
    assertThat(run().provision(plan, options(false)).changes().isEmpty()).isTrue();
  }

  /** A death after the last effect cannot be told from an end: the same command swaps once more. */
  private static int swaps(
      Phase phase, boolean afterItsEffect, boolean sameCommand, boolean begunBefore) {
    if (phase == Phase.END && afterItsEffect) {
      return sameCommand ? 2 : 1;
    }
    return begunBefore || sameCommand ? 1 : 0;
  }

  @Test
  void aStopBetweenTwoPhasesLeavesTheRestToTheNextRun() throws Exception {
    stop.request(2);

    RunResult stopped = replace("b-1");

    assertThat(stopped.ending()).isEqualTo(Ending.STOPPED);
    assertThat(world.swaps(event, "b-1")).isZero();
  }

  @Test
  void aNodeThatThePlanDoesNotHaveIsRefusedWithTheNamesOfThoseItHas() throws Exception {
    RunResult result = replace("z-9");

    assertThat(result.ending()).isEqualTo(Ending.REFUSED);
    assertThat(sentences(result)).anySatisfy(it -> assertThat(it).contains("z-9", "b-1"));
  }

  @Test
  void aNodeThatIsNotThereIsLeftToAPlainProvision() throws Exception {
    world.lose(event, FLEET);

    RunResult result = replace("b-1");

    assertThat(result.ending()).isEqualTo(Ending.REFUSED);
    assertThat(sentences(result)).anySatisfy(it -> assertThat(it).contains("without --replace"));
  }

  @Test
  void theOnlyNodeOfAZoneIsReplacedWithAWarning() throws Exception {
    RunResult result = replace("b-1");

    assertThat(result.ending()).isEqualTo(Ending.DONE);
    assertThat(sentences(result)).anySatisfy(it -> assertThat(it).contains("zone b"));
  }

  @Test
  void aDryRunChangesNothing() throws Exception {
    int before = world.calls().size();

    RunResult result =
        run().replace(plan, "b-1", new ProvisionOptions(true, null, true, false, MINUTE, MINUTE));

    assertThat(result.changes().replaces()).isEqualTo(1);
    assertThat(world.calls()).hasSize(before);
  }

  private RunResult replace(String node) throws Exception {
    return run().replace(plan, node, options(false));
  }

  private static List<String> sentences(RunResult result) {
    return result.diagnostics().stream().map(Diagnostic::toString).toList();
  }

  private TierRun run() {
    return new TierRun(provider, Clock.systemUTC(), new Silent(), stop, Duration.ofMillis(1));
  }

  private static ProvisionOptions options(boolean dryRun) {
    return new ProvisionOptions(true, null, dryRun, false, MINUTE, Duration.ofMillis(10));
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

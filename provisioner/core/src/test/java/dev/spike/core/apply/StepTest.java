package dev.spike.core.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ObservedState;
import dev.spike.core.resource.CloudResource;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.Stage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StepTest {
  @Test
  void nothingIsCreatedBeforeWhatItDependsOn() {
    List<Resource> desired = Tier.desired("a", "b", "c");
    ChangeSet changes =
        Diff.towards(
            desired, new ObservedState(Tier.EVENT, new TreeMap<>(), List.of()), Stage.PROVISION);

    List<Step> steps = Step.order(changes);

    Step listener = find(steps, "create listener");
    assertThat(listener.after())
        .containsExactlyInAnyOrder(
            "create node-fleet/a", "create node-fleet/b", "create node-fleet/c", "create balancer");
    assertThat(find(steps, "create cache").after()).containsExactly("create network");
    assertThat(find(steps, "create certificate").after()).isEmpty();
    assertEveryStepCanRun(steps);
  }

  @Test
  void aTargetGroupIsMadeWhileItsNodesAreLaunchedAndGoesBeforeThem() {
    List<Resource> desired = new ArrayList<>(Tier.desired("a"));
    Resource group =
        new CloudResource.TargetGroup(
            Tier.id("target-group/1"),
            List.of(Tier.id("network"), Tier.id("node-fleet/a")),
            8443,
            List.of("a-1"));
    desired.add(group);
    ObservedState nothing = new ObservedState(Tier.EVENT, new TreeMap<>(), List.of());

    List<Step> up = Step.order(Diff.towards(desired, nothing, Stage.PROVISION));
    List<Step> down = Step.order(Diff.towardsEmpty(Tier.observed(desired)));

    assertThat(find(up, "create target-group/1").after()).containsExactly("create network");
    assertThat(find(up, "create node-fleet/a").after()).doesNotContain("create target-group/1");
    assertThat(find(down, "delete node-fleet/a").after()).contains("delete target-group/1");
  }

  @Test
  void teardownGoesTheOtherWay() {
    List<Step> steps = Step.order(Diff.towardsEmpty(Tier.observed(Tier.desired("a", "b"))));

    assertThat(find(steps, "delete network").after())
        .contains("delete cache", "delete node-fleet/a", "delete balancer");
    assertThat(find(steps, "delete node-fleet/a").after())
        .contains("delete listener", "delete router-installation/a");
    assertThat(find(steps, "delete listener").after()).isEmpty();
    assertEveryStepCanRun(steps);
  }

  @Test
  void aReplacementDeletesFromTheTopAndCreatesFromTheBottom() {
    List<Resource> desired = Tier.desired("a");
    ObservedState state =
        Tier.with(
            Tier.observed(desired),
            new Observed(
                Tier.id("cache"),
                Kind.CACHE,
                Map.of("shards", "6", "replicasPerShard", "1"),
                List.of()));

    List<Step> steps = Step.order(Diff.towards(desired, state, Stage.PROVISION));

    assertThat(find(steps, "delete cache").after())
        .containsExactly("delete node-fleet/a", "delete router-installation/a");
    assertThat(find(steps, "create cache").after()).containsExactly("delete cache");
    assertThat(find(steps, "create node-fleet/a").after())
        .contains("create cache", "delete node-fleet/a");
    assertEveryStepCanRun(steps);
  }

  private static void assertEveryStepCanRun(List<Step> steps) {
    Set<String> done = new HashSet<>();
    Set<String> all = new HashSet<>();
    steps.forEach(step -> all.add(step.key()));
    for (int round = 0; round < steps.size(); round++) {
      for (Step step : steps) {
        if (done.containsAll(step.after().stream().filter(all::contains).toList())) {
          done.add(step.key());
        }
      }
    }
    assertThat(done).isEqualTo(all);
  }

  private static Step find(List<Step> steps, String key) {
    return steps.stream()
        .filter(step -> step.key().equals(key))
        .findFirst()
        .orElseThrow(() -> new AssertionError(key + " is not among " + steps));
  }
}

package dev.spike.core.apply;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.provider.Observed;
import dev.spike.core.provider.ObservedState;
import dev.spike.core.resource.Kind;
import dev.spike.core.resource.Resource;
import dev.spike.core.resource.Stage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DiffTest {
  private static final ObservedState NOTHING =
      new ObservedState(Tier.EVENT, new TreeMap<>(), List.of());

  @Test
  void everythingOfTheStageIsCreatedWhereNothingIs() {
    ChangeSet changes = Diff.towards(Tier.desired("a", "b"), NOTHING, Stage.PROVISION);

    assertThat(changes.creates()).isEqualTo(8);
    assertThat(changes.changes()).noneMatch(change -> change.kind() == Kind.ROUTER_INSTALLATION);
  }

  @Test
  void nothingHappensWhereEverythingIs() {
    List<Resource> desired = Tier.desired("a", "b");

    assertThat(Diff.towards(desired, Tier.observed(desired), Stage.PROVISION).isEmpty()).isTrue();
    assertThat(Diff.towards(desired, Tier.observed(desired), Stage.WARM).isEmpty()).isTrue();
  }

  @Test
  void aFaultIsAnUpdateOfThatResourceAlone() {
    List<Resource> desired = Tier.desired("a", "b");
    ObservedState state = Tier.observed(desired);
    Observed fleet = state.resources().get(Tier.id("node-fleet/b"));
    ObservedState broken =
        Tier.with(
            state,
            new Observed(fleet.id(), fleet.kind(), fleet.attributes(), List.of("b-1 is gone")));

    ChangeSet changes = Diff.towards(desired, broken, Stage.PROVISION);

    assertThat(changes.updates()).isEqualTo(1);
    assertThat(changes.creates() + changes.replaces() + changes.deletes()).isZero();
    assertThat(changes.disruptions()).isEmpty();
  }

  @Test
  void aZoneThatIsNoLongerWantedTakesItsRouterAlong() {
    ObservedState two = Tier.observed(Tier.desired("a", "b"));

    ChangeSet changes = Diff.towards(Tier.desired("a"), two, Stage.PROVISION);

    assertThat(changes.changes().stream().filter(Change.Delete.class::isInstance).map(Change::id))
        .containsExactly(Tier.id("node-fleet/b"), Tier.id("router-installation/b"));
    assertThat(changes.disruptions()).isNotEmpty();
  }

  @Test
  void aFleetThatLosesANodeIsADisruptionAndOneThatGainsOneIsNot() {
    List<Resource> desired = Tier.desired("a");
    ObservedState state = Tier.observed(desired);
    Observed fleet = state.resources().get(Tier.id("node-fleet/a"));

    ChangeSet shrinks =
        Diff.towards(desired, Tier.with(state, withNodes(fleet, "a-1,a-2,a-3")), Stage.PROVISION);
    ChangeSet grows =
        Diff.towards(desired, Tier.with(state, withNodes(fleet, "a-1")), Stage.PROVISION);

    assertThat(shrinks.disruptions()).containsExactly("node-fleet/a loses a-3");
    assertThat(grows.updates()).isEqualTo(1);
    assertThat(grows.disruptions()).isEmpty();
  }

  @Test
  void whatStandsOnAReplacedResourceIsReplacedWithIt() {
    List<Resource> desired = Tier.desired("a");
    ObservedState state = Tier.observed(desired);
    ObservedState other =
        Tier.with(
            state,
            new Observed(
                Tier.id("cache"),
                Kind.CACHE,
                Map.of("shards", "6", "replicasPerShard", "1"),
                List.of()));

    ChangeSet changes = Diff.towards(desired, other, Stage.PROVISION);

    assertThat(changes.changes().stream().filter(Change.Replace.class::isInstance).map(Change::id))
        .containsExactlyInAnyOrder(Tier.id("cache"), Tier.id("node-fleet/a"), Tier.id("listener"));
    assertThat(changes.changes().stream().filter(Change.Delete.class::isInstance).map(Change::id))
        .containsExactly(Tier.id("router-installation/a"));
  }

  private static Observed withNodes(Observed fleet, String nodes) {
    Map<String, String> attributes = new TreeMap<>(fleet.attributes());
    attributes.put("nodes", nodes);
    return new Observed(fleet.id(), fleet.kind(), attributes, List.of());
  }

  @Test
  void whatIsCommittedIsNeverToGo() {
    List<Resource> desired = Tier.desired("a", "b");
    ObservedState bound =
        Tier.with(
            Tier.observed(desired),
            new Observed(
                Tier.id("capacity-reservation/a"),
                Kind.CAPACITY_RESERVATION,
                Map.of(Observed.COMMITTED_UNTIL, "2027-06-10T19:00:00Z"),
                List.of()));

    assertThat(Diff.towards(desired, bound, Stage.PROVISION).isEmpty()).isTrue();
    assertThat(Diff.towardsEmpty(bound).changes())
        .hasSize(desired.size())
        .noneMatch(change -> change.kind() == Kind.CAPACITY_RESERVATION);
  }
}

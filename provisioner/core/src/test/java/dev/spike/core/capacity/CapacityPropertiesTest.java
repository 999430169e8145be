package dev.spike.core.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.capacity.simulation.ConnectSimulation;
import dev.spike.core.capacity.simulation.Crowd;
import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.Figure;
import dev.spike.core.catalog.FigureOrigin;
import dev.spike.core.catalog.NodeProfile;
import dev.spike.core.demand.LogisticRamp;
import dev.spike.core.spec.Survive;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** What holds for every load, node and number of zones. */
class CapacityPropertiesTest {
  private static final Catalog CATALOG = Catalog.shipped("aws");

  @Property
  void moreDemandNeverNeedsFewerNodes(
      @ForAll @DoubleRange(min = 1, max = 2e7) double connections,
      @ForAll @DoubleRange(min = 1, max = 3) double factor,
      @ForAll @DoubleRange(min = 1, max = 600) double tau,
      @ForAll @DoubleRange(min = 1, max = 120) double jitter,
      @ForAll @IntRange(min = 0, max = 23) int type,
      @ForAll @IntRange(min = 2, max = 6) int zones) {
    CapacityModel model = model(type, new Zones(zones, Survive.ZONE));
    Load load = load(connections, tau, jitter);

    assertThat(model.nodes(load.withConnections(connections * factor)))
        .isGreaterThanOrEqualTo(model.nodes(load));
    assertThat(model.nodes(load.withTau(tau / factor))).isGreaterThanOrEqualTo(model.nodes(load));
    assertThat(model.nodes(load.withJitter(jitter / factor)))
        .isGreaterThanOrEqualTo(model.nodes(load));
  }

  @Property
  void survivingAZoneNeverNeedsFewer(
      @ForAll @DoubleRange(min = 1, max = 2e7) double connections,
      @ForAll @DoubleRange(min = 1, max = 600) double tau,
      @ForAll @IntRange(min = 0, max = 23) int type,
      @ForAll @IntRange(min = 2, max = 6) int zones) {
    Load load = load(connections, tau, 30);

    assertThat(model(type, new Zones(zones, Survive.ZONE)).nodes(load))
        .isGreaterThanOrEqualTo(model(type, new Zones(zones, Survive.NONE)).nodes(load));
  }

  @Property
  void survivingMoreNeverNeedsFewer(
      @ForAll @DoubleRange(min = 1, max = 2e7) double connections,
      @ForAll @DoubleRange(min = 1, max = 3) double factor,
      @ForAll @DoubleRange(min = 1, max = 120) double jitter,
      @ForAll @IntRange(min = 0, max = 23) int type,
      @ForAll @IntRange(min = 1, max = 6) int zones) {
    Load load = load(connections, 41, jitter);
    CapacityModel node = model(type, new Zones(zones, Survive.NODE));

    assertThat(node.nodes(load))
        .isGreaterThanOrEqualTo(model(type, new Zones(zones, Survive.NONE)).nodes(load));
    assertThat(node.nodes(load.withConnections(connections * factor)))
        .isGreaterThanOrEqualTo(node.nodes(load));
    assertThat(node.nodes(load.withJitter(jitter / factor)))
        .isGreaterThanOrEqualTo(node.nodes(load));
  }

  /** Whatever node it is of: a tier is never planned that its own policies refuse. */
  @Property
  void aTierBearsTheStormItIsPlannedForWhileTheCrowdComes(
      @ForAll @DoubleRange(min = 1, max = 1e7) double connections,
      @ForAll @DoubleRange(min = 10, max = 600) double tau,
      @ForAll @DoubleRange(min = 5, max = 300) double jitter,
      @ForAll @DoubleRange(min = 50, max = 20_000) double handshakes,
      @ForAll @IntRange(min = 2, max = 6) int zones,
      @ForAll boolean ofZone) {
    NodeProfile node =
        CATALOG
            .profiles()
            .getFirst()
            .with(
                Map.of(
                    Figure.FULL_HANDSHAKES_PER_SECOND,
                    handshakes,
                    Figure.RESUMED_HANDSHAKES_PER_SECOND,
                    handshakes * 1.5),
                FigureOrigin.MEASURED);
    Zones survived = new Zones(zones, ofZone ? Survive.ZONE : Survive.NODE);
    Load load = load(connections, tau, jitter);

    int perZone = new CapacityModel(node, CATALOG.cacheNode(), survived, 1).nodes(load) / zones;

    assertThat(
            Storm.minimumJitterSeconds(
                connections * survived.lostShare(perZone * zones),
                survived.survivors(perZone) * new NodeSpeed(node).mixed(),
                load.ramp().peakPerSecond()))
        .isPositive()
        .isLessThanOrEqualTo(jitter * (1 + 1e-6));
  }

  @Property
  void moreOfAnythingNeverNeedsFewerShards(
      @ForAll @DoubleRange(min = 1, max = 1e7) double connections,
      @ForAll @DoubleRange(min = 1, max = 3) double factor,
      @ForAll @DoubleRange(min = 0, max = 2) double messagesPerSecond,
      @ForAll @IntRange(min = 1, max = 2000) int channels,
      @ForAll @IntRange(min = 3, max = 300) int nodes,
      @ForAll @DoubleRange(min = 5, max = 120) double acknowledgeSeconds) {
    Load load = talking(connections, messagesPerSecond, 400, channels, acknowledgeSeconds);
    int shards = shards(load, nodes, 1);

    assertThat(shards(load.withConnections(connections * factor), nodes, 1))
        .isGreaterThanOrEqualTo(shards);
    assertThat(shards(load, (int) (nodes * factor), 1)).isGreaterThanOrEqualTo(shards);
    assertThat(shards(load.withTau(41 / factor), nodes, 1)).isGreaterThanOrEqualTo(shards);
    assertThat(shards(load, nodes, 2)).isGreaterThanOrEqualTo(shards);
    for (Load more :
        new Load[] {
          talking(connections, messagesPerSecond * factor, 400, channels, acknowledgeSeconds),
          talking(
              connections, messagesPerSecond, (int) (400 * factor), channels, acknowledgeSeconds),
          talking(connections, messagesPerSecond, 400, channels, acknowledgeSeconds / factor)
        }) {
      assertThat(shards(more, nodes, 1)).isGreaterThanOrEqualTo(shards);
    }
  }

  /** Of 64 shards at most; one more stands for a cache that cannot be. */
  private static int shards(Load load, int nodes, int replicas) {
    try {
      return CacheModel.size(
              CacheWork.of(load, new Zones(3, Survive.ZONE), nodes, replicas), CATALOG.cacheNode())
          .shards();
    } catch (IllegalArgumentException beyond) {
      return CacheShare.PARTITIONS + 1;
    }
  }

  private static Load talking(
      double connections,
      double messagesPerSecond,
      int bytes,
      int channels,
      double acknowledgeSeconds) {
    return new Load(
        connections,
        41,
        new Load.Patience(30, 10, 1),
        new Load.Traffic(25, messagesPerSecond, bytes, channels, 1, acknowledgeSeconds));
  }

  @Property
  void capacityAtThePeakMeansNoBacklogAndLessMeansSome(
      @ForAll @DoubleRange(min = 1000, max = 2e7) double connections,
      @ForAll @DoubleRange(min = 1, max = 600) double tau,
      @ForAll @DoubleRange(min = 1, max = 10) double atLeast,
      @ForAll @DoubleRange(min = 0.05, max = 0.95) double below) {
    LogisticRamp ramp = new LogisticRamp(connections, tau);

    assertThat(Backlog.most(ramp, ramp.peakPerSecond() * atLeast)).isZero();
    assertThat(Backlog.most(ramp, ramp.peakPerSecond() * below)).isPositive();
  }

  @Property(tries = 30)
  void theSameSeedGivesTheSameCourse(
      @ForAll long seed, @ForAll @LongRange(min = 10, max = 2000) long clients) {
    Crowd crowd = new Crowd((double) clients, 10, 2, 1);

    assertThat(ConnectSimulation.run(crowd, clients / 60.0, seed, 2000))
        .isEqualTo(ConnectSimulation.run(crowd, clients / 60.0, seed, 2000));
  }

  private static Load load(double connections, double tau, double jitter) {
    return new Load(
        connections,
        tau,
        new Load.Patience(jitter, 10, 1),
        new Load.Traffic(25, 0.2, 512, 1, 1, 25));
  }

  private static CapacityModel model(int type, Zones zones) {
    NodeProfile node = CATALOG.profiles().get(type);
    return new CapacityModel(node, CATALOG.cacheNode(), zones, 1);
  }
}

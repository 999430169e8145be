package dev.spike.core.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.capacity.simulation.ConnectSimulation;
import dev.spike.core.capacity.simulation.Crowd;
import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.NodeProfile;
import dev.spike.core.demand.LogisticRamp;
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
    CapacityModel model = model(type, new Zones(zones, true));
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

    assertThat(model(type, new Zones(zones, true)).nodes(load))
        .isGreaterThanOrEqualTo(model(type, new Zones(zones, false)).nodes(load));
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
    return new Load(connections, tau, new Load.Patience(jitter, 10, 1), 25, 0.2, 512);
  }

  private static CapacityModel model(int type, Zones zones) {
    NodeProfile node = CATALOG.profiles().get(type);
    return new CapacityModel(node, CATALOG.cacheNode(), zones);
  }
}

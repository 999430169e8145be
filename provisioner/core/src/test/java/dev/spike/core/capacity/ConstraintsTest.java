package dev.spike.core.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.Figure;
import dev.spike.core.catalog.FigureOrigin;
import dev.spike.core.catalog.NodeProfile;
import dev.spike.core.spec.Survive;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Each constraint worked out by hand for a node of round figures. */
class ConstraintsTest {
  private static final NodeProfile NODE = node();
  private static final Zones THREE = new Zones(3, Survive.ZONE);

  /** A million in a ramp whose steepest second brings 25,000. */
  private static final Load MILLION =
      new Load(
          1_000_000, 10, new Load.Patience(50, 10, 1), new Load.Traffic(20, 0.5, 904, 1, 1, 20));

  @Test
  void connectionsAreDividedByEachLimitOfANode() {
    assertConstraint("memory", 1_000_000.0 * 25_000, 10e9, 3);
    assertConstraint("connection limit", 1_000_000, 200_000, 5);
    assertConstraint("connection tracking", 1_000_000, 120_000, 9);
    assertConstraint("descriptors", 1_000_000, 400_000, 3);
  }

  @Test
  void arrivalsAreStaffedWithTheSquareRootOfTheirPeakednessAtSeventyPercent() {
    // 25,000 + 2.33 sqrt(20 x 25,000)
    assertConstraint("arrival handshakes", 26_647.5588, 7000, 4);
  }

  @Test
  void aLostZoneComesBackWithinTheJitterAtTheSpeedOfThoseThatResumeAndThoseThatDoNot() {
    // 1 M / 3 / 50 s; 1 / (0.8 / 20,000 + 0.2 / 10,000) x 0.7
    assertConstraint("reconnect handshakes", 6666.6667, 11_666.6667, 1);
    // and beside the 25,000 who arrive in the steepest second, at the nodes' best
    assertConstraint("reconnects beside arrivals", 31_666.6667, 16_666.6667, 2);
  }

  @Test
  void ofNodesOneIsLostAndItsShareComesBackToTheOthers() {
    // 1 M / 1 s of 11,666.67 are 85.7 nodes for all; 8.771 x 9.771 = 85.7
    Load hasty = MILLION.withJitter(1);
    CapacityPlan.Constraint back =
        new Constraints(NODE, new Zones(3, Survive.NODE))
            .of(hasty).stream()
                .filter(one -> one.name().equals("reconnect handshakes"))
                .findFirst()
                .orElseThrow();

    assertThat(back.demanded()).isEqualTo(1_000_000 / 9.771, within(20.0));
    assertThat(back.required()).isEqualTo(9);
    assertThat(back.planned()).isEqualTo(12);
    assertThat(Storm.survivorsOfOneNode(0, 2)).isEqualTo(1);
    assertThat(Storm.survivorsOfOneNode(0, 90)).isEqualTo(9);
    // 5 = 3 + 12 / 6
    assertThat(Storm.survivorsOfOneNode(3, 12)).isEqualTo(5, within(1e-12));
    CapacityPlan plan = model(NODE, new Zones(3, Survive.NODE)).plan(MILLION);
    assertThat(plan.nodes()).isEqualTo(12);
    assertThat(plan.reconnectStorm().lostConnections()).isEqualTo(83_334);
  }

  @Test
  void aPlanTellsWhatItsTierIsAndHowWellALimitIsKnown() {
    CapacityPlan plan = model(NODE, THREE).plan(MILLION);

    assertThat(plan.tier()).isEqualTo(model(NODE, THREE).tier(MILLION));
    assertThat(plan.tier().nodes()).isEqualTo(15);
    assertThat(plan.tier().cache()).isEqualTo(plan.cache());
    assertThat(plan.origin("descriptors")).isEqualTo(FigureOrigin.DEFAULT);
    assertThat(plan.origin("connection tracking")).isEqualTo(FigureOrigin.ESTIMATE);
    assertThat(plan.origin("horoscope")).isEqualTo(FigureOrigin.ESTIMATE);
  }

  @Test
  void theBacklogAsksForTheSpeedAtWhichNobodyWaitsLongerThanPromised() {
    CapacityPlan.Constraint backlog = constraint(MILLION, "handshake backlog");

    assertThat(backlog.perNode()).isEqualTo(10_000);
    assertThat(Backlog.waitSeconds(MILLION.ramp(), backlog.demanded())).isEqualTo(1, within(0.001));
    Load hasty =
        new Load(
            1_000_000, 10, new Load.Patience(50, 0.5, 1), new Load.Traffic(20, 0.5, 904, 1, 1, 20));
    assertThat(Backlog.waitSeconds(hasty.ramp(), constraint(hasty, "handshake backlog").demanded()))
        .isEqualTo(0.25, within(0.001));
  }

  @Test
  void theNetworkCarriesMessagesPingsAndConnects() {
    // 8 x (500,000 x (904 + 96 + 4 + 22 + 52 + 18) + 50,000 x (76 + 52 + 2 x 18) + 25,000 x 7200)
    assertConstraint("egress", 5_889_600_000.0, 0.7 * 1e10, 1);
    // 2 x 500,000 + 4 x 50,000 + 16 x 25,000
    assertConstraint("packets", 1_600_000, 700_000, 3);
  }

  @Test
  void aLargeMessageIsManyPacketsOfWhichEveryTwoAreAcknowledged() {
    // With its envelope 1448 bytes fill a packet: 1326 of data, and the next byte opens another.
    assertThat(Wire.messagePackets(1326)).isEqualTo(1);
    assertThat(Wire.messagePackets(1327)).isEqualTo(2);
    assertThat(Wire.acknowledgements(1327)).isEqualTo(1);
    // 65,536 + 100 in five records are 65,746 bytes and 46 packets.
    assertThat(Wire.messageBytes(65_536)).isEqualTo(65_746 + 46 * 52);
    assertThat(Wire.messageBytesBothWays(65_536)).isEqualTo(65_746 + (46 + 23) * 52);
    Load large =
        new Load(1_000_000, 10, MILLION.patience(), new Load.Traffic(20, 0.5, 65_536, 1, 1, 20));
    // (46 + 23) x 500,000 + 4 x 50,000 + 16 x 25,000
    assertThat(constraint(large, "packets").demanded()).isEqualTo(35_100_000);
    // 8 x (500,000 x (65,746 + 46 x (52 + 18)) + 50,000 x (76 + 52 + 2 x 18) + 25,000 x 7200)
    assertThat(constraint(large, "egress").demanded()).isEqualTo(277_369_600_000.0);
  }

  @Test
  void aBalancerCarriesAMessageWithItsHeadersAndWhatTcpSendsBack() {
    // 1 M x (904 + 96 + 4 + 22 + 2 x 52) bytes x 8 / 2.2 Mbit/s
    assertThat(model(NODE, THREE).tier(MILLION).balancer().broadcastUnits()).isEqualTo(4110);
    // 500,000 x (1026 + 2 x 52) + 50,000 x (76 + 80 + 2 x 52)
    assertThat(Wire.bothWaysPerSecond(MILLION)).isEqualTo(578_000_000);
    assertThat(Wire.words()).startsWith("96 bytes of spike.v1, 4 of WebSocket, 22 of TLS");
  }

  @Test
  void theBindingConstraintStandsFirstAndHalfMoreIsPlannedForTheLossOfAZone() {
    CapacityPlan plan = model(NODE, THREE).plan(MILLION);

    assertThat(plan.binding()).isEqualTo("connection tracking");
    assertThat(plan.second()).isEqualTo("connection limit");
    assertThat(plan.constraints().getFirst().required()).isEqualTo(9);
    assertThat(plan.constraints().getFirst().planned()).isEqualTo(15);
    assertThat(plan.nodes()).isEqualTo(15);
    assertThat(plan.nodesPerZone()).isEqualTo(5);
    assertThat(model(NODE, THREE).nodes(MILLION)).isEqualTo(15);
    assertThat(model(NODE, THREE).fractionOfNodes(MILLION)).isEqualTo(8.3333, within(0.0001));
    assertThat(plan.connectionsPerNode()).isEqualTo(200_000);
    assertThat(plan.estimated()).isTrue();
  }

  @Test
  void whatIsLeftAfterTheLossOfAZoneFacesRampAndStorm() {
    CapacityPlan plan = model(NODE, THREE).plan(MILLION);

    assertThat(plan.handshakeBacklog().capacityPerSecond()).isEqualTo(100_000);
    assertThat(plan.handshakeBacklog().max()).isZero();
    assertThat(plan.handshakeBacklog().waitSeconds()).isZero();
    assertThat(plan.handshakeBacklog().waitSecondsMax()).isEqualTo(1);
    assertThat(plan.handshakeBacklog().simulated().timedOut()).isZero();
    assertThat(plan.handshakeBacklog().simulated().draws()).isEqualTo(40_000);
    assertThat(plan.handshakeBacklog().curve()).hasSizeBetween(100, 200);
    assertThat(plan.reconnectStorm().lostConnections()).isEqualTo(333_334);
    assertThat(plan.reconnectStorm().perSecond()).isEqualTo(6666.6667);
    // 333,333 / (10 x 16,666.7 - 25,000)
    assertThat(plan.reconnectStorm().minimumJitterSeconds()).isEqualTo(2.3529);
    assertThat(plan.handshakeQueueP99Millis()).isZero();
  }

  @Test
  void aTierThatIsTooSlowShowsItsBacklogInBothAnswers() {
    double peak = MILLION.ramp().peakPerSecond();

    CapacityPlan.HandshakeBacklog backlog = CapacityModel.backlog(MILLION, 0.8 * peak);

    assertThat(backlog.max()).isEqualTo((long) Math.ceil(Backlog.most(MILLION.ramp(), 0.8 * peak)));
    assertThat(backlog.waitSeconds()).isEqualTo(3.1125, within(0.001));
    assertThat((double) backlog.simulated().max())
        .isEqualTo((double) backlog.max(), within(0.01 * backlog.max()));
    assertThat(backlog.simulated().waitP99Seconds()).isBetween(2.9, 3.12);
    assertThat(backlog.curve())
        .allSatisfy(
            point ->
                assertThat((double) point.waiting())
                    .isEqualTo((double) point.fluidWaiting(), within(0.01 * backlog.max() + 50)))
        .anySatisfy(point -> assertThat(point.fluidWaiting()).isGreaterThan(55_000))
        .anySatisfy(
            point -> assertThat(point.arrivalsPerSecond()).isEqualTo(peak, within(0.02 * peak)));
  }

  @Test
  void aNodesEventLoopsWaitAsErlangSays() {
    NodeProfile eight =
        NODE.with(Map.of(Figure.FULL_HANDSHAKES_PER_SECOND, 8 / 0.0012), FigureOrigin.MEASURED);

    assertThat(new NodeSpeed(eight).queueP99Seconds(0.9)).isEqualTo(0.0064, within(0.0001));
    assertThat(new NodeSpeed(eight).queueP99Seconds(0.95)).isEqualTo(0.0133, within(0.0001));
    assertThat(new NodeSpeed(eight).queueP99Seconds(2)).isFinite();
  }

  @Test
  void exactlyAMillionNodesAreStillAPlanOfConstraints() {
    assertThat(constraint(MILLION.withConnections(1.2e11), "connection tracking").required())
        .isEqualTo(1_000_000);
  }

  @Test
  void aConstraintIsKnownNoBetterThanTheWeakestFigureBehindIt() {
    NodeProfile measured =
        NODE.with(
            Map.of(
                Figure.TRACKED_CONNECTIONS, 90_000.0,
                Figure.RUNTIME_BYTES_PER_CONNECTION, 1000.0,
                Figure.FULL_HANDSHAKES_PER_SECOND, 9000.0),
            FigureOrigin.MEASURED);

    assertThat(origin(measured, "connection tracking")).isEqualTo(FigureOrigin.MEASURED);
    assertThat(origin(measured, "arrival handshakes")).isEqualTo(FigureOrigin.MEASURED);
    assertThat(origin(measured, "reconnect handshakes")).isEqualTo(FigureOrigin.ESTIMATE);
    assertThat(origin(measured, "memory")).isEqualTo(FigureOrigin.MEASURED);
    assertThat(origin(NODE, "memory")).isEqualTo(FigureOrigin.ESTIMATE);
    assertThat(origin(NODE, "descriptors")).isEqualTo(FigureOrigin.DEFAULT);
  }

  @Test
  void withoutTheLossOfAZoneNothingComesBackAndNothingIsAdded() {
    CapacityPlan plan = model(NODE, new Zones(3, Survive.NONE)).plan(MILLION);

    assertThat(plan.constraints())
        .extracting(CapacityPlan.Constraint::name)
        .hasSize(8)
        .doesNotContain("reconnect handshakes", "reconnects beside arrivals");
    assertThat(plan.nodes()).isEqualTo(9);
  }

  @Test
  void moreThanAMillionNodesAreNoPlan() {
    Load absurd = MILLION.withConnections(1e12);

    assertThatThrownBy(() -> model(NODE, THREE).plan(absurd))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more than a million nodes of round");
  }

  @Test
  void movedLoadsDifferInOneThing() {
    assertThat(MILLION.withTau(5).tauSeconds()).isEqualTo(5);
    assertThat(MILLION.withTau(10)).isEqualTo(MILLION);
    assertThat(MILLION.withJitter(9).jitterSeconds()).isEqualTo(9);
    assertThat(MILLION.withJitter(50)).isEqualTo(MILLION);
    assertThat(MILLION.withConnections(5).connections()).isEqualTo(5);
    assertThat(MILLION.withConnections(1_000_000)).isEqualTo(MILLION);
  }

  private static void assertConstraint(String name, double demanded, double perNode, int required) {
    CapacityPlan.Constraint constraint = constraint(MILLION, name);
    assertThat(constraint.demanded()).isEqualTo(demanded, within(1e-4));
    assertThat(constraint.perNode()).isEqualTo(perNode, within(1e-4));
    assertThat(constraint.required()).isEqualTo(required);
    assertThat(constraint.planned()).isEqualTo(THREE.nodesPerZone(required) * 3);
  }

  private static CapacityPlan.Constraint constraint(Load load, String name) {
    return constraint(NODE, load, name);
  }

  private static FigureOrigin origin(NodeProfile node, String name) {
    return constraint(node, MILLION, name).origin();
  }

  private static CapacityPlan.Constraint constraint(NodeProfile node, Load load, String name) {
    return new Constraints(node, THREE)
        .of(load).stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
  }

  private static CapacityModel model(NodeProfile node, Zones zones) {
    return new CapacityModel(node, Catalog.shipped("aws").cacheNode(), zones, 1);
  }

  private static NodeProfile node() {
    SortedMap<Figure, Double> figures = new TreeMap<>();
    figures.put(Figure.CONNECTIONS_MAX, 200_000.0);
    figures.put(Figure.MEMORY_BYTES, 10e9);
    figures.put(Figure.KERNEL_BYTES_PER_CONNECTION, 5000.0);
    figures.put(Figure.RUNTIME_BYTES_PER_CONNECTION, 20_000.0);
    figures.put(Figure.TRACKED_CONNECTIONS, 120_000.0);
    figures.put(Figure.DESCRIPTORS, 400_000.0);
    figures.put(Figure.FULL_HANDSHAKES_PER_SECOND, 10_000.0);
    figures.put(Figure.RESUMED_HANDSHAKES_PER_SECOND, 20_000.0);
    figures.put(Figure.EGRESS_BITS_PER_SECOND, 1e10);
    figures.put(Figure.PACKETS_PER_SECOND, 1e6);
    SortedMap<Figure, FigureOrigin> origins = new TreeMap<>();
    for (Figure figure : Figure.values()) {
      origins.put(figure, FigureOrigin.ESTIMATE);
    }
    origins.put(Figure.MEMORY_BYTES, FigureOrigin.GIVEN);
    origins.put(Figure.KERNEL_BYTES_PER_CONNECTION, FigureOrigin.GIVEN);
    origins.put(Figure.DESCRIPTORS, FigureOrigin.DEFAULT);
    return new NodeProfile("round", 8, 8, figures, origins);
  }
}

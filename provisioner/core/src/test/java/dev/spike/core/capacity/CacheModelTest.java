package dev.spike.core.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.spike.core.catalog.CacheFigure;
import dev.spike.core.catalog.CacheProfile;
import dev.spike.core.catalog.FigureOrigin;
import dev.spike.core.spec.Survive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The cache worked out by hand for a cache node of round figures. */
class CacheModelTest {
  private static final Zones THREE = new Zones(3, Survive.ZONE);

  /** Of which the plan uses 6000 calls a second, 600 Mbit/s and 0.6 GB. */
  private static final CacheProfile ROUND = node(10_000, 1e9, 1e9);

  private static final CacheProfile ENDLESS = node(1e12, 1e12, 1e12);

  /** A quiet crowd that comes over hours: next to nothing but what a test adds. */
  private static final Load QUIET =
      new Load(100_000, 1e6, new Load.Patience(1e6, 10, 1), new Load.Traffic(25, 0, 512, 1, 1, 25));

  @Test
  void aConnectOpensASessionAndNotesWhatItFollows() {
    // 1 M / 40 s = 25,000 arrive, against 1 M / 3 / 30 s = 11,111 who come back
    Load arriving = load(1_000_000, 10, 30, new Load.Traffic(25, 0, 512, 1, 1, 25));
    // 1 M / 3 / 10 s = 33,333 come back
    Load returning = load(1_000_000, 10, 10, new Load.Traffic(25, 0, 512, 1, 1, 25));

    assertThat(work(arriving).sessionCalls()).isEqualTo(50_000);
    assertThat(work(returning).sessionCalls()).isEqualTo(66_666.6667, within(0.001));
  }

  @Test
  void acknowledgementsFollowMessagesAndAreBatchedOnceASecond() {
    assertThat(acknowledged(0.2, 25)).isEqualTo(4000, within(1.0));
    assertThat(acknowledged(0.01, 25)).isEqualTo(1000, within(1.0));
    assertThat(acknowledged(50, 0.1)).isEqualTo(100_000, within(1.0));
    assertThat(acknowledged(0, 25)).isEqualTo(0, within(1.0));
  }

  @Test
  void onlyWholePartitionsAndChannelsAreSharedOut() {
    assertThat(new CacheShare(1).ofSessions()).isEqualTo(1);
    assertThat(new CacheShare(4).ofSessions()).isEqualTo(0.25);
    assertThat(new CacheShare(3).ofSessions()).isEqualTo(23.0 / 64);
    assertThat(new CacheShare(64).ofSessions()).isEqualTo(1.0 / 64);
    assertThat(new CacheShare(64).channels(1)).isEqualTo(1);
    assertThat(new CacheShare(1).channels(1000)).isEqualTo(1000);
    // 250 + sqrt(2 x 250 x ln 4) = 276.3
    assertThat(new CacheShare(4).channels(1000)).isEqualTo(277);
  }

  @Test
  void whatTheRuntimeDoesIsCountedAsItsSourcesSay() throws IOException {
    assertThat(runtime("cache/Partitions")).contains("int COUNT = " + CacheShare.PARTITIONS + ";");
    assertThat(runtime("cache/SharedReads"))
        .contains("long WINDOW_MILLIS = " + (int) (1000 / CacheWork.CHANNEL_READS_PER_NODE) + ";");
    assertThat(runtime("cache/ChannelStore"))
        .contains("int ENTRIES_KEPT = 1024;")
        .contains("SECONDS_TO_LIVE = \"86400\"");
    assertThat(runtime("serve/ClientChannels"))
        .contains("NOTE_MILLIS = " + (int) (1000 * CacheWork.ACKNOWLEDGE_SECONDS_MIN) + ";");
  }

  private static String runtime(String source) throws IOException {
    return Files.readString(
        Path.of("../../ws-runtime/src/main/java/dev/spike/node/" + source + ".java"));
  }

  @Test
  void shardsFollowTheCallsOfSessions() {
    // 33,000 of 6000 are 5.5 shards. The busiest of 6 holds 12 of 64 partitions and 6188, the
    // busiest of 7 holds 11 of them and with the channel's 180 reads 5852.
    Load load = load(660_000, 10, 1e6, new Load.Traffic(25, 0, 512, 1, 1, 25));
    CapacityPlan.CacheSize size = size(load, ROUND);

    assertThat(constraint(size, "session calls").required()).isEqualTo(7);
    assertThat(size.shards()).isEqualTo(7);
    assertThat(size.replicasPerShard()).isEqualTo(1);
    assertThat(size.nodes()).isEqualTo(14);
    assertThat(size.binding()).isEqualTo("commands, most of them session calls");
    assertThat(size.second()).isEqualTo("fewest of a cluster");
    assertThat(constraint(size, "session calls").demanded()).isEqualTo(33_000);
    assertThat(constraint(size, "session calls").perShard()).isEqualTo(6000);
    assertThat(constraint(size, "session calls").origin()).isEqualTo(FigureOrigin.ESTIMATE);
  }

  @Test
  void shardsFollowTheMemoryOfSessionsAndOfWhatChannelsKeep() {
    // 256 + 160 a session, and 1024 messages of 512 + 384 bytes in the one channel
    Load load = QUIET.withConnections(9_000_000);
    CapacityPlan.CacheSize size = size(load, node(1e12, 1e12, 1e9));

    assertThat(constraint(size, "memory").demanded()).isEqualTo(9_000_000.0 * 416);
    assertThat(size.binding()).isEqualTo("memory");
    // 3.744 GB of 0.6 are 6.24; the busiest of 7 holds 11 of 64, 0.6435, of 8 it holds 8
    assertThat(size.shards()).isEqualTo(8);
    Load publishing = with(QUIET, new Load.Traffic(25, 1, 512, 1, 1, 1e9));
    assertThat(constraint(size(publishing, ENDLESS), "memory").demanded())
        .isEqualTo(100_000.0 * 416 + 1024 * 896);
    // Of a day, not more than was published in it.
    Load seldom = with(QUIET, new Load.Traffic(25, 0.001, 512, 1, 1, 1e9));
    assertThat(constraint(size(seldom, ENDLESS), "memory").demanded())
        .isEqualTo(100_000.0 * 416 + 86.4 * 896);
  }

  @Test
  void aPublishCostsItsAppendAndADeliveryToEveryNodeThatFollows() {
    // 2000 channels of 50 followers each: 10 nodes follow each. 2000 x 0.5 x (2.2 + 0.09 x 10)
    Load rooms = with(QUIET, new Load.Traffic(25, 0.5, 512, 2000, 1, 1e9));
    assertThat(constraint(size(rooms, ENDLESS, 10), "published messages").demanded())
        .isEqualTo(3100, within(1e-6));
    // Two followers: two nodes at most.
    Load pairs = with(QUIET, new Load.Traffic(25, 0.5, 512, 50_000, 1, 1e9));
    assertThat(constraint(size(pairs, ENDLESS, 10), "published messages").demanded())
        .isEqualTo(50_000 * 0.5 * (2.2 + 0.18), within(1e-6));
    // Who follows two channels gets half of its messages from each.
    Load two = with(QUIET, new Load.Traffic(25, 0.5, 512, 2000, 2, 1e9));
    assertThat(constraint(size(two, ENDLESS, 10), "published messages").demanded())
        .isEqualTo(1550, within(1e-6));
  }

  @Test
  void publishedMessagesGoToNodesAndReplicasOverTheNetwork() {
    Load rooms = with(QUIET, new Load.Traffic(25, 0.5, 512, 2000, 1, 1e9));
    double announced = 8 * 1000.0 * 712;

    double none = network(rooms, 10, 0);
    assertThat(none).isEqualTo(announced * 10, within(1e-3));
    assertThat(network(rooms, 10, 2) - none)
        .isEqualTo(announced * 2 + 8 * 2 * 300 * 2 * 0.025, within(1.0));
  }

  @Test
  void whoComesBackIsSentWhatWasMissedAndNoMoreThanIsKept() {
    // 180 reads a second of 0.2 x 50 messages, beside what is published to 9 nodes and a replica
    Load crowd = load(1_000_000, 10, 50, new Load.Traffic(25, 0.2, 512, 1, 1, 1e9));
    assertThat(constraint(size(crowd, ENDLESS), "network").demanded())
        .isEqualTo(
            8 * (0.2 * 10 * 712 + 180 * 10 * 712 + work(crowd).sessionCalls() * 300), within(1e-3));
    Load busy = load(1_000_000, 10, 50, new Load.Traffic(25, 100, 512, 1, 1, 1e9));
    assertThat(work(busy).missed()).isEqualTo(1024);
  }

  @Test
  void connectsWithinFiftyMillisecondsShareTheirReadOfAChannel() {
    Load crowd = load(1_000_000, 10, 50, new Load.Traffic(25, 0.2, 512, 1, 1, 1e9));
    // 25,000 a second, on 9 nodes at 20 reads each, of 0.2 x 50 missed messages: 180 x (1 + 5)
    assertThat(constraint(size(crowd, ENDLESS, 9), "channel reads").demanded()).isEqualTo(1080);
    // 2000 nodes: each connect may read.
    assertThat(constraint(size(crowd, ENDLESS, 2000), "channel reads").demanded())
        .isEqualTo(150_000);
    CacheWork safe = CacheWork.of(crowd, new Zones(3, Survive.NONE), 9, 1);
    assertThat(safe.channelReads(CacheShare.WHOLE)).isEqualTo(180);
  }

  @Test
  void whoFollowsSeveralChannelsIsSharedOutOverThem() {
    // 25,000 connects a second follow 4 of 50 channels each: 2000 reads of each channel
    Load several = load(1_000_000, 10, 1e6, new Load.Traffic(25, 0, 512, 50, 4, 1e9));
    assertThat(work(several).channelReads()).isEqualTo(180);
    assertThat(CacheWork.of(several, THREE, 2000, 1).channelReads()).isEqualTo(2000);
    // 80,000 of them are followed by 50 clients each, 9 nodes at most
    Load rooms = with(several, new Load.Traffic(25, 0, 512, 80_000, 4, 1e9));
    assertThat(work(rooms).followers()).isEqualTo(9);
    assertThat(CacheWork.of(rooms, THREE, 2000, 1).followers()).isEqualTo(50);
    // A session notes 4 positions: 256 + 4 x 160 bytes
    assertThat(work(several).memoryBytes(CacheShare.WHOLE)).isEqualTo(1_000_000.0 * 896);
  }

  @Test
  void callsReadsAndPublishesShareOneThread() {
    // 50,000 + acknowledgements 20,000; 180 x (1 + 0.5 x 10); 0.2 x (2.2 + 0.09 x 9)
    Load crowd = load(1_000_000, 10, 50, new Load.Traffic(25, 0.2, 512, 1, 1, 50));

    assertThat(constraint(size(crowd, ENDLESS), "commands").demanded())
        .isEqualTo(70_000 + 1080 + 0.602, within(1e-3));
  }

  @Test
  void oneLostNodeSendsItsOwnConnectionsBack() {
    Load crowd = load(900_000, 1e5, 1, new Load.Traffic(25, 0, 512, 1, 1, 1e9));

    // 900,000 of 9 nodes within a second, two calls each
    assertThat(CacheWork.of(crowd, new Zones(3, Survive.NODE), 9, 1).sessionCalls())
        .isEqualTo(200_000, within(1e-6));
    assertThat(CacheWork.of(crowd, THREE, 9, 1).sessionCalls()).isEqualTo(600_000, within(1e-6));
  }

  @Test
  void constraintsAreRankedByTheShardsTheyNeedAndThenByWhatIsAsked() {
    CapacityPlan.CacheSize size = size(QUIET.withConnections(1000), ROUND);

    assertThat(size.constraints())
        .extracting(CapacityPlan.CacheConstraint::name)
        .startsWith("fewest of a cluster")
        .hasSize(8);
    assertThat(constraint(size, "fewest of a cluster").fraction()).isEqualTo(3);
    assertThat(new CapacityPlan.CacheConstraint("a", "b", 9, 4, 3, FigureOrigin.GIVEN).fraction())
        .isEqualTo(2.25);
  }

  @Test
  void aChannelIsOnOneShardWhereverItIs() {
    Load one = load(1_000_000, 1e5, 1e6, new Load.Traffic(25, 300, 100, 1, 1, 1e9));
    // 300 x (2.2 + 0.09 x 500) = 14,160 in one channel, of 6000
    assertThatThrownBy(() -> size(one, ROUND, 500))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("published messages")
        .hasMessageContaining("14,160 calls per second")
        .hasMessageContaining("gives 6,000");
  }

  @Test
  void aSmallEventHasTheFewestShardsThatFormACluster() {
    CapacityPlan.CacheSize size = size(QUIET.withConnections(1000), ROUND);

    assertThat(size.shards()).isEqualTo(3);
    assertThat(size.binding()).isEqualTo("fewest of a cluster");
    assertThat(size.second()).isEqualTo("memory");
  }

  @Test
  void whatIsExactlyBorneIsBorne() {
    // Without nodes nobody reads channels: 24,000 calls on 4 shards are 6000 each.
    Load load = load(480_000, 10, 1e6, new Load.Traffic(25, 0, 512, 1, 1, 25));

    assertThat(size(load, ROUND, 0).shards()).isEqualTo(4);
    assertThat(size(load.withConnections(480_001), ROUND, 0).shards()).isEqualTo(5);
    // 64 shards bear 64 x 6000 calls and not one more.
    assertThat(size(load.withConnections(7_680_000), node(10_000, 1e12, 1e12), 0).shards())
        .isEqualTo(64);
    assertThatThrownBy(() -> size(load.withConnections(7_680_100), node(10_000, 1e12, 1e12), 0))
        .hasMessageContaining("session calls ask the busiest of 64 cache shards");
  }

  @Test
  void nodesMayNotOpenMoreConnectionsThanACacheNodeTakes() {
    assertThat(constraint(size(QUIET, ROUND, 32_500), "connections").demanded()).isEqualTo(65_000);
    assertThat(constraint(size(QUIET, ROUND, 32_500), "connections").required()).isEqualTo(1);
    assertThatThrownBy(() -> size(QUIET, ENDLESS, 32_501))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("32,501 nodes open 65,002 connections");
  }

  @Test
  void aClusterHasNoMoreThanFiveHundredNodes() {
    Load most = load(7_680_000, 10, 1e6, new Load.Traffic(25, 0, 512, 1, 1, 25));

    assertThatThrownBy(
            () -> CacheModel.size(CacheWork.of(most, THREE, 0, 7), node(10_000, 1e12, 1e12)))
        .hasMessageContaining("64 shards with 7 replicas")
        .hasMessageContaining("service.cacheReplicas");
    // 5 x 100 nodes are 500.
    Load five = load(500_000, 10, 1e6, new Load.Traffic(25, 0, 512, 1, 1, 25));
    assertThat(CacheModel.size(CacheWork.of(five, THREE, 0, 99), node(10_000, 1e12, 1e12)).nodes())
        .isEqualTo(500);
    assertThatThrownBy(
            () -> CacheModel.size(CacheWork.of(five, THREE, 0, 100), node(10_000, 1e12, 1e12)))
        .hasMessageContaining("5 shards with 100 replicas");
    // 64 x 7 nodes are 448.
    assertThat(CacheModel.size(CacheWork.of(most, THREE, 0, 6), node(10_000, 1e12, 1e12)).nodes())
        .isEqualTo(448);
  }

  @Test
  void aConnectionFollowsNoMoreChannelsThanThereAre() {
    assertThatThrownBy(() -> new Load.Traffic(25, 1, 1, 2, 3, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Load.Traffic(25, 1, 1, 0, 0, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(new Load.Traffic(25, 1, 1, 3, 3, 1).publishedPerChannel()).isEqualTo(1.0 / 3);
  }

  private static double acknowledged(double messagesPerSecond, double everySeconds) {
    Load load = with(QUIET, new Load.Traffic(25, messagesPerSecond, 512, 1, 1, everySeconds));
    return work(load).sessionCalls();
  }

  private static double network(Load load, int nodes, int replicas) {
    return CacheWork.of(load, new Zones(3, Survive.NONE), nodes, replicas)
        .egressBits(CacheShare.WHOLE);
  }

  private static CacheWork work(Load load) {
    return CacheWork.of(load, THREE, 9, 1);
  }

  private static CapacityPlan.CacheSize size(Load load, CacheProfile node) {
    return size(load, node, 9);
  }

  private static CapacityPlan.CacheSize size(Load load, CacheProfile node, int nodes) {
    return CacheModel.size(CacheWork.of(load, THREE, nodes, 1), node);
  }

  private static CapacityPlan.CacheConstraint constraint(CapacityPlan.CacheSize size, String name) {
    return size.constraints().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Load load(double connections, double tau, double jitter, Load.Traffic traffic) {
    return new Load(connections, tau, new Load.Patience(jitter, 10, 1), traffic);
  }

  private static Load with(Load load, Load.Traffic traffic) {
    return new Load(load.connections(), load.tauSeconds(), load.patience(), traffic);
  }

  private static CacheProfile node(double calls, double bits, double bytes) {
    SortedMap<CacheFigure, Double> figures =
        new TreeMap<>(
            Map.of(
                CacheFigure.CALLS_PER_SECOND, calls,
                CacheFigure.NETWORK_BITS_PER_SECOND, bits,
                CacheFigure.MEMORY_BYTES, bytes,
                CacheFigure.CONNECTIONS_MAX, 65_000.0));
    SortedMap<CacheFigure, FigureOrigin> origins = new TreeMap<>();
    for (CacheFigure figure : CacheFigure.values()) {
      origins.put(figure, FigureOrigin.ESTIMATE);
    }
    return new CacheProfile("cache", figures, origins);
  }
}

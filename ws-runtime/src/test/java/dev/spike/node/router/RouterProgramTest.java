package dev.spike.node.router;

import static dev.spike.node.router.LoadedProgram.GATEWAY_MAC;
import static dev.spike.node.router.LoadedProgram.MAC_B;
import static dev.spike.node.router.LoadedProgram.MAC_C;
import static dev.spike.node.router.LoadedProgram.PEER_B;
import static dev.spike.node.router.LoadedProgram.PEER_C;
import static dev.spike.node.router.LoadedProgram.SELF;
import static dev.spike.node.router.LoadedProgram.SELF_MAC;
import static dev.spike.node.router.Packets.ACK;
import static dev.spike.node.router.Packets.FIN;
import static dev.spike.node.router.Packets.RST;
import static dev.spike.node.router.Packets.SYN;
import static dev.spike.node.router.Packets.frame;
import static dev.spike.node.router.Packets.tcp;
import static dev.spike.node.router.Packets.tunnel;
import static dev.spike.node.router.Packets.udp;
import static dev.spike.node.router.ProgramRun.XDP_DROP;
import static dev.spike.node.router.ProgramRun.XDP_PASS;
import static dev.spike.node.router.ProgramRun.XDP_TX;
import static dev.spike.node.router.RouterCounter.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes in, verdict, bytes out, counters: the XDP program over single packets. */
class RouterProgramTest {
  private static final Inet4Address CLIENT = Packets.address("198.51.100.7");
  private static final int CLIENT_PORT = 50123;
  private static final int UP = RouterLayout.PEER_ALIVE | RouterLayout.PEER_REACHABLE;
  private static final byte[] NOTHING = {};
  private static final byte[] SYN_OPTIONS = {
    2, 4, 5, (byte) 0xb4, 4, 2, 8, 10, 0, 1, 2, 3, 0, 0, 0, 0, 1, 3, 3, 7
  };
  private static final Inet4Address LOOPBACK = Packets.address("127.0.0.1");

  private static LoadedProgram program;
  private static ServerSocket listener;
  private static int port;

  @BeforeAll
  static void load() throws IOException {
    LoadedProgram.assumeRoot();
    program = LoadedProgram.load();
    program.table(
        MaglevTable.build(
            List.of(
                new MaglevTable.Member(2, "b-1", 1, 1), new MaglevTable.Member(3, "c-1", 1, 1))));
    listener = new ServerSocket(0, 4);
    port = listener.getLocalPort();
  }

  @AfterAll
  static void unload() throws IOException {
    if (program != null) {
      program.close();
      listener.close();
    }
  }

  @BeforeEach
  void reset() throws NativeException {
    program.reset(SELF, port);
  }

  @Test
  void synIsAcceptedLocallyAndUntouched() throws Exception {
    passes(syn(), LOCAL);
  }

  @Test
  void synWithTcpOptionsIsAcceptedLocally() throws Exception {
    passes(frame(tcp(CLIENT, CLIENT_PORT, SELF, port, SYN, SYN_OPTIONS, NOTHING)), LOCAL);
  }

  @ParameterizedTest
  @ValueSource(ints = {ACK, ACK | FIN, RST, SYN | ACK})
  void otherPacketsWithoutPinPass(int flags) throws Exception {
    passes(frame(tcp(CLIENT, CLIENT_PORT, SELF, port, flags, new byte[33])), LOCAL_PACKET);
  }

  @Test
  void synIsForwardedToTheRowsCandidateWhenForwardingAll() throws Exception {
    forwardAll();
    byte[] inner = tcp(CLIENT, CLIENT_PORT, SELF, port, SYN, SYN_OPTIONS, NOTHING);

    ProgramRun run = program.run(frame(inner));

    assertThat(run.verdict()).isEqualTo(XDP_TX);
    assertThat(run.packet()).isEqualTo(toPeer(rowPeer(), inner));
    counted(Map.of(SYN_FORWARDED, 1L));
    assertThat(pin()).contains(rowPeer());
    assertThat(program.state().pinsInserted()).isEqualTo(1);
  }

  @Test
  void theLessLoadedCandidateIsChosen() throws Exception {
    forwardAll();
    int other = rowPeer() == 2 ? 3 : 2;
    peer(rowPeer(), 500, UP);
    peer(other, 300, UP);

    assertThat(program.run(syn()).verdict()).isEqualTo(XDP_TX);
    assertThat(pin()).contains(other);
  }

  @Test
  void aDeadCandidateIsNotChosenAndWithoutAnyTheSynIsDeferred() throws Exception {
    forwardAll();
    int other = rowPeer() == 2 ? 3 : 2;
    peer(rowPeer(), 0, RouterLayout.PEER_REACHABLE);
    assertThat(program.run(syn()).verdict()).isEqualTo(XDP_TX);
    assertThat(pin()).contains(other);

    program.reset(SELF, port);
    forwardAll();
    peer(2, 0, RouterLayout.PEER_REACHABLE);
    peer(3, 0, RouterLayout.PEER_ALIVE);
    drops(syn(), NO_ROOM, DEFER_FORWARD_ALL);
  }

  @Test
  void fullCandidatesHaveNoRoom() throws Exception {
    forwardAll();
    peer(2, 900, UP);
    peer(3, 1000, UP);
    drops(syn(), NO_ROOM, DEFER_FORWARD_ALL);
  }

  @Test
  void anEmptyRingDefers() throws Exception {
    try (LoadedProgram bare = LoadedProgram.load()) {
      bare.reset(SELF, port);
      bare.config(LoadedProgram.configOf(SELF, port, RouterLayout.MODE_FORWARD_ALL, 0));
      assertThat(bare.run(syn()).verdict()).isEqualTo(XDP_DROP);
      assertThat(bare.counters()).isEqualTo(Map.of(NO_ROOM, 1L, DEFER_FORWARD_ALL, 1L));
    }
  }

  @Test
  void aPinnedPacketFollowsItsPinAndAFinClosesIt() throws Exception {
    pinTo(3, 0);
    byte[] inner = tcp(CLIENT, CLIENT_PORT, SELF, port, ACK, new byte[1400]);
    ProgramRun run = program.run(frame(inner));
    assertThat(run.verdict()).isEqualTo(XDP_TX);
    assertThat(run.packet()).isEqualTo(toPeer(3, inner));
    assertThat(fullPin().orElseThrow().seenSeconds())
        .isBetween(System.nanoTime() / 1_000_000_000 - 2, System.nanoTime() / 1_000_000_000 + 1);

    byte[] last = tcp(CLIENT, CLIENT_PORT, SELF, port, ACK | FIN, NOTHING);
    assertThat(program.run(frame(last)).packet()).isEqualTo(toPeer(3, last));
    assertThat(fullPin().orElseThrow().flags()).isEqualTo(RouterLayout.PIN_CLOSED);
    counted(Map.of(PINNED_FORWARDED, 2L));
  }

  @Test
  void aRetransmittedSynFollowsItsPinEvenWhenTheNodeHasRoomAgain() throws Exception {
    pinTo(2, 0);
    assertThat(program.run(syn()).verdict()).isEqualTo(XDP_TX);
    counted(Map.of(PINNED_FORWARDED, 1L));
  }

  @Test
  void aNewSynLeavesAClosedPinOrADeadPeer() throws Exception {
    pinTo(2, RouterLayout.PIN_CLOSED);
    passes(syn(), PIN_DROPPED, LOCAL);
    assertThat(pin()).isEmpty();

    program.reset(SELF, port);
    pinTo(2, 0);
    peer(2, 0, RouterLayout.PEER_REACHABLE);
    passes(syn(), PIN_DROPPED, LOCAL);
  }

  @Test
  void pinnedPacketsOfAnUnreachablePeerAreDroppedAndCounted() throws Exception {
    pinTo(2, 0);
    peer(2, 0, 0);
    drops(frame(tcp(CLIENT, CLIENT_PORT, SELF, port, ACK, new byte[9])), DROP_PEER_DEAD);
  }

  @Test
  void pinnedPacketsFlowOnWhenThePeerOnlyDrains() throws Exception {
    pinTo(2, 0);
    peer(2, 1000, RouterLayout.PEER_REACHABLE);
    assertThat(program.run(frame(tcp(CLIENT, CLIENT_PORT, SELF, port, ACK, NOTHING))).verdict())
        .isEqualTo(XDP_TX);
  }

  @Test
  void afterEvictionsAPacketWithoutSocketGoesToTheFirstCandidate() throws Exception {
    program.state(new RouterLayout.State(0, 0, 0, 0, RouterLayout.PINS));
    byte[] inner = tcp(CLIENT, CLIENT_PORT, SELF, port, ACK, new byte[10]);
    ProgramRun run = program.run(frame(inner));
    assertThat(run.verdict()).isEqualTo(XDP_TX);
    assertThat(run.packet()).isEqualTo(toPeer(rowPeer(), inner));
    counted(Map.of(GUESS_FORWARDED, 1L));
  }

  @Test
  void afterEvictionsAPacketOfALiveLocalSocketStays() throws Exception {
    program.reset(LOOPBACK, port);
    program.state(new RouterLayout.State(0, 0, 0, 0, RouterLayout.PINS));
    try (Socket client = connect();
        Socket server = listener.accept()) {
      assertThat(server.isConnected()).isTrue();
      passes(
          frame(tcp(LOOPBACK, client.getLocalPort(), LOOPBACK, port, ACK, new byte[3])),
          LOCAL_PACKET);
    }
  }

  @Test
  void anEmptyBucketForwardsWithinTheShareAndDefersBeyondIt() throws Exception {
    emptyBucket(1024 + 100);
    assertThat(program.run(syn()).verdict()).isEqualTo(XDP_TX);
    counted(Map.of(SYN_FORWARDED, 1L));
    assertThat(program.state().forwardCredit()).isEqualTo(100 + 102);

    byte[] next = frame(tcp(CLIENT, CLIENT_PORT + 1, SELF, port, SYN, NOTHING));
    assertThat(program.run(next).verdict()).isEqualTo(XDP_DROP);
    counted(Map.of(SYN_FORWARDED, 1L, FORWARD_SHARE_SPENT, 1L, DEFER_BUCKET, 1L));
  }

  @Test
  void theBucketLetsItsBurstThroughAndNotOneMore() throws Exception {
    program.config(
        new RouterLayout.Config(
            10_000_000_000L,
            50_000_000_000L,
            5_000_000_000L,
            5_000_000_000L,
            3_000_000_000L,
            1,
            SELF,
            0,
            RouterLayout.FLAG_GATEWAY_KNOWN,
            512,
            256,
            0,
            900,
            RouterLayout.PINS,
            port,
            SELF_MAC,
            GATEWAY_MAC));
    for (int i = 0; i < 20; i++) {
      program.run(frame(tcp(CLIENT, 1024 + i, SELF, port, SYN, NOTHING)));
    }
    counted(Map.of(LOCAL, 5L, DEFER_BUCKET, 15L, FORWARD_SHARE_SPENT, 15L));
  }

  @Test
  void deferringEndsAfterItsBound() throws Exception {
    long now = System.nanoTime();
    program.state(
        new RouterLayout.State(
            now + 600_000_000_000L, now - 6_000_000_000L, now - 1_000_000_000L, 0, 0));
    passes(syn(), FORWARD_SHARE_SPENT, LOCAL_BOUND);
  }

  @Test
  void anOldSaturationDoesNotCount() throws Exception {
    long now = System.nanoTime();
    program.state(
        new RouterLayout.State(
            now + 600_000_000_000L, now - 90_000_000_000L, now - 80_000_000_000L, 0, 0));
    drops(syn(), FORWARD_SHARE_SPENT, DEFER_BUCKET);
  }

  @Test
  void fullHandshakeQueueDefers() throws Exception {
    program.word("load", LoadWords.HANDSHAKES_PENDING, 256);
    drops(syn(), FORWARD_SHARE_SPENT, DEFER_HANDSHAKES);
  }

  @Test
  void theListenersLiveAcceptQueueDefers() throws Exception {
    program.reset(LOOPBACK, port);
    RouterLayout.Config config = LoadedProgram.configOf(LOOPBACK, port, 0, 0);
    program.config(withAcceptQueueMax(config, 3));
    List<Socket> waiting = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        byte[] before = frame(tcp(LOOPBACK, 1, LOOPBACK, port, SYN, NOTHING));
        assertThat(program.run(before).verdict()).isEqualTo(XDP_PASS);
        waiting.add(connect());
      }
      byte[] full = frame(tcp(LOOPBACK, 1, LOOPBACK, port, SYN, NOTHING));
      assertThat(program.run(full).verdict()).isEqualTo(XDP_DROP);
      counted(Map.of(LOCAL, 3L, DEFER_ACCEPT_QUEUE, 1L, FORWARD_SHARE_SPENT, 1L));
    } finally {
      for (Socket socket : waiting) {
        listener.accept().close();
        socket.close();
      }
    }
  }

  @Test
  void withoutListenerTheSynIsForwarded() throws Exception {
    int unused;
    try (ServerSocket probe = new ServerSocket(0)) {
      unused = probe.getLocalPort();
    }
    program.config(LoadedProgram.configOf(SELF, unused, 0, 0));
    byte[] inner = tcp(CLIENT, CLIENT_PORT, SELF, unused, SYN, NOTHING);
    assertThat(program.run(frame(inner)).packet()).isEqualTo(toPeer(rowPeer(), inner));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aDrainingNodeForwardsWhateverItsShare(boolean byRuntime) throws Exception {
    if (byRuntime) {
      program.word("load", LoadWords.DRAINING, 1);
    } else {
      program.config(LoadedProgram.configOf(SELF, port, 0, RouterLayout.FLAG_DRAINING));
    }
    assertThat(program.run(syn()).verdict()).isEqualTo(XDP_TX);
    peer(2, 0, 0);
    peer(3, 0, 0);
    byte[] other = frame(tcp(CLIENT, CLIENT_PORT + 1, SELF, port, SYN, NOTHING));
    assertThat(program.run(other).verdict()).isEqualTo(XDP_DROP);
    counted(Map.of(SYN_FORWARDED, 1L, NO_ROOM, 1L, DEFER_DRAINING, 1L));
  }

  @Test
  void aStaleRuntimeForwards() throws Exception {
    program.word("load", LoadWords.HEARTBEAT_NANOS, System.nanoTime() - 4_000_000_000L);
    assertThat(program.run(syn()).verdict()).isEqualTo(XDP_TX);
    counted(Map.of(SYN_FORWARDED, 1L));
  }

  @ParameterizedTest
  @ValueSource(ints = {RouterLayout.MODE_LADDER, RouterLayout.MODE_FORWARD_ALL})
  void aStaleAgentFailsOpen(int mode) throws Exception {
    program.config(LoadedProgram.configOf(SELF, port, mode, RouterLayout.FLAG_DRAINING));
    program.word("agent", RouterLayout.AGENT_HEARTBEAT, System.nanoTime() - 6_000_000_000L);
    program.word("load", LoadWords.HEARTBEAT_NANOS, 0);
    passes(syn(), LOCAL_FAIL_OPEN);
  }

  @ParameterizedTest
  @ValueSource(ints = {RouterLayout.MODE_LADDER, RouterLayout.MODE_FORWARD_ALL})
  void aRouterThatIsSwitchedOffTakesEveryNewFlow(int mode) throws Exception {
    program.config(LoadedProgram.configOf(SELF, port, mode, RouterLayout.FLAG_DRAINING));
    program.word("agent", RouterLayout.AGENT_OFF, 1);
    passes(syn(), RouterCounter.LOCAL_OFF);
  }

  @Test
  void aRouterThatIsSwitchedOffLeavesPinnedFlowsRunning() throws Exception {
    program.word("agent", RouterLayout.AGENT_OFF, 1);
    pinTo(2, 0);
    assertThat(program.run(frame(tcp(CLIENT, CLIENT_PORT, SELF, port, ACK, NOTHING))).verdict())
        .isEqualTo(XDP_TX);
  }

  @Test
  void aStaleAgentLeavesPinnedFlowsRunning() throws Exception {
    program.word("agent", RouterLayout.AGENT_HEARTBEAT, 0);
    pinTo(2, 0);
    assertThat(program.run(frame(tcp(CLIENT, CLIENT_PORT, SELF, port, ACK, NOTHING))).verdict())
        .isEqualTo(XDP_TX);
  }

  @Test
  void aTunnelledSynIsDecapsulatedForTheListener() throws Exception {
    byte[] inner = tcp(CLIENT, CLIENT_PORT, PEER_B, port, SYN, SYN_OPTIONS, NOTHING);
    ProgramRun run = program.run(fromPeer(PEER_B, 6080, inner));
    assertThat(run.verdict()).isEqualTo(XDP_PASS);
    assertThat(run.packet())
        .isEqualTo(frame(tcp(CLIENT, CLIENT_PORT, SELF, port, SYN, SYN_OPTIONS, NOTHING)));
    counted(Map.of(DECAPSULATED, 1L));
    assertThat(anchor()).contains(PEER_B);
  }

  @Test
  void aTunnelledPacketOfAnotherAnchorClashes() throws Exception {
    program.run(fromPeer(PEER_B, 6080, tcp(CLIENT, CLIENT_PORT, PEER_B, port, SYN, NOTHING)));
    drops(
        fromPeer(PEER_C, 6080, tcp(CLIENT, CLIENT_PORT, PEER_C, port, ACK, NOTHING)),
        DECAPSULATED,
        DROP_ANCHOR_CLASH);
    assertThat(anchor()).contains(PEER_B);
  }

  @Test
  void aSynThroughAnotherAnchorTakesOverWhenNoConnectionIsLeft() throws Exception {
    program.run(fromPeer(PEER_B, 6080, tcp(CLIENT, CLIENT_PORT, PEER_B, port, SYN, NOTHING)));
    byte[] inner = tcp(CLIENT, CLIENT_PORT, PEER_C, port, SYN, NOTHING);
    assertThat(program.run(fromPeer(PEER_C, 6080, inner)).verdict()).isEqualTo(XDP_PASS);
    assertThat(anchor()).contains(PEER_C);
    counted(Map.of(DECAPSULATED, 2L, ANCHOR_REPLACED, 1L));
  }

  @Test
  void aSynThroughAnAnchorClashesWithALiveConnection() throws Exception {
    program.reset(LOOPBACK, port);
    try (Socket client = connect();
        Socket server = listener.accept()) {
      assertThat(server.isConnected()).isTrue();
      int clientPort = client.getLocalPort();
      byte[] inner = tcp(LOOPBACK, clientPort, PEER_B, port, SYN, NOTHING);
      drops(frame(tunnel(PEER_B, LOOPBACK, LOOPBACK, clientPort, 6080, inner)), DROP_ANCHOR_CLASH);
    }
  }

  @Test
  void aLocalSynForgetsAStaleAnchor() throws Exception {
    program.run(fromPeer(PEER_B, 6080, tcp(CLIENT, CLIENT_PORT, PEER_B, port, SYN, NOTHING)));
    passes(syn(), DECAPSULATED, ANCHOR_REPLACED, LOCAL);
    assertThat(anchor()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {6080, 6081})
  void aTunnelPacketFromAnUnknownSourceIsDropped(int tunnelPort) throws Exception {
    Inet4Address stranger = Packets.address("10.77.9.9");
    byte[] inner = tcp(CLIENT, CLIENT_PORT, stranger, port, SYN, NOTHING);
    drops(frame(tunnel(stranger, SELF, CLIENT, CLIENT_PORT, tunnelPort, inner)), DROP_UNKNOWN_PEER);
    assertThat(anchor()).isEmpty();
  }

  @Test
  void aTunnelledPacketForAnotherDestinationOrPortIsDropped() throws Exception {
    drops(
        fromPeer(PEER_B, 6080, tcp(CLIENT, CLIENT_PORT, PEER_C, port, SYN, NOTHING)),
        DROP_INNER_DESTINATION);
    program.reset(SELF, port);
    drops(
        fromPeer(PEER_B, 6080, tcp(CLIENT, CLIENT_PORT, PEER_B, 22, SYN, NOTHING)),
        DROP_INNER_DESTINATION);
  }

  @Test
  void malformedInnerPacketsAreDropped() throws Exception {
    byte[] good = tcp(CLIENT, CLIENT_PORT, PEER_B, port, SYN, NOTHING);
    byte[] options = good.clone();
    options[0] = 0x46;
    byte[] fragment = good.clone();
    fragment[6] = 0x20;
    byte[] longer = good.clone();
    longer[3] += 1;
    byte[] notTcp = good.clone();
    notTcp[9] = 17;
    byte[] version6 = good.clone();
    version6[0] = 0x65;
    byte[] offset = good.clone();
    offset[32] = 0x40;
    List<byte[]> bad =
        List.of(options, fragment, longer, notTcp, version6, offset, Arrays.copyOf(good, 39));
    for (byte[] inner : bad) {
      assertThat(program.run(fromPeer(PEER_B, 6080, inner)).verdict()).isEqualTo(XDP_DROP);
    }
    counted(Map.of(DROP_MALFORMED, (long) bad.size()));
  }

  @Test
  void aReplyIsRelayedToTheGateway() throws Exception {
    byte[] inner = tcp(SELF, port, CLIENT, CLIENT_PORT, SYN | ACK, SYN_OPTIONS, NOTHING);
    ProgramRun run = program.run(frame(tunnel(PEER_B, SELF, CLIENT, CLIENT_PORT, 6081, inner)));
    assertThat(run.verdict()).isEqualTo(XDP_TX);
    assertThat(run.packet()).isEqualTo(frame(GATEWAY_MAC, SELF_MAC, 0x0800, inner));
    counted(Map.of(REPLY_RELAYED, 1L));
  }

  @Test
  void aReplyInTheNameOfAnotherIsDropped() throws Exception {
    byte[] inner = tcp(PEER_C, port, CLIENT, CLIENT_PORT, ACK, NOTHING);
    drops(frame(tunnel(PEER_B, SELF, CLIENT, CLIENT_PORT, 6081, inner)), DROP_INNER_SOURCE);
  }

  @Test
  void withoutGatewayNothingIsForwardedOrRelayed() throws Exception {
    RouterLayout.Config known =
        LoadedProgram.configOf(SELF, port, RouterLayout.MODE_FORWARD_ALL, 0);
    program.config(withFlags(known, 0));
    drops(syn(), NO_ROOM, DEFER_FORWARD_ALL);
    program.reset(SELF, port);
    program.config(withFlags(known, 0));
    byte[] inner = tcp(SELF, port, CLIENT, CLIENT_PORT, ACK, NOTHING);
    drops(frame(tunnel(PEER_B, SELF, CLIENT, CLIENT_PORT, 6081, inner)), DROP_NO_GATEWAY);
  }

  @Test
  void ipOptionsPass() throws Exception {
    forwardAll();
    byte[] plain = tcp(CLIENT, CLIENT_PORT, SELF, port, SYN, NOTHING);
    ByteBuffer out = ByteBuffer.allocate(44);
    out.put(plain, 0, 20).putInt(0x01010101).put(plain, 20, 20);
    out.put(0, (byte) 0x46).putShort(2, (short) 44);
    passes(frame(out.array()), PASS_OPTIONS);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x2000, 0x2010, 0x0001})
  void fragmentsPass(int bits) throws Exception {
    forwardAll();
    byte[] packet = tcp(CLIENT, CLIENT_PORT, SELF, port, SYN, NOTHING);
    packet[6] = (byte) (bits >> 8);
    packet[7] = (byte) bits;
    passes(frame(packet), PASS_FRAGMENT);
  }

  @Test
  void vlanPasses() throws Exception {
    forwardAll();
    byte[] plain = tcp(CLIENT, CLIENT_PORT, SELF, port, SYN, NOTHING);
    byte[] tagged = new byte[plain.length + 4];
    tagged[1] = 7;
    tagged[2] = 8;
    System.arraycopy(plain, 0, tagged, 4, plain.length);
    passes(frame(Packets.TARGET, Packets.SOURCE, 0x8100, tagged));
  }

  @Test
  void shortFramesPass() throws Exception {
    forwardAll();
    byte[] whole = syn();
    for (int length = 14; length < whole.length; length++) {
      passes(Arrays.copyOf(whole, length));
    }
  }

  @Test
  void foreignUdpAndTheHealthPortAndOtherDestinationsPass() throws Exception {
    forwardAll();
    passes(frame(udp(CLIENT, 5000, SELF, 53, new byte[20])));
    passes(frame(tcp(CLIENT, CLIENT_PORT, SELF, 9443, SYN, NOTHING)));
    passes(frame(tcp(CLIENT, CLIENT_PORT, PEER_B, port, SYN, NOTHING)));
    passes(frame(Packets.TARGET, Packets.SOURCE, 0x86dd, new byte[60]));
  }

  /** Random changes of packets: what is not the service's or the tunnel's is never touched. */
  @Test
  void foreignPacketsAreNeitherDroppedNorChanged() throws Exception {
    forwardAll();
    Random random = new Random(7);
    List<byte[]> seeds =
        List.of(
            syn(),
            fromPeer(PEER_B, 6080, tcp(CLIENT, CLIENT_PORT, PEER_B, port, SYN, new byte[40])),
            frame(udp(CLIENT, 1, SELF, 53, new byte[50])));
    int foreign = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] packet = seeds.get(i % seeds.size()).clone();
      for (int change = random.nextInt(1, 6); change > 0; change--) {
        packet[random.nextInt(12, packet.length)] = (byte) random.nextInt(256);
      }
      packet = Arrays.copyOf(packet, random.nextInt(14, packet.length + 1));
      ProgramRun run = program.run(packet);
      if (!ours(packet)) {
        foreign++;
        assertThat(run.verdict()).isEqualTo(XDP_PASS);
        assertThat(run.packet()).isEqualTo(packet);
      }
    }
    assertThat(foreign).isGreaterThan(3_000);
  }

  private static boolean ours(byte[] frame) {
    if (frame.length < 42) {
      return false;
    }
    ByteBuffer in = ByteBuffer.wrap(frame);
    boolean plain =
        in.getShort(12) == 0x0800
            && in.get(14) == 0x45
            && (in.getShort(20) & 0x3fff) == 0
            && in.getInt(30) == ByteBuffer.wrap(SELF.getAddress()).getInt();
    int to = Short.toUnsignedInt(in.getShort(36));
    return plain
        && ((in.get(23) == 6 && to == port) || (in.get(23) == 17 && (to == 6080 || to == 6081)));
  }

  private static byte[] syn() {
    return frame(tcp(CLIENT, CLIENT_PORT, SELF, port, SYN, NOTHING));
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), 2000);
    return socket;
  }

  private static byte[] fromPeer(Inet4Address peer, int tunnelPort, byte[] inner) {
    return frame(tunnel(peer, SELF, CLIENT, CLIENT_PORT, tunnelPort, inner));
  }

  private static byte[] toPeer(int id, byte[] inner) {
    return frame(
        id == 2 ? MAC_B : MAC_C,
        SELF_MAC,
        0x0800,
        tunnel(SELF, id == 2 ? PEER_B : PEER_C, CLIENT, CLIENT_PORT, 6080, inner));
  }

  private static int rowPeer() {
    int row = FlowHash.row(ByteBuffer.wrap(CLIENT.getAddress()).getInt(), CLIENT_PORT);
    return MaglevTable.build(
            List.of(new MaglevTable.Member(2, "b-1", 1, 1), new MaglevTable.Member(3, "c-1", 1, 1)))
        .first(row);
  }

  private void passes(byte[] packet, RouterCounter... counters) throws NativeException {
    ProgramRun run = program.run(packet);
    assertThat(run.verdict()).isEqualTo(XDP_PASS);
    assertThat(run.packet()).isEqualTo(packet);
    countedOnce(counters);
  }

  private void drops(byte[] packet, RouterCounter... counters) throws NativeException {
    assertThat(program.run(packet).verdict()).isEqualTo(XDP_DROP);
    countedOnce(counters);
  }

  private void countedOnce(RouterCounter... counters) throws NativeException {
    Map<RouterCounter, Long> expected = new EnumMap<>(RouterCounter.class);
    for (RouterCounter counter : counters) {
      expected.put(counter, 1L);
    }
    counted(expected);
  }

  private void counted(Map<RouterCounter, Long> expected) throws NativeException {
    assertThat(program.counters()).isEqualTo(expected);
  }

  private void forwardAll() throws NativeException {
    program.config(LoadedProgram.configOf(SELF, port, RouterLayout.MODE_FORWARD_ALL, 0));
  }

  private void emptyBucket(long credit) throws NativeException {
    program.state(new RouterLayout.State(System.nanoTime() + 600_000_000_000L, 0, 0, credit, 0));
  }

  private void peer(int id, int load, int state) throws NativeException {
    program.peer(
        id, new RouterLayout.Peer(id == 2 ? PEER_B : PEER_C, load, state, id == 2 ? MAC_B : MAC_C));
  }

  private void pinTo(int id, int flags) throws NativeException {
    Libbpf.update(
        program.map("pins"),
        RouterLayout.flow(CLIENT, CLIENT_PORT),
        new RouterLayout.Pin(id, flags, 0).toBytes());
  }

  private Optional<RouterLayout.Pin> fullPin() throws NativeException {
    return Libbpf.lookup(
            program.map("pins"), RouterLayout.flow(CLIENT, CLIENT_PORT), RouterLayout.PIN_BYTES)
        .map(RouterLayout.Pin::of);
  }

  private Optional<Integer> pin() throws NativeException {
    return fullPin().map(RouterLayout.Pin::peer);
  }

  private Optional<Inet4Address> anchor() throws NativeException {
    return Libbpf.lookup(
            program.map("anchors"),
            RouterLayout.flow(CLIENT, CLIENT_PORT),
            RouterLayout.ANCHOR_BYTES)
        .map(RouterLayout.Anchor::of)
        .map(RouterLayout.Anchor::address);
  }

  private static RouterLayout.Config withAcceptQueueMax(RouterLayout.Config c, int max) {
    return new RouterLayout.Config(
        c.tokenIntervalNanos(),
        c.tokenBurstNanos(),
        c.deferNanosMax(),
        c.agentFreshNanos(),
        c.runtimeFreshNanos(),
        c.selfId(),
        c.self(),
        c.mode(),
        c.flags(),
        max,
        c.handshakeQueueMax(),
        c.forwardShare(),
        c.peerLoadMax(),
        c.pinsMax(),
        c.servicePort(),
        c.selfMac(),
        c.gatewayMac());
  }

  private static RouterLayout.Config withFlags(RouterLayout.Config c, int flags) {
    return new RouterLayout.Config(
        c.tokenIntervalNanos(),
        c.tokenBurstNanos(),
        c.deferNanosMax(),
        c.agentFreshNanos(),
        c.runtimeFreshNanos(),
        c.selfId(),
        c.self(),
        c.mode(),
        flags,
        c.acceptQueueMax(),
        c.handshakeQueueMax(),
        c.forwardShare(),
        c.peerLoadMax(),
        c.pinsMax(),
        c.servicePort(),
        c.selfMac(),
        c.gatewayMac());
  }
}

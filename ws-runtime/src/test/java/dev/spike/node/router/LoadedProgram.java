package dev.spike.node.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The router's object in the kernel, unpinned, with its maps at hand. */
final class LoadedProgram implements AutoCloseable {
  static final Inet4Address SELF = Packets.address("10.77.1.11");
  static final Inet4Address PEER_B = Packets.address("10.77.2.11");
  static final Inet4Address PEER_C = Packets.address("10.77.3.11");
  static final MacAddress SELF_MAC = MacAddress.parse("02:00:00:00:00:11");
  static final MacAddress GATEWAY_MAC = MacAddress.parse("02:00:00:00:00:01");
  static final MacAddress MAC_B = MacAddress.parse("02:00:00:00:00:12");
  static final MacAddress MAC_C = MacAddress.parse("02:00:00:00:00:13");

  private final BpfObject object;

  private LoadedProgram(BpfObject object) {
    this.object = object;
  }

  static void assumeRoot() throws IOException {
    String reason = "BPF tests need root: run scripts/test as root; they are skipped now";
    boolean root = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    if (!root) {
      System.err.println("SKIPPED: " + reason);
    }
    assumeTrue(root, reason);
  }

  static LoadedProgram load() throws IOException {
    try (InputStream in = LoadedProgram.class.getResourceAsStream("/router.bpf.o")) {
      assertThat(in).as("class-path resource router.bpf.o").isNotNull();
      BpfObject object = BpfObject.open(in.readAllBytes());
      object.load();
      return new LoadedProgram(object);
    }
  }

  int map(String name) throws NativeException {
    return object.mapDescriptor(name);
  }

  /** Everything fresh: idle runtime, live agent, three nodes, first candidates everywhere. */
  void reset(Inet4Address self, int servicePort) throws NativeException {
    config(configOf(self, servicePort, RouterLayout.MODE_LADDER, 0));
    for (int id = 0; id < 4; id++) {
      peer(id, new RouterLayout.Peer(Packets.address("0.0.0.0"), 0, 0, MacAddress.UNKNOWN));
    }
    int up = RouterLayout.PEER_ALIVE | RouterLayout.PEER_REACHABLE;
    peer(1, new RouterLayout.Peer(self, 0, up, SELF_MAC));
    peer(2, new RouterLayout.Peer(PEER_B, 0, up, MAC_B));
    peer(3, new RouterLayout.Peer(PEER_C, 0, up, MAC_C));
    for (Inet4Address address : List.of(self, PEER_B, PEER_C)) {
      Libbpf.update(map("peer_addresses"), address.getAddress(), RouterLayout.index(1));
    }
    for (String flows : List.of("pins", "anchors")) {
      for (var key = first(flows); key.isPresent(); key = first(flows)) {
        Libbpf.delete(map(flows), key.get());
      }
    }
    state(RouterLayout.State.EMPTY);
    for (int i = 0; i < LoadWords.WORDS; i++) {
      word("load", i, 0);
    }
    long now = System.nanoTime();
    word("load", LoadWords.HEARTBEAT_NANOS, now);
    word("agent", RouterLayout.AGENT_HEARTBEAT, now);
    word("agent", RouterLayout.AGENT_OFF, 0);
    byte[] zero = new byte[8 * Libbpf.possibleCpus()];
    for (int i = 0; i < RouterLayout.COUNTER_SLOTS; i++) {
      Libbpf.update(map("counters"), RouterLayout.index(i), zero);
    }
  }

  private java.util.Optional<byte[]> first(String flows) throws NativeException {
    return Libbpf.nextKey(map(flows), new byte[0], RouterLayout.FLOW_BYTES);
  }

  static RouterLayout.Config configOf(Inet4Address self, int servicePort, int mode, int flags) {
    return new RouterLayout.Config(
        500_000,
        1_000_000_000,
        5_000_000_000L,
        5_000_000_000L,
        3_000_000_000L,
        1,
        self,
        mode,
        flags | RouterLayout.FLAG_GATEWAY_KNOWN,
        512,
        256,
        102,
        900,
        RouterLayout.PINS,
        servicePort,
        SELF_MAC,
        GATEWAY_MAC);
  }

  void config(RouterLayout.Config config) throws NativeException {
    Libbpf.update(map("config"), RouterLayout.index(1), config.toBytes());
    Libbpf.update(map("active"), RouterLayout.index(0), RouterLayout.index(1));
  }

  void peer(int id, RouterLayout.Peer peer) throws NativeException {
    Libbpf.update(map("peers"), RouterLayout.index(id), peer.toBytes());
  }

  void state(RouterLayout.State state) throws NativeException {
    Libbpf.update(map("state"), RouterLayout.index(0), state.toBytes());
  }

  RouterLayout.State state() throws NativeException {
    return RouterLayout.State.of(
        Libbpf.lookup(map("state"), RouterLayout.index(0), RouterLayout.STATE_BYTES).orElseThrow());
  }

  void word(String map, int index, long value) throws NativeException {
    Libbpf.update(map(map), RouterLayout.index(index), RouterLayout.word(value));
  }

  void table(MaglevTable table) throws NativeException {
    int inner = Libbpf.createArray("spike_rows", RouterLayout.ROW_BYTES, MaglevTable.ROWS);
    try {
      Libbpf.updateBatch(
          inner, rowKeys(), table.toBytes(ByteOrder.nativeOrder()), MaglevTable.ROWS);
      Libbpf.update(map("ring"), RouterLayout.index(0), RouterLayout.index(inner));
    } finally {
      Libc.close(inner);
    }
  }

  private static byte[] rowKeys() {
    var keys = java.nio.ByteBuffer.allocate(4 * MaglevTable.ROWS).order(ByteOrder.nativeOrder());
    for (int row = 0; row < MaglevTable.ROWS; row++) {
      keys.putInt(row);
    }
    return keys.array();
  }

  ProgramRun run(byte[] frame) throws NativeException {
    return ProgramRun.of(object.programDescriptor("spike_router"), frame);
  }

  /** The counters that are not 0. */
  Map<RouterCounter, Long> counters() throws NativeException {
    Map<RouterCounter, Long> counted = new EnumMap<>(RouterCounter.class);
    for (RouterCounter counter : RouterCounter.values()) {
      byte[] values =
          Libbpf.lookup(
                  map("counters"), RouterLayout.index(counter.number()), 8 * Libbpf.possibleCpus())
              .orElseThrow();
      var in = RouterLayout.wrap(values);
      long sum = 0;
      while (in.hasRemaining()) {
        sum += in.getLong();
      }
      if (sum != 0) {
        counted.put(counter, sum);
      }
    }
    return counted;
  }

  @Override
  public void close() {
    object.close();
  }
}

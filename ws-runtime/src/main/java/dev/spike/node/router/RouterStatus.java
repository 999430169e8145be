package dev.spike.node.router;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What the kernel says about a node's router: nothing here comes from a file of ours. */
final class RouterStatus {
  /** A live WebSocket answers heartbeats; a flow unseen for longer is over. */
  private static final long PIN_LIVE_SECONDS = 120;

  private final RouterConfig config;
  private final RouterPins pins;

  RouterStatus(RouterConfig config) {
    this.config = config;
    this.pins = new RouterPins(config.pins());
  }

  /** The status as the command prints it. */
  Map<String, Object> read() throws IOException {
    Map<String, Object> status = new LinkedHashMap<>();
    Libbpf.XdpAttachment attachment = new Libbpf.XdpAttachment(0, 0, 0);
    int egress = 0;
    try {
      int interfaceIndex = Libc.interfaceIndex(config.networkInterface());
      attachment = Libbpf.xdpAttachment(interfaceIndex);
      egress = Libbpf.egressProgram(interfaceIndex);
    } catch (NativeException e) {
      status.put("reason", e.getMessage());
    }
    Map<String, Object> program = program(attachment);
    boolean installed = pins.present() && !program.isEmpty();
    status.put("installed", installed);
    status.put(
        "mode",
        switch (attachment.mode()) {
          case Libbpf.XDP_NATIVE -> "native";
          case 0 -> "none";
          default -> "generic";
        });
    status.put("program", program);
    status.put("egress", egress != 0);
    status.put("layout", RouterLayout.LAYOUT);
    if (pins.present()) {
      maps(status);
    }
    return status;
  }

  /** Id and tag when the attached program is the one behind our pinned link. */
  private Map<String, Object> program(Libbpf.XdpAttachment attachment) throws IOException {
    Map<String, Object> program = new LinkedHashMap<>();
    if (attachment.program() == 0 || !Files.exists(pins.link())) {
      return program;
    }
    int link = Libbpf.open(pins.link());
    try {
      ByteBuffer info = Libbpf.info(link);
      int id = info.getInt(8);
      if (id == attachment.program()) {
        program.put("id", id);
        Libbpf.programTag(id).ifPresent(tag -> program.put("tag", HexFormat.of().formatHex(tag)));
      }
    } finally {
      Libc.close(link);
    }
    return program;
  }

  private void maps(Map<String, Object> status) throws IOException {
    long now = System.nanoTime();
    try (RouterMaps maps = RouterMaps.open(pins)) {
      status.put("tableDigest", maps.tableDigest().orElse(""));
      status.put("agentFresh", fresh(now, maps.word("agent", RouterLayout.AGENT_HEARTBEAT), 5));
      status.put("off", maps.word("agent", RouterLayout.AGENT_OFF) != 0);
      status.put("runtimeFresh", fresh(now, maps.word("load", LoadWords.HEARTBEAT_NANOS), 3));
      status.put(
          "draining",
          (maps.flags() & RouterLayout.FLAG_DRAINING) != 0
              || maps.word("load", LoadWords.DRAINING) != 0);
      status.put("pins", maps.livePins(PIN_LIVE_SECONDS, TimeUnit.NANOSECONDS.toSeconds(now)));
      int reachable = 0;
      for (RouterConfig.Node node : config.nodes()) {
        boolean other = node.id() != config.self().id();
        int state = maps.peer(node.id()).state();
        reachable += other && (state & RouterLayout.PEER_REACHABLE) != 0 ? 1 : 0;
      }
      status.put("peers", config.nodes().size() - 1);
      status.put("peersReachable", reachable);
      status.put("gatewayKnown", (maps.flags() & RouterLayout.FLAG_GATEWAY_KNOWN) != 0);
      status.put("counters", maps.counters());
    }
  }

  private static boolean fresh(long now, long heartbeat, long seconds) {
    return heartbeat != 0 && now - heartbeat <= TimeUnit.SECONDS.toNanos(seconds);
  }
}

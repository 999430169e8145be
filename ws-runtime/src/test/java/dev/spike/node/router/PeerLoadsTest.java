package dev.spike.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes' loads through a real cache into real maps. */
class PeerLoadsTest {
  private static final String PASSWORD = "only-for-this-test";
  private static final int UP = RouterLayout.PEER_ALIVE | RouterLayout.PEER_REACHABLE;

  private Path directory;
  private int port;
  private Process redis;
  private RouterPins pins;
  private RouterMaps maps;
  private PeerLoads mine;
  private PeerLoads theirs;

  @BeforeEach
  void up() throws Exception {
    LoadedProgram.assumeRoot();
    directory = Files.createTempDirectory("spike-rt-loads");
    Commands.must("mount", "-t", "bpf", "bpf", Files.createDirectory(bpffs()).toString());
    pins = new RouterPins(bpffs().resolve("n1"));
    pins.create();
    try (BpfObject object = BpfObject.open(RouterInstallation.resource("/router.bpf.o"))) {
      for (String map : RouterPins.MAPS) {
        object.pinMap(map, pins.map(map));
      }
      object.load();
    }
    maps = RouterMaps.open(pins);
    maps.peer(2, new RouterLayout.Peer(address(2), 0, UP, LoadedProgram.MAC_B));
    maps.peer(3, new RouterLayout.Peer(address(3), 0, UP, LoadedProgram.MAC_C));
    startRedis();
    mine = PeerLoads.start(config("n-1")).orElseThrow();
    theirs = PeerLoads.start(config("n-2")).orElseThrow();
  }

  @AfterEach
  void down() throws Exception {
    if (directory == null) {
      return;
    }
    for (PeerLoads loads : new PeerLoads[] {mine, theirs}) {
      if (loads != null) {
        loads.close();
      }
    }
    if (redis != null) {
      redis.destroyForcibly().waitFor();
    }
    if (maps != null) {
      maps.close();
    }
    Commands.must("umount", bpffs().toString());
    try (var files = Files.walk(directory)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  @Test
  void loadsArriveADrainingOrSilentPeerTakesNoFlowsAndALostCacheChangesNothing() throws Exception {
    untilPeer2(450, false, new RouterLayout.Peer(address(2), 450, UP, LoadedProgram.MAC_B));
    untilPeer2(
        10,
        true,
        new RouterLayout.Peer(address(2), 10, RouterLayout.PEER_REACHABLE, LoadedProgram.MAC_B));
    untilPeer2(20, false, new RouterLayout.Peer(address(2), 20, UP, LoadedProgram.MAC_B));

    // Node 3 never reported: after some seconds it takes no new flows.
    for (int i = 0; i < 100 && maps.peer(3).state() == UP; i++) {
      exchange(20, false);
    }
    assertThat(maps.peer(3).state()).isEqualTo(RouterLayout.PEER_REACHABLE);

    redis.destroyForcibly().waitFor();
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
    while (System.nanoTime() < until) {
      exchange(999, true);
    }
    assertThat(maps.peer(2))
        .isEqualTo(new RouterLayout.Peer(address(2), 20, UP, LoadedProgram.MAC_B));
  }

  private void untilPeer2(int load, boolean draining, RouterLayout.Peer expected) throws Exception {
    for (int i = 0; i < 60 && !maps.peer(2).equals(expected); i++) {
      exchange(load, draining);
    }
    assertThat(maps.peer(2)).isEqualTo(expected);
  }

  private void exchange(int load, boolean draining) throws Exception {
    theirs.publish(load, draining);
    mine.publish(0, false);
    Thread.sleep(200);
    mine.take(maps);
  }

  private Path bpffs() {
    return directory.resolve("bpf");
  }

  private static Inet4Address address(int node) {
    return Packets.address(TestFabric.address(node));
  }

  private RouterConfig config(String node) throws IOException {
    Path password = directory.resolve("cache");
    Files.writeString(password, PASSWORD + "\n");
    List<RouterConfig.Node> nodes =
        List.of(
            new RouterConfig.Node(1, "n-1", address(1), 1),
            new RouterConfig.Node(2, "n-2", address(2), 1),
            new RouterConfig.Node(3, "n-3", address(3), 1));
    return new RouterConfig(
        "test",
        node,
        "lo",
        address(1),
        Packets.address("10.77.0.1"),
        pins.directory(),
        Optional.empty(),
        Optional.empty(),
        8443,
        9443,
        nodes,
        false,
        2000,
        2000,
        512,
        256,
        0.1,
        Duration.ofSeconds(5),
        RouterLayout.PINS,
        Optional.of(new RouterConfig.Cache(List.of("127.0.0.1:" + port), password, false)));
  }

  private void startRedis() throws Exception {
    do {
      try (ServerSocket free = new ServerSocket(0)) {
        port = free.getLocalPort();
      }
    } while (port > 55000); // the cluster bus takes port + 10000
    Path file = directory.resolve("redis.conf");
    Files.writeString(
        file,
        String.join(
            "\n",
            "port " + port,
            "bind 127.0.0.1",
            "cluster-enabled yes",
            "cluster-announce-ip 127.0.0.1",
            "requirepass " + PASSWORD,
            "save \"\"",
            "dir " + directory,
            ""));
    redis =
        new ProcessBuilder("redis-server", file.toString())
            .redirectOutput(directory.resolve("redis.log").toFile())
            .redirectErrorStream(true)
            .start();
    RedisURI uri =
        RedisURI.builder()
            .withHost("127.0.0.1")
            .withPort(port)
            .withPassword(PASSWORD.toCharArray())
            .build();
    for (int i = 0; !Files.readString(directory.resolve("redis.log")).contains("Ready"); i++) {
      assertThat(i).as("redis did not start").isLessThan(100);
      Thread.sleep(100);
    }
    try (RedisClient client = RedisClient.create(uri);
        StatefulRedisConnection<String, String> connection = client.connect()) {
      connection.sync().clusterAddSlots(IntStream.range(0, 16384).toArray());
    }
  }
}

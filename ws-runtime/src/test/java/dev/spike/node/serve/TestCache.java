package dev.spike.node.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.node.config.Endpoint;
import dev.spike.node.config.ServeConfig.CacheConfig;
import io.lettuce.core.cluster.SlotHash;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A Redis Cluster of real processes on the loopback: three primaries, a replica for each. */
final class TestCache implements AutoCloseable {
  private static final String PASSWORD = "only-for-this-test";
  private static final int NODES = 6;

  private final Path directory;
  private final Path passwordFile;
  private final List<Integer> ports = new ArrayList<>();
  private final List<Process> processes = new ArrayList<>();
  private final List<ServerSocket> mute = new ArrayList<>();

  /** Starts it in an existing empty directory and returns once every replica is in sync. */
  TestCache(Path directory) throws Exception {
    this.directory = directory;
    this.passwordFile = Files.writeString(directory.resolve("password"), PASSWORD + "\n");
    try {
      for (int i = 0; i < NODES; i++) {
        start(freePort());
      }
      for (int port : ports) {
        await("redis on port " + port + " answers", () -> ask(port, "ping").contains("PONG"));
      }
      form();
    } catch (Exception | AssertionError failed) {
      close();
      throw failed;
    }
  }

  private int freePort() throws IOException {
    while (true) {
      try (ServerSocket free = new ServerSocket(0)) {
        int port = free.getLocalPort();
        // The cluster bus takes port + 10000.
        if (port <= 55_000 && !ports.contains(port)) {
          return port;
        }
      }
    }
  }

  private void start(int port) throws IOException {
    Path home = Files.createDirectory(directory.resolve("redis-" + port));
    Path file = home.resolve("redis.conf");
    Files.writeString(
        file,
        String.join(
            "\n",
            "port " + port,
            "bind 127.0.0.1",
            "cluster-enabled yes",
            "cluster-node-timeout 1500",
            "repl-diskless-sync-delay 0",
            "requirepass " + PASSWORD,
            "masterauth " + PASSWORD,
            "save \"\"",
            "dir " + home,
            ""));
    ports.add(port);
    processes.add(
        new ProcessBuilder("redis-server", file.toString())
            .redirectOutput(home.resolve("log").toFile())
            .redirectErrorStream(true)
            .start());
  }

  private void form() throws Exception {
    List<String> create = new ArrayList<>(List.of("redis-cli", "--cluster", "create"));
    ports.forEach(port -> create.add("127.0.0.1:" + port));
    create.addAll(List.of("--cluster-replicas", "1", "--cluster-yes"));
    String said = run(create);
    if (!said.contains("All 16384 slots covered")) {
      throw new AssertionError("the cluster was not formed: " + said);
    }
    for (int port : ports) {
      await(
          "the cluster is whole to the node on port " + port,
          () -> ask(port, "cluster", "info").contains("cluster_state:ok"));
      await(
          "the replica on port " + port + " is in sync",
          () -> {
            String role = ask(port, "info", "replication");
            return role.contains("role:master") || role.contains("master_link_status:up");
          });
    }
  }

  /** Sends one command to every primary. */
  void tellPrimaries(String... command) throws Exception {
    for (int i = 0; i < NODES; i++) {
      if (isPrimary(i)) {
        ask(ports.get(i), command);
      }
    }
  }

  private boolean isPrimary(int node) throws Exception {
    return processes.get(node).isAlive()
        && ask(ports.get(node), "info", "replication").contains("role:master");
  }

  /** One Redis as the cluster sees it. */
  record Node(String id, int port, boolean primary, String primaryId, String slots) {
    private boolean serves(int slot) {
      for (String range : slots.split(" ")) {
        String[] ends = range.split("-");
        if (ends[0].matches("\\d+")
            && Integer.parseInt(ends[0]) <= slot
            && slot <= Integer.parseInt(ends[ends.length - 1])) {
          return true;
        }
      }
      return false;
    }
  }

  /** The cluster as the node on this port sees it. */
  private static List<Node> seenBy(int port) throws Exception {
    List<Node> seen = new ArrayList<>();
    for (String line : ask(port, "cluster", "nodes").lines().toList()) {
      String[] words = line.split(" ", 9);
      if (words.length >= 8) {
        seen.add(
            new Node(
                words[0],
                Integer.parseInt(words[1].replaceAll(".*:(\\d+)@.*", "$1")),
                words[2].contains("master") && !words[2].contains("fail"),
                words[3],
                words.length > 8 ? words[8] : ""));
      }
    }
    return seen;
  }

  /** The primary that serves a slot, as one that is alive sees it; empty while there is none. */
  Optional<Node> findPrimary(int slot) throws Exception {
    for (int i = 0; i < NODES; i++) {
      if (isPrimary(i)) {
        for (Node node : seenBy(ports.get(i))) {
          if (node.primary && node.serves(slot)) {
            return Optional.of(node);
          }
        }
      }
    }
    return Optional.empty();
  }

  Node primaryOf(int slot) throws Exception {
    return findPrimary(slot).orElseThrow();
  }

  /** A primary other than this one. */
  Node another(Node primary) throws Exception {
    return seenBy(primary.port).stream()
        .filter(node -> node.primary && !node.id.equals(primary.id))
        .findFirst()
        .orElseThrow();
  }

  Node replicaOf(Node primary) throws Exception {
    return seenBy(primary.port).stream()
        .filter(node -> node.primaryId.equals(primary.id))
        .findFirst()
        .orElseThrow();
  }

  /** The slot of a key that is nothing but its tag. */
  static int slotOf(String tag) {
    return SlotHash.getSlot(tag);
  }

  /**
   * Kills a Redis. Its port takes connections but says nothing from then on, as when a whole
   * machine has gone, until the cache is closed.
   */
  void kill(Node node) throws Exception {
    processes.get(ports.indexOf(node.port)).destroyForcibly().waitFor();
    mute.add(new ServerSocket(node.port, 1, InetAddress.getLoopbackAddress()));
  }

  /** Lets nothing run in a Redis until it is {@link #wake woken}. */
  void freeze(Node node) throws Exception {
    signal("-STOP", node);
  }

  void wake(Node node) throws Exception {
    signal("-CONT", node);
  }

  private void signal(String name, Node node) throws Exception {
    long id = processes.get(ports.indexOf(node.port)).pid();
    assertThat(run(List.of("kill", name, Long.toString(id)))).isEmpty();
  }

  /** The shard channels that somebody listens to at a Redis. */
  static Set<String> heardAt(Node node) throws Exception {
    return Set.copyOf(ask(node.port, "pubsub", "shardchannels").lines().toList());
  }

  /** Runs commands, one a line, and fails unless each is answered as expected. */
  static void tell(Node node, String command, String expected) throws Exception {
    // On the standard input, since arguments can be seen by everybody.
    String said = run(List.of("redis-cli", "-p", Integer.toString(node.port)), command + "\n");
    assertThat(said.strip()).as(command).isEqualTo(expected);
  }

  /** Moves all keys of a slot from one primary to another, which does not make it the owner. */
  static void moveKeys(int slot, Node from, Node to) throws Exception {
    List<String> keys =
        ask(from.port, "cluster", "getkeysinslot", Integer.toString(slot), "1000")
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    if (!keys.isEmpty()) {
      tell(
          from,
          "migrate 127.0.0.1 %d \"\" 0 5000 auth %s keys %s"
              .formatted(to.port, PASSWORD, String.join(" ", keys)),
          "OK");
    }
  }

  /** What a node's configuration says of this cache. */
  CacheConfig config() {
    return new CacheConfig(
        ports.stream().map(port -> new Endpoint("127.0.0.1", port)).toList(), passwordFile);
  }

  private static String ask(int port, String... command) throws Exception {
    List<String> line = new ArrayList<>(List.of("redis-cli", "-p", Integer.toString(port)));
    line.addAll(List.of(command));
    return run(line);
  }

  private static String run(List<String> line) throws Exception {
    return run(line, "");
  }

  private static String run(List<String> line, String input) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().put("REDISCLI_AUTH", PASSWORD);
    Process process = builder.start();
    try (OutputStream to = process.getOutputStream()) {
      to.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(process.getInputStream().readAllBytes());
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(line + " did not end");
    }
    return said;
  }

  /** A condition that may fail. */
  interface Condition {
    boolean holds() throws Exception;
  }

  /** Waits at most 15 seconds. */
  static void await(String what, Condition condition) throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (!condition.holds()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("waited 15 s in vain until " + what);
      }
      Thread.sleep(25);
    }
  }

  @Override
  public void close() throws InterruptedException, IOException {
    for (ServerSocket socket : mute) {
      socket.close();
    }
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
  }
}

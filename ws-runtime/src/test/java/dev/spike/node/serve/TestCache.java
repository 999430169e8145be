package dev.spike.node.serve;

import dev.spike.node.config.Endpoint;
import dev.spike.node.config.ServeConfig.CacheConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * Kills one primary that serves slots. Its port takes connections but says nothing from then on,
   * as when a whole machine has gone, until the cache is closed.
   */
  void killPrimary() throws Exception {
    for (int i = 0; i < NODES; i++) {
      if (isPrimary(i)) {
        processes.get(i).destroyForcibly().waitFor();
        mute.add(new ServerSocket(ports.get(i), 1, InetAddress.getLoopbackAddress()));
        return;
      }
    }
    throw new AssertionError("no primary is alive");
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
    ProcessBuilder builder = new ProcessBuilder(line).redirectErrorStream(true);
    builder.environment().put("REDISCLI_AUTH", PASSWORD);
    Process process = builder.start();
    process.getOutputStream().close();
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

package dev.spike.node.router;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The installed router between real kernels' stacks: node 1 forwards every flow it gets. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RouterNamespaceTest {
  private static final int BYTES = 10 * 1024 * 1024;

  private static TestFabric fabric;
  private static Process agent;

  @BeforeAll
  static void up() throws Exception {
    LoadedProgram.assumeRoot();
    fabric = TestFabric.up();
    java("fab", RouterCommand.class, "pass", bridgeEnds());
    for (int node = 1; node <= TestFabric.NODES; node++) {
      start("n" + node, "serve", BulkNode.class, "n" + node, fabric.pins(node).toString());
    }
    for (int node = 1; node <= TestFabric.NODES; node++) {
      configure(node, node == 1 ? "forward-all" : "ladder");
      JsonNode status = router(node, "install");
      assertThat(status.path("installed").asBoolean()).isTrue();
      assertThat(status.path("mode").asText()).isEqualTo("native");
      assertThat(status.path("egress").asBoolean()).isTrue();
      assertThat(status.path("peersReachable").asInt()).isEqualTo(2);
      assertThat(status.path("gatewayKnown").asBoolean()).isTrue();
    }
    agent = start("n1", "agent", RouterCommand.class, "agent", "--config", config(1).toString());
    await("the agent's heartbeat", () -> router(1, "status").path("agentFresh").asBoolean());
    await("the runtime's heartbeat", () -> router(1, "status").path("runtimeFresh").asBoolean());
  }

  @AfterAll
  static void down() throws Exception {
    if (fabric == null) {
      return;
    }
    Path directory = fabric.directory();
    fabric.close();
    assertThat(directory).doesNotExist();
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(directory.toString());
  }

  @Test
  @Order(1)
  void everyForwardedConnectionMovesTenMegabytesEachWayUnderItsOwnAddress() throws Exception {
    Map<String, Integer> client = connect(24, BYTES, 20_000, 4);

    assertThat(client)
        .containsEntry("whole", 24)
        .containsEntry("own", 24)
        .containsEntry("failed", 0);
    assertThat(client).doesNotContainKey("n1");
    JsonNode anchor = counters(1);
    long forwarded = anchor.path("syn-forwarded").asLong();
    assertThat(forwarded).isPositive();
    long direct = 0;
    long decapsulated = 0;
    long replies = 0;
    for (int node = 2; node <= TestFabric.NODES; node++) {
      direct += counters(node).path("local-fail-open").asLong();
      decapsulated += counters(node).path("decapsulated").asLong();
      replies += counters(node).path("reply-encapsulated").asLong();
    }
    assertThat(forwarded + direct).isEqualTo(24);
    // A veth drops what its ring of 256 frames does not hold; TCP sends it again.
    long sent = forwarded + anchor.path("pinned-forwarded").asLong();
    assertThat(decapsulated).isBetween(sent * 9 / 10, sent);
    assertThat(anchor.path("reply-relayed").asLong()).isBetween(replies * 9 / 10, replies);
    long packets = BYTES / 3000;
    assertThat(anchor.path("pinned-forwarded").asLong()).isGreaterThan(forwarded * packets);
    assertThat(replies).isGreaterThan(forwarded * packets);
    System.err.println("forwarded " + forwarded + " of 24 flows: " + anchor);
  }

  @Test
  @Order(2)
  void allNodesHoldTheSameTable() throws Exception {
    String digest = router(1, "status").path("tableDigest").asText();
    assertThat(digest).hasSize(64);
    for (int node = 2; node <= TestFabric.NODES; node++) {
      assertThat(router(node, "status").path("tableDigest").asText()).isEqualTo(digest);
    }
  }

  @Test
  @Order(3)
  void withoutTheEgressProgramForwardedConnectionsFailAndInstallRepairs() throws Exception {
    for (int node = 2; node <= TestFabric.NODES; node++) {
      fabric.in("n" + node, "tc", "filter", "del", "dev", "eth0", "egress");
      assertThat(router(node, "status").path("egress").asBoolean()).isFalse();
    }
    long before = counters(1).path("syn-forwarded").asLong();
    Map<String, Integer> broken = connect(18, BYTES / 100, 2500, 18);
    long forwarded = counters(1).path("syn-forwarded").asLong() - before;
    assertThat(forwarded).isPositive();
    assertThat(broken).containsEntry("failed", (int) forwarded);

    for (int node = 2; node <= TestFabric.NODES; node++) {
      assertThat(router(node, "install").path("egress").asBoolean()).isTrue();
    }
    assertThat(connect(18, BYTES, 10_000, 6)).containsEntry("whole", 18).containsEntry("failed", 0);
  }

  @Test
  @Order(4)
  void anUpgradeUnderLoadBreaksNoFlow() throws Exception {
    Process client = startClient(12, BYTES, 20_000, 3);
    int upgrades = 0;
    while (client.isAlive()) {
      assertThat(router(1, "install").path("installed").asBoolean()).isTrue();
      upgrades++;
    }
    assertThat(upgrades).isPositive();
    assertThat(client.exitValue()).isZero();
    assertThat(result(Files.readString(log("client"))))
        .containsEntry("whole", 12)
        .containsEntry("failed", 0);
  }

  @Test
  @Order(5)
  void drainingIsMarkedAndUndone() throws Exception {
    assertThat(router(2, "drain").path("draining").asBoolean()).isTrue();
    assertThat(router(2, "apply").path("draining").asBoolean()).isTrue();
    assertThat(router(2, "drain", "--undo").path("draining").asBoolean()).isFalse();
  }

  @Test
  @Order(6)
  void whenTheAgentDiesTheNodeServesItsFlowsItself() throws Exception {
    agent.destroyForcibly().waitFor();
    await("a stale agent", () -> !router(1, "status").path("agentFresh").asBoolean());
    Map<String, Integer> client = connect(18, SMALL_BYTES, 10_000, 6);
    assertThat(client).containsEntry("whole", 18).containsEntry("own", 18);
    assertThat(client.getOrDefault("n1", 0)).isPositive();
    assertThat(counters(1).path("local-fail-open").asLong()).isPositive();
  }

  @Test
  @Order(7)
  void removeLeavesNothingAndMayBeRepeated() throws Exception {
    for (int round = 0; round < 2; round++) {
      JsonNode status = router(1, "remove");
      assertThat(status.path("installed").asBoolean()).isFalse();
      assertThat(status.path("mode").asText()).isEqualTo("none");
      assertThat(status.path("egress").asBoolean()).isFalse();
      assertThat(fabric.pins(1)).doesNotExist();
    }
    assertThat(fabric.in("n1", "ip", "link", "show", "eth0")).doesNotContain("xdp");
    Commands.Result refused = command(1, "apply");
    assertThat(refused.exitCode()).isEqualTo(RouterException.UNAVAILABLE);
    assertThat(refused.out()).contains("error").contains("router install");
  }

  private static final int SMALL_BYTES = BYTES / 100;

  private interface Check {
    boolean holds() throws Exception;
  }

  private static void await(String what, Check check) throws Exception {
    for (int i = 0; i < 60; i++) {
      if (check.holds()) {
        return;
      }
      Thread.sleep(200);
    }
    throw new AssertionError(what + " did not come in time");
  }

  private static String[] bridgeEnds() {
    List<String> options = new ArrayList<>();
    for (int node = 1; node <= TestFabric.NODES; node++) {
      options.add("--interface");
      options.add("pn" + node);
    }
    return options.toArray(String[]::new);
  }

  private static Path config(int node) {
    return fabric.directory().resolve("n" + node + ".router.json");
  }

  private static Path log(String name) {
    return fabric.directory().resolve(name + ".log");
  }

  private static void configure(int node, String mode) throws IOException {
    ObjectMapper json = new ObjectMapper();
    var root = json.createObjectNode();
    root.put("event", "test").put("node", "n-" + node).put("interface", "eth0");
    root.put("address", TestFabric.address(node)).put("gateway", "10.77.0.1");
    root.put("pins", fabric.pins(node).toString()).put("mode", mode);
    var nodes = root.putArray("nodes");
    for (int id = 1; id <= TestFabric.NODES; id++) {
      nodes
          .addObject()
          .put("id", id)
          .put("name", "n-" + id)
          .put("address", TestFabric.address(id))
          .put("weight", 1);
    }
    Files.writeString(config(node), json.writeValueAsString(root));
  }

  private static JsonNode router(int node, String... verb) throws Exception {
    Commands.Result result = command(node, verb);
    assertThat(result.exitCode()).as(result.out()).isZero();
    return new ObjectMapper().readTree(result.out());
  }

  private static Commands.Result command(int node, String... verb) throws Exception {
    List<String> arguments = new ArrayList<>(List.of(verb));
    arguments.add("--config");
    arguments.add(config(node).toString());
    return fabric.tryIn("n" + node, javaCommand(RouterCommand.class, arguments));
  }

  private static JsonNode counters(int node) throws Exception {
    return router(node, "status").path("counters");
  }

  private static void java(String name, Class<?> main, String verb, String... arguments)
      throws Exception {
    List<String> all = new ArrayList<>(List.of(verb));
    all.addAll(List.of(arguments));
    fabric.in(name, javaCommand(main, all));
  }

  private static Process start(String name, String log, Class<?> main, String... arguments)
      throws IOException {
    return fabric.start(name, log(name + "." + log), javaCommand(main, List.of(arguments)));
  }

  private static Map<String, Integer> connect(
      int connections, int bytes, int timeoutMillis, int parallel) throws Exception {
    Process client = startClient(connections, bytes, timeoutMillis, parallel);
    assertThat(client.waitFor(90, TimeUnit.SECONDS)).isTrue();
    return result(Files.readString(log("client")));
  }

  private static Process startClient(int connections, int bytes, int timeoutMillis, int parallel)
      throws IOException {
    return fabric.start(
        "cli",
        log("client"),
        javaCommand(
            BulkClient.class,
            List.of("" + connections, "" + bytes, "" + timeoutMillis, "" + parallel)));
  }

  private static Map<String, Integer> result(String log) {
    Map<String, Integer> values = new HashMap<>();
    String line =
        log.lines()
            .filter(one -> one.startsWith("whole="))
            .findFirst()
            .orElseThrow(() -> new AssertionError("the client said: " + log));
    for (String pair : line.split(" ")) {
      values.put(pair.split("=")[0], Integer.parseInt(pair.split("=")[1]));
    }
    return values;
  }

  private static String[] javaCommand(Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx96m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(arguments);
    return command.toArray(String[]::new);
  }
}

package dev.spike.cli.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spike.core.warm.CheckResult;
import dev.spike.core.warm.WarmReport;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * One warm tier, broken by hand one way at a time: exactly the check that looks at it fails, only
 * checks that depend on it are blocked, and the repair touches nothing else.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrokenTierIT {
  private WarmTier tier;

  @BeforeAll
  void raise(@TempDir Path folder) throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")),
        "skipped: a tier in network namespaces needs root");
    tier = WarmTier.raise("it-broken", folder);
  }

  @AfterAll
  void remove() throws Exception {
    if (tier != null) {
      tier.close();
    }
  }

  @Test
  void aKilledNodeFailsTheNodesCheck() throws Exception {
    WarmTier.kill(tier.one("SPIKE_PART=node-a-1/serve"));

    assertFailsAlone(
        "nodes", "nodes-ready", "router", "cache-lag", "handshake", "spread", "resume");
    tier.assertRepairTouchesOnly("node-fleet/a", "node-warm-up/a", "router-installation/a");
  }

  /** Its process is there but answers nothing, so the node is not whole: not a matter of warmth. */
  @Test
  void aStoppedNodeFailsTheNodesCheck() throws Exception {
    long pid = tier.one("SPIKE_PART=node-b-1/serve");
    TestTier.run("kill", "-STOP", Long.toString(pid));
    try {
      assertFailsAlone(
          "nodes", "nodes-ready", "router", "cache-lag", "handshake", "spread", "resume");
    } finally {
      TestTier.run("kill", "-CONT", Long.toString(pid));
    }
    // The balancer chooses it again after two checks; nothing is there to be repaired.
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    WarmReport report = tier.verify();
    while (!report.passed() && System.nanoTime() < until) {
      report = tier.verify();
    }
    assertThat(report.passed()).as(report.toString()).isTrue();
  }

  @Test
  void aMissingNftablesTableFailsTheBalancer() throws Exception {
    tier.on("balancer", "nft", "flush", "ruleset");

    assertFailsAlone("balancer", "handshake", "spread");
    tier.assertRepairTouchesOnly("listener", "balancer");
  }

  @Test
  void aKilledRedisFailsTheCache() throws Exception {
    WarmTier.kill(tier.one("SPIKE_PART=cache-a-1/redis"));

    assertFailsAlone("cache", "cache-lag", "nodes-ready", "handshake", "spread", "resume");
    tier.assertRepairTouchesOnly("cache");
  }

  @Test
  void aKilledRouterAgentFailsTheRouter() throws Exception {
    WarmTier.kill(tier.one("SPIKE_PART=node-c-1/agent"));

    assertFailsAlone("router");
    tier.assertRepairTouchesOnly("router-installation/c");
  }

  @Test
  void aTamperedBundleFailsTheBundle() throws Exception {
    Path jar = tier.folder().resolve("bundle").resolve("spike-node.jar");
    Files.write(jar, new byte[] {0}, StandardOpenOption.APPEND);

    // What a changed bundle says of the rest is no evidence, so all that runs it is blocked.
    assertFailsAlone(
        "bundle", "cache-lag", "nodes-ready", "router", "handshake", "spread", "resume");
    tier.assertRepairTouchesOnly("bundle");
  }

  @Test
  void aLostCertificateFailsTheCertificate() throws Exception {
    Files.delete(tier.folder().resolve("tls").resolve("server.crt"));

    assertFailsAlone("certificate", "cache-lag", "handshake", "spread", "resume");
    tier.assertRepairTouchesOnly(
        "certificate",
        "node-fleet/a",
        "node-fleet/b",
        "node-fleet/c",
        "node-warm-up/a",
        "node-warm-up/b",
        "node-warm-up/c");
  }

  /** For the bad night: every node takes what lands on it, and nobody can forget that. */
  @Test
  void aRouterSwitchedOffFailsTheRouter() throws Exception {
    tier.spike("router", "off");
    try {
      assertFailsAlone("router");
      assertThat(tier.spike("router", "status").stdout()).contains("on at 0, off at 3 of 3 nodes");
    } finally {
      tier.spike("router", "on");
    }

    assertThat(tier.spike("router", "status").stdout()).contains("on at 3, off at 0 of 3 nodes");
    assertThat(tier.verify().passed()).isTrue();
  }

  /** Harmless at any hour: who is connected while the checks run notices nothing. */
  @Test
  void verifyingCutsNobodyWhoIsConnected() throws Exception {
    Process clients = tier.connect(300, Duration.ofSeconds(25));

    WarmReport report = tier.verify();

    assertThat(report.passed()).as(report.toString()).isTrue();
    assertThat(clients.isAlive()).as("the clients are still connected").isTrue();
    String result = new String(clients.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(clients.waitFor()).as(result).isZero();
    JsonNode held = new ObjectMapper().readTree(result);
    assertThat(held.path("connected").asInt()).as(result).isEqualTo(300);
    assertThat(held.path("heldToEnd").asInt()).as(result).isEqualTo(300);
    assertThat(held.path("messagesReceived").asLong())
        .as(result)
        .isPositive()
        .isEqualTo(held.path("messagesExpected").asLong());
  }

  private void assertFailsAlone(String check, String... dependents) throws Exception {
    WarmReport report = tier.verify();
    assertThat(ids(report, CheckResult.Status.FAILED)).as(report.toString()).containsExactly(check);
    assertThat(ids(report, CheckResult.Status.BLOCKED)).containsExactlyInAnyOrder(dependents);
    assertThat(report.passed()).isFalse();
  }

  private static Set<String> ids(WarmReport report, CheckResult.Status status) {
    Set<String> ids = new TreeSet<>();
    for (CheckResult check : report.checks()) {
      if (check.status() == status) {
        ids.add(check.id());
      }
    }
    return ids;
  }
}

package dev.spike.cli.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * One warm tier from which each kind of part is taken away once. Provision and warm bring back that
 * part, take no step of another one, and the tier is warm again.
 *
 * <p>A namespace that loses its name while processes are in it lives on unseen: the repair must not
 * be misled by what is left in there.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepairIT {
  private static final Pattern TRANSLATING_RULE = Pattern.compile("dnat.*# handle (\\d+)");

  private WarmTier tier;

  @BeforeAll
  void raise(@TempDir Path folder) throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")),
        "skipped: a tier in network namespaces needs root");
    tier = WarmTier.raise("it-repair", folder);
  }

  @AfterAll
  void remove() throws Exception {
    if (tier != null) {
      tier.close();
    }
  }

  @Test
  void theNamespaceOfANode() throws Exception {
    unname("node-a-1");

    tier.assertRepairTouchesOnly("node-fleet/a", "router-installation/a", "node-warm-up/a");
  }

  /** Two hosts of one name cannot stand side by side here; what is left is as before. */
  @Test
  void oneNodeIsReplacedInItsPlaceAndTheTierIsWarmAgain() throws Exception {
    long server = tier.one("SPIKE_PART=node-a-1/serve");

    TestTier.Ran ran = tier.spike("provision", "--replace", "a-1");

    assertThat(ran.stdout()).contains("node a-1 replaced in ");
    assertThat(ran.stderr()).contains("cannot stand side by side");
    assertThat(tier.one("SPIKE_PART=node-a-1/serve")).isNotEqualTo(server);
    assertThat(Files.exists(tier.folder().resolve("conf/a-1.replacing"))).isFalse();
    assertThat(tier.spike("provision", "--now").stdout()).contains("0 created, 0 updated");
    assertThat(tier.verify().passed()).isTrue();
  }

  @Test
  void theNamespaceOfARedis() throws Exception {
    unname("cache-b-1");

    tier.assertRepairTouchesOnly("cache");
  }

  @Test
  void theNamespaceOfTheBalancer() throws Exception {
    unname("balancer");

    tier.assertRepairTouchesOnly("balancer", "listener");
  }

  @Test
  void theNamespaceOfTheClients() throws Exception {
    unname("client");

    tier.assertRepairTouchesOnly("network", "balancer", "listener");
  }

  /** All links go with the bridge, so every host is wired again; no server is started anew. */
  @Test
  void theNamespaceOfTheBridge() throws Exception {
    long server = tier.one("SPIKE_PART=node-b-1/serve");
    unname("fabric");

    tier.assertRepairTouchesOnly(
        "network",
        "balancer",
        "listener",
        "cache",
        "node-fleet/a",
        "node-fleet/b",
        "node-fleet/c",
        "router-installation/a",
        "router-installation/b",
        "router-installation/c",
        "node-warm-up/a",
        "node-warm-up/b",
        "node-warm-up/c");
    assertThat(tier.one("SPIKE_PART=node-b-1/serve")).isEqualTo(server);
  }

  @Test
  void theLinkOfANode() throws Exception {
    tier.on("node-c-1", "ip", "link", "del", "eth0");

    tier.assertRepairTouchesOnly("node-fleet/c", "router-installation/c", "node-warm-up/c");
  }

  @Test
  void onePinOfTheRouter() throws Exception {
    Path pins = tier.folder().resolve("bpf").resolve("b-1");
    try (Stream<Path> all = Files.list(pins)) {
      Files.delete(all.sorted().findFirst().orElseThrow());
    }

    tier.assertRepairTouchesOnly("router-installation/b");
  }

  @Test
  void allPinsOfTheRouter() throws Exception {
    TestTier.run("umount", tier.folder().resolve("bpf").toString());

    tier.assertRepairTouchesOnly(
        "router-installation/a", "router-installation/b", "router-installation/c");
  }

  @Test
  void theProgramOnWhatLeavesANode() throws Exception {
    tier.on("node-a-1", "tc", "qdisc", "del", "dev", "eth0", "clsact");

    tier.assertRepairTouchesOnly("router-installation/a");
  }

  @Test
  void theRuleThatSpreadsConnections() throws Exception {
    Matcher rule =
        TRANSLATING_RULE.matcher(tier.on("balancer", "nft", "-a", "list", "table", "ip", "spike"));
    assertThat(rule.find()).isTrue();
    tier.on("balancer", "nft", "delete", "rule", "ip", "spike", "spread", "handle", rule.group(1));

    tier.assertRepairTouchesOnly("listener");
  }

  @Test
  void theHealthChecksOfTheBalancer() throws Exception {
    WarmTier.kill(tier.one("SPIKE_PART=balancer/health"));

    tier.assertRepairTouchesOnly("listener");
  }

  @Test
  void aReplicaOfTheCache() throws Exception {
    WarmTier.kill(tier.one("SPIKE_PART=cache-c-2/redis"));

    tier.assertRepairTouchesOnly("cache");
  }

  private void unname(String host) throws Exception {
    TestTier.run("ip", "netns", "del", tier.namespace(host));
  }
}

package dev.spike.cli.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.spike.core.apply.Ending;
import dev.spike.core.apply.Outcome;
import dev.spike.core.apply.ProvisionOptions;
import dev.spike.core.apply.RunListener;
import dev.spike.core.apply.RunResult;
import dev.spike.core.apply.StepEvent;
import dev.spike.core.apply.Stop;
import dev.spike.core.apply.TierRun;
import dev.spike.core.apply.WarmOptions;
import dev.spike.core.plan.Diagnostic;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Provider;
import dev.spike.core.warm.CheckResult;
import dev.spike.core.warm.WarmReport;
import dev.spike.core.warm.WarmVerification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
  private TestTier tier;
  private Plan plan;
  private Provider provider;

  @BeforeAll
  void raise(@TempDir Path folder) throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")),
        "skipped: a tier in network namespaces needs root");
    tier = TestTier.planned("it-broken", folder, 3);
    plan = tier.plan();
    provider = TestTier.provider(plan);
    TestTier.Ran provisioned = tier.spike("provision", tier.planFile.toString(), "--now");
    assertThat(provisioned.exitCode()).as(provisioned.toString()).isZero();
    TestTier.Ran warmed = tier.spike("warm", tier.planFile.toString(), "--verify");
    assertThat(warmed.exitCode()).as(warmed.toString()).isZero();
  }

  @AfterAll
  void remove() throws Exception {
    if (tier == null) {
      return;
    }
    if (provider != null) {
      provider.close();
    }
    TestTier.Ran removed = tier.spike("teardown", tier.planFile.toString(), "--force");
    assertThat(removed.exitCode()).as(removed.toString()).isZero();
    assertThat(tier.leftovers()).isEmpty();
  }

  @Test
  void aKilledNodeFailsTheNodesCheck() throws Exception {
    kill(one("SPIKE_PART=node-a-1/serve"));

    assertFailsAlone(
        "nodes", "nodes-ready", "router", "cache-lag", "handshake", "spread", "resume");
    assertRepairTouchesOnly("node-fleet/a", "node-warm-up/a", "router-installation/a");
  }

  /** Its process is there but answers nothing, so the node is not whole: not a matter of warmth. */
  @Test
  void aStoppedNodeFailsTheNodesCheck() throws Exception {
    long pid = one("SPIKE_PART=node-b-1/serve");
    TestTier.run("kill", "-STOP", Long.toString(pid));
    try {
      assertFailsAlone(
          "nodes", "nodes-ready", "router", "cache-lag", "handshake", "spread", "resume");
    } finally {
      TestTier.run("kill", "-CONT", Long.toString(pid));
    }
    // The balancer chooses it again after two checks; nothing is there to be repaired.
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    WarmReport report = verify();
    while (!report.passed() && System.nanoTime() < until) {
      report = verify();
    }
    assertThat(report.passed()).as(report.toString()).isTrue();
  }

  @Test
  void aMissingNftablesTableFailsTheBalancer() throws Exception {
    TestTier.run(
        "nsenter", "--net=/run/netns/spike." + tier.event + ".balancer", "nft", "flush", "ruleset");

    assertFailsAlone("balancer", "handshake", "spread");
    assertRepairTouchesOnly("listener", "balancer");
  }

  @Test
  void aKilledRedisFailsTheCache() throws Exception {
    kill(one("SPIKE_PART=cache-a-1/redis"));

    assertFailsAlone("cache", "cache-lag", "nodes-ready", "handshake", "spread", "resume");
    assertRepairTouchesOnly("cache");
  }

  @Test
  void aKilledRouterAgentFailsTheRouter() throws Exception {
    kill(one("SPIKE_PART=node-c-1/agent"));

    assertFailsAlone("router");
    assertRepairTouchesOnly("router-installation/c");
  }

  @Test
  void aTamperedBundleFailsTheBundle() throws Exception {
    Path jar = Path.of("/run/spike", tier.event, "bundle", "spike-node.jar");
    Files.write(jar, new byte[] {0}, StandardOpenOption.APPEND);

    // What a changed bundle says of the rest is no evidence, so all that runs it is blocked.
    assertFailsAlone(
        "bundle", "cache-lag", "nodes-ready", "router", "handshake", "spread", "resume");
    assertRepairTouchesOnly("bundle");
  }

  @Test
  void aLostCertificateFailsTheCertificate() throws Exception {
    Files.delete(Path.of("/run/spike", tier.event, "tls", "server.crt"));

    assertFailsAlone("certificate", "cache-lag", "handshake", "spread", "resume");
    assertRepairTouchesOnly(
        "certificate",
        "node-fleet/a",
        "node-fleet/b",
        "node-fleet/c",
        "node-warm-up/a",
        "node-warm-up/b",
        "node-warm-up/c");
  }

  private void assertFailsAlone(String check, String... dependents) throws Exception {
    WarmReport report = verify();
    assertThat(ids(report, CheckResult.Status.FAILED)).as(report.toString()).containsExactly(check);
    assertThat(ids(report, CheckResult.Status.BLOCKED)).containsExactlyInAnyOrder(dependents);
    assertThat(report.passed()).isFalse();
  }

  private void assertRepairTouchesOnly(String... resources) throws Exception {
    Quiet quiet = new Quiet();
    TierRun run = new TierRun(provider, Clock.systemUTC(), quiet, new Stop());
    RunResult provisioned =
        run.provision(
            plan,
            new ProvisionOptions(
                true, null, false, false, Duration.ofSeconds(90), Duration.ofSeconds(5)));
    assertThat(provisioned.ending()).as(provisioned.toString()).isEqualTo(Ending.DONE);
    RunResult warmed =
        run.warm(plan, new WarmOptions(Duration.ofSeconds(90), Duration.ofSeconds(5)));
    assertThat(warmed.ending()).as(warmed.toString()).isEqualTo(Ending.DONE);
    List<Outcome> outcomes = new ArrayList<>(provisioned.outcomes());
    outcomes.addAll(warmed.outcomes());
    assertThat(outcomes).isNotEmpty();
    assertThat(outcomes.stream().map(outcome -> outcome.id().value())).isSubsetOf(resources);
    WarmReport report = verify();
    assertThat(report.passed()).as(report.toString()).isTrue();
  }

  private WarmReport verify() throws Exception {
    return new WarmVerification(provider, plan, Clock.systemUTC())
        .run(result -> {}, Deadline.in(Clock.systemUTC(), Duration.ofSeconds(120)));
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

  private long one(String... texts) throws Exception {
    List<Long> found = new ArrayList<>(tier.processes(texts[0]));
    for (String text : texts) {
      found.retainAll(tier.processes(text));
    }
    assertThat(found).as("processes with %s", List.of(texts)).isNotEmpty();
    return found.getFirst();
  }

  private static void kill(long pid) throws Exception {
    TestTier.run("kill", "-KILL", Long.toString(pid));
    while (Files.exists(Path.of("/proc", Long.toString(pid), "exe"))) {
      Thread.sleep(20);
    }
  }

  /** Keeps nothing: the result says all that these tests ask. */
  private static final class Quiet implements RunListener {
    @Override
    public void step(StepEvent event) {}

    @Override
    public void note(String sentence) {}

    @Override
    public void diagnostic(Diagnostic diagnostic) {}
  }
}

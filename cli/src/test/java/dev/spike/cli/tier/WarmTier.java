package dev.spike.cli.tier;

import static org.assertj.core.api.Assertions.assertThat;

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
import dev.spike.core.warm.WarmReport;
import dev.spike.core.warm.WarmVerification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A tier of three zones that is up and warm, to be broken by hand and repaired. */
final class WarmTier implements AutoCloseable {
  private final TestTier tier;
  private final Plan plan;
  private final Provider provider;

  private WarmTier(TestTier tier, Plan plan, Provider provider) {
    this.tier = tier;
    this.plan = plan;
    this.provider = provider;
  }

  static WarmTier raise(String prefix, Path folder) throws Exception {
    TestTier tier = TestTier.planned(prefix, folder, 3);
    Plan plan = tier.plan();
    WarmTier warm = new WarmTier(tier, plan, TestTier.provider(plan));
    try {
      TestTier.Ran provisioned = tier.spike("provision", tier.planFile.toString(), "--now");
      assertThat(provisioned.exitCode()).as(provisioned.toString()).isZero();
      TestTier.Ran warmed = tier.spike("warm", tier.planFile.toString(), "--verify");
      assertThat(warmed.exitCode()).as(warmed.toString()).isZero();
      return warm;
    } catch (Exception | AssertionError failure) {
      try {
        warm.close();
      } catch (Exception | AssertionError second) {
        failure.addSuppressed(second);
      }
      throw failure;
    }
  }

  String event() {
    return tier.event;
  }

  /** Where the event keeps its files. */
  Path folder() {
    return Path.of("/run/spike", tier.event);
  }

  String namespace(String host) {
    return "spike." + tier.event + "." + host;
  }

  /** Runs a program of the system on a host of the tier. */
  String on(String host, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + namespace(host)));
    all.addAll(List.of(words));
    return TestTier.run(all.toArray(String[]::new));
  }

  /** The first process of the event that carries the text. */
  long one(String text) throws Exception {
    List<Long> found = tier.processes(text);
    assertThat(found).as("processes with %s", text).isNotEmpty();
    return found.getFirst();
  }

  static void kill(long pid) throws Exception {
    TestTier.run("kill", "-KILL", Long.toString(pid));
    while (Files.exists(Path.of("/proc", Long.toString(pid), "exe"))) {
      Thread.sleep(20);
    }
  }

  /** Runs a verb with this tier's plan; it must end well. */
  TestTier.Ran spike(String... verb) throws Exception {
    List<String> words = new ArrayList<>(List.of(verb));
    words.add(tier.planFile.toString());
    TestTier.Ran ran = tier.spike(words.toArray(String[]::new));
    assertThat(ran.exitCode()).as(ran.toString()).isZero();
    return ran;
  }

  /** Clients from outside, which hold that long; the process prints one JSON object at its end. */
  Process connect(int clients, Duration held) throws Exception {
    String front = provider.nodes(plan.event().name()).fronts().values().iterator().next();
    return new ProcessBuilder(
            "nsenter",
            "--net=/run/netns/" + namespace("client"),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "-jar",
            Path.of(System.getProperty("spike.home"), "bundle", "spike-node.jar").toString(),
            "load",
            "--target",
            front,
            "--host",
            plan.service().host(),
            "--ca",
            folder().resolve("tls").resolve("ca.crt").toString(),
            "--fleet-secret",
            folder().resolve("secrets").resolve("fleet").toString(),
            "--connections",
            Integer.toString(clients),
            "--rate",
            "100",
            "--hold",
            Long.toString(held.toSeconds()),
            "--messages",
            "2")
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  WarmReport verify() throws Exception {
    return new WarmVerification(provider, plan, Clock.systemUTC())
        .run(result -> {}, Deadline.in(Clock.systemUTC(), Duration.ofSeconds(120)));
  }

  /** Both stages once, which take steps of these resources alone; then every check passes. */
  void assertRepairTouchesOnly(String... resources) throws Exception {
    TierRun run = new TierRun(provider, Clock.systemUTC(), new Quiet(), new Stop());
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

  /** Takes the tier down through the command line and proves that nothing is left. */
  @Override
  public void close() throws Exception {
    provider.close();
    TestTier.Ran removed = tier.spike("teardown", tier.planFile.toString(), "--force");
    assertThat(removed.exitCode()).as(removed.toString()).isZero();
    assertThat(tier.leftovers()).isEmpty();
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

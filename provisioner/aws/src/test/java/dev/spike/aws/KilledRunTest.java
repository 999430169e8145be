package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.aws.emulator.CloudPlans;
import dev.spike.aws.emulator.InstalledBundle;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.aws.emulator.PlatformTeam;
import dev.spike.core.apply.Ending;
import dev.spike.core.apply.RunResult;
import dev.spike.core.plan.Plan;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes killed by SIGKILL in the middle of a call: the control of {@link CrashMatrixTest}. */
class KilledRunTest {
  private static final Duration START = Duration.ofSeconds(60);

  @RegisterExtension static final MotoServer AWS = MotoServer.extended();
  @RegisterExtension static final InstalledBundle BUNDLE = new InstalledBundle();

  @TempDir Path folder;
  private Plan plan;
  private SortedMap<String, List<String>> before;

  @BeforeEach
  void give() throws Exception {
    AWS.set(Map.of("quotas", PlatformTeam.QUOTAS));
    plan = CloudPlans.plan(folder, "killed", 500, PlatformTeam.gives(AWS));
    before = AWS.left();
  }

  @ParameterizedTest
  @CsvSource({
    "ec2:CreateVpc, hold-after",
    "ec2:CreateFleet, hold-before",
    "ec2:CreateFleet, hold-after",
    "elasticloadbalancing:RegisterTargets, hold-after"
  })
  void aKilledProvisionIsContinuedByTheNextWithNothingTwice(String call, String when)
      throws Exception {
    try (Program reference = Program.started(AWS, plan)) {
      reference.provision();
    }
    SortedMap<String, Integer> whole = Program.sizes(AWS.left());
    AWS.reset();
    give();

    kill("provision", call, when);
    RunResult early = run(Duration.ZERO, true);
    RunResult next = run(Program.AFTER_ITS_LEASE.plus(Program.AFTER_ITS_LEASE), true);

    assertThat(early.ending()).isEqualTo(Ending.LEASE_HELD);
    assertThat(early.diagnostics().getLast().detail()).contains("held by");
    assertThat(next.ending()).as("%s", next.diagnostics()).isEqualTo(Ending.DONE);
    assertThat(Program.sizes(AWS.left())).isEqualTo(whole);
    assertThat(run(Program.AFTER_ITS_LEASE, false).ending()).isEqualTo(Ending.DONE);
    assertThat(AWS.left()).isEqualTo(before);
  }

  @Test
  void aKilledTeardownIsContinuedByTheNextAndLeavesNothing() throws Exception {
    run(Duration.ZERO, true);

    kill("teardown", "ec2:TerminateInstances", "hold-after");
    RunResult next = run(Program.AFTER_ITS_LEASE.plus(Program.AFTER_ITS_LEASE), false);

    assertThat(next.ending()).as("%s", next.diagnostics()).isEqualTo(Ending.DONE);
    assertThat(AWS.left()).isEqualTo(before);
  }

  private RunResult run(Duration later, boolean provision) throws Exception {
    try (Program program = Program.started(AWS, plan, later)) {
      return provision ? program.provision() : program.teardown();
    }
  }

  /** Starts the program and kills it while it waits for the answer to its first such call. */
  private void kill(String verb, String call, String when) throws Exception {
    Map<String, Object> rule = new TreeMap<>();
    rule.put("effect", when);
    rule.put("service", call.replaceFirst(":.*", ""));
    rule.put("action", call.replaceFirst(".*:", ""));
    rule.put("times", 1);
    int hold = AWS.fault(rule);
    Process process = process(verb);
    try {
      assertThat(AWS.held(START)).containsExactly(call);
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as("SIGKILL").isEqualTo(128 + 9);
    AWS.drop();
    AWS.heal(hold);
  }

  private Process process(String verb) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Djava.io.tmpdir=" + folder, // what a killed process leaves goes with the test
            "-Dspike.home=" + Objects.requireNonNull(System.getProperty("spike.home")),
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Program.class.getName(),
            AWS.endpoint().toString(),
            folder.resolve("event.yaml").toString(),
            verb)
        .redirectErrorStream(true)
        .redirectOutput(new File("/dev/null"))
        .start();
  }
}

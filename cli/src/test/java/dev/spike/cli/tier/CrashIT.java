package dev.spike.cli.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that is ended midway, by force or by a signal, and what the next command makes of it. */
class CrashIT {
  @TempDir Path folder;

  @BeforeEach
  void needsRoot() {
    assumeTrue(
        "root".equals(System.getProperty("user.name")),
        "skipped: a tier in network namespaces needs root");
  }

  @ParameterizedTest
  @ValueSource(ints = {700, 1500, 2500, 4000, 6000})
  void teardownLeavesNothingAfterProvisionWasKilled(int millis) throws Exception {
    TestTier tier = TestTier.planned("it-kill", folder, 3);
    Process process = tier.start("provision", tier.planFile.toString(), "--now");
    process.waitFor(millis, TimeUnit.MILLISECONDS);
    process.destroyForcibly().waitFor();

    TestTier.Ran removed = tier.spike("teardown", tier.planFile.toString(), "--force");

    assertThat(removed.exitCode()).as(removed.toString()).isZero();
    assertThat(tier.leftovers()).isEmpty();
  }

  /** A teardown that was killed is finished by the next one, wherever it had come to. */
  @Test
  void aKilledTeardownIsFinishedByTheNext() throws Exception {
    TestTier tier = TestTier.planned("it-down", folder, 3);
    TestTier.Ran built = tier.spike("provision", tier.planFile.toString(), "--now");
    assertThat(built.exitCode()).as(built.toString()).isZero();
    for (int millis = 400; millis <= 1600; millis += 300) {
      Process killed = tier.start("teardown", tier.planFile.toString(), "--force");
      killed.waitFor(millis, TimeUnit.MILLISECONDS);
      killed.destroyForcibly().waitFor();
    }

    TestTier.Ran removed = tier.spike("teardown", tier.planFile.toString(), "--force");

    assertThat(removed.exitCode()).as(removed.toString()).isZero();
    assertThat(tier.leftovers()).isEmpty();
  }

  /** Killed while routers are installed and nodes warm themselves. */
  @Test
  void warmConvergesAfterItWasKilled() throws Exception {
    TestTier tier = TestTier.planned("it-warm", folder, 3);
    try {
      TestTier.Ran built = tier.spike("provision", tier.planFile.toString(), "--now");
      assertThat(built.exitCode()).as(built.toString()).isZero();
      for (int millis : new int[] {1500, 2500, 5000}) {
        Process killed = tier.start("warm", tier.planFile.toString());
        killed.waitFor(millis, TimeUnit.MILLISECONDS);
        killed.destroyForcibly().waitFor();
      }

      TestTier.Ran verified = tier.spike("warm", tier.planFile.toString(), "--verify");

      assertThat(verified.exitCode()).as(verified.toString()).isZero();
    } finally {
      TestTier.Ran removed = tier.spike("teardown", tier.planFile.toString(), "--force");
      assertThat(removed.exitCode()).as(removed.toString()).isZero();
      assertThat(tier.leftovers()).isEmpty();
    }
  }

  @Test
  void theSameCommandConvergesAfterAKillAndAfterASignal() throws Exception {
    TestTier tier = TestTier.planned("it-again", folder, 3);
    try {
      Process killed = tier.start("provision", tier.planFile.toString(), "--now");
      killed.waitFor(3, TimeUnit.SECONDS);
      killed.destroyForcibly().waitFor();

      Process stopped = tier.start("provision", tier.planFile.toString(), "--now");
      stopped.waitFor(1500, TimeUnit.MILLISECONDS);
      stopped.destroy();
      assertThat(stopped.waitFor(10, TimeUnit.SECONDS)).as("ends within 10 s").isTrue();
      assertThat(stopped.exitValue()).as(tier.ran(stopped).toString()).isEqualTo(143);

      TestTier.Ran again = tier.spike("provision", tier.planFile.toString(), "--now");
      assertThat(again.exitCode()).as(again.toString()).isZero();
      TestTier.Ran nothing =
          tier.spike("provision", tier.planFile.toString(), "--now", "--dry-run", "--json");
      assertThat(nothing.stdout()).contains("\"exitCode\":0");
    } finally {
      TestTier.Ran removed =
          tier.spike("teardown", "--event", tier.event, "--provider", "local", "--force");
      assertThat(removed.exitCode()).as(removed.toString()).isZero();
      assertThat(tier.leftovers()).isEmpty();
    }
  }
}

package dev.spike.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.resource.EventName;
import dev.spike.core.resource.ResourceId;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RouterCommandsTest {
  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void tier() throws Exception {
    shell = new Shell(folder);
    shell.planFile();
    assertThat(shell.run("provision", "plan.json").code()).isZero();
  }

  @Test
  void theSwitchHoldsUntilItIsTurnedAgainAndEveryNodeIsNamed() {
    assertThat(shell.run("router", "status", "plan.json").outLines().getFirst())
        .isEqualTo("Router cup-final: on at 2, off at 0 of 2 nodes");

    Shell.Ran off = shell.run("router", "off", "plan.json");
    assertThat(off.code()).isZero();
    assertThat(off.outLines().getFirst())
        .isEqualTo("Router cup-final: on at 0, off at 2 of 2 nodes");
    assertThat(off.out()).contains("node   a-1").contains("node   b-1");
    assertThat(shell.run("--json", "router", "status", "plan.json").result().path("off").asInt())
        .isEqualTo(2);

    assertThat(shell.run("router", "on", "plan.json").outLines().getFirst())
        .isEqualTo("Router cup-final: on at 2, off at 0 of 2 nodes");
  }

  @Test
  void aLostPlanFileDoesNotStrandTheSwitch() {
    Shell.Ran off = shell.run("--provider", "local", "router", "off", "--event", "cup-final");
    assertThat(off.code()).as(off.err()).isZero();
    assertThat(off.out()).contains("off at 2");
  }

  @Test
  void nodesThatDoNotAnswerAreSaidAndTheCommandIsToBeRunAgain() {
    shell.world.breakResource(
        new EventName("cup-final"), new ResourceId("node-fleet/a"), "a-1 is gone");

    Shell.Ran off = shell.run("router", "off", "plan.json");

    assertThat(off.code()).isEqualTo(5);
    assertThat(off.out()).contains("on at 0, off at 1 of 2 nodes").contains("silent");
    assertThat(off.err()).contains("1 of 2 nodes did not answer").contains("next: ");
  }

  @Test
  void theNounAloneNamesItsVerbs() {
    Shell.Ran ran = shell.run("router");
    assertThat(ran.code()).isEqualTo(64);
    assertThat(ran.err()).contains("on, off or status");
  }
}

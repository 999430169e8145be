package dev.spike.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TreeTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "backtest",
        "prices",
        "provision",
        "warm",
        "status",
        "teardown",
        "doctor",
        "completion"
      })
  void everyVerbExplainsItselfOnStdout(String verb) {
    Shell shell = new Shell(folder);
    Shell.Ran option = shell.run(verb, "--help");
    assertThat(option.code()).isZero();
    assertThat(option.out()).contains("Usage: spike " + verb).contains("--json");
    assertThat(shell.run("help", verb).out()).isEqualTo(option.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh", "fish"})
  void completionsNameEveryVerb(String kind) {
    Shell.Ran ran = new Shell(folder).run("completion", kind);
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("provision", "warm", "status", "teardown", "lock-timeout");
  }

  @Test
  void theVersionIsThatOfTheBuild() {
    Shell.Ran ran = new Shell(folder).run("--version");
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).matches("spike \\d+\\.\\d+\\.\\d+\\R");
  }

  @Test
  void doctorNamesWhatItLookedAt() {
    Shell.Ran ran = new Shell(folder).run("doctor");
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("Doctor: the provider local can work here").contains("memory");
  }

  @Test
  void doctorWithARegionNeedsTheProviderThatHasThem() {
    Shell.Ran ran = new Shell(folder).run("doctor", "--region", "us-east-1");
    assertThat(ran.code()).isEqualTo(64);
    assertThat(ran.err()).contains("The provider local has no Regions", "--provider aws");
  }
}

package dev.spike.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void user() throws Exception {
    shell = new Shell(folder);
    Path home = Files.createDirectories(folder.resolve("home/spike"));
    shell.variables.put("XDG_CONFIG_HOME", home.getParent().toString());
    Files.writeString(home.resolve("config.yaml"), "lock-timeout: 9s\ndeadline: 9m\n");
  }

  private JsonNode option(String name, String... arguments) {
    String[] all = new String[arguments.length + 3];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    all[arguments.length] = "config";
    all[arguments.length + 1] = "explain";
    all[arguments.length + 2] = "--json";
    for (JsonNode option : shell.run(all).result().path("options")) {
      if (option.path("option").asText().equals(name)) {
        return option;
      }
    }
    throw new AssertionError("no option " + name);
  }

  @Test
  void theNearestLayerHoldsAndIsNamed() throws Exception {
    assertThat(option("provision --deadline").path("value").asText()).isEqualTo("9m");
    Files.writeString(folder.resolve("spike.yaml"), "deadline: 7m\nwarm: {deadline: 6m}\n");
    assertThat(option("provision --deadline").path("value").asText()).isEqualTo("7m");
    assertThat(option("warm --deadline").path("value").asText()).isEqualTo("6m");
    assertThat(option("provision --lock-timeout").path("origin").asText()).endsWith("config.yaml");
    shell.variables.put("SPIKE_DEADLINE", "5m");
    assertThat(option("warm --deadline").path("value").asText()).isEqualTo("5m");
    assertThat(option("warm --deadline").path("origin").asText())
        .isEqualTo("environment SPIKE_DEADLINE");
    assertThat(option("warm --drill-sessions").path("origin").asText()).isEqualTo("default");
    assertThat(option("--quiet", "--quiet").path("origin").asText()).isEqualTo("flag");
  }

  @Test
  void aVariableTurnsAFlagOnAndTheFlagItselfDoesNotTurnItOffAgain() throws Exception {
    shell.planFile();
    shell.variables.put("SPIKE_JSON", "true");
    assertThat(shell.run("status", "plan.json").out()).startsWith("{\"type\":\"version\"");
    assertThat(shell.run("status", "plan.json", "--json").out())
        .startsWith("{\"type\":\"version\"");
    assertThat(shell.run("--json", "status", "plan.json").out())
        .startsWith("{\"type\":\"version\"");
  }

  @Test
  void aVariableSetsWhatAVerbDoes() throws Exception {
    shell.planFile();
    shell.variables.put("SPIKE_DRY_RUN", "true");
    assertThat(shell.run("provision", "plan.json").out()).contains("nothing was changed");
    assertThat(shell.world.calls()).isEmpty();
  }
}

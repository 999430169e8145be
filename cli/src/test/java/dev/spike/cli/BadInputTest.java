package dev.spike.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each mistake has its exit code and a sentence with the next step, and changes nothing. */
class BadInputTest {
  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void plan() throws Exception {
    shell = new Shell(folder);
    shell.planFile();
  }

  private void refused(int code, String words, String... arguments) {
    Shell.Ran ran = shell.run(arguments);
    assertThat(ran.code()).as(String.join(" ", arguments)).isEqualTo(code);
    assertThat(ran.err()).contains(words).contains("next: ");
    assertThat(ran.out()).isEmpty();
    assertThat(shell.world.calls()).isEmpty();
  }

  @Test
  void aMissingPlanIsExit66() {
    refused(66, "absent.json", "provision", "absent.json", "--now");
    refused(66, "absent.json", "warm", "absent.json");
    refused(66, "absent.json", "teardown", "absent.json", "--force");
    refused(66, "absent.json", "status", "absent.json");
  }

  @Test
  void aPlanEditedByHandIsExit78() throws Exception {
    edit("\"nodes\":1", "\"nodes\":2");
    refused(78, "was changed after it was made", "provision", "plan.json", "--now");
    refused(78, "was changed after it was made", "teardown", "plan.json", "--force");
  }

  @Test
  void aPlanOfAnotherSchemaIsExit78() throws Exception {
    edit("spike.plan/v1", "spike.plan/v9");
    refused(78, "spike.plan/v9", "provision", "plan.json", "--now");
  }

  @Test
  void whatIsNoPlanIsExit78() throws Exception {
    Files.write(folder.resolve("plan.json"), new byte[] {0, 1, 2, (byte) 0xff});
    refused(78, "is not JSON", "provision", "plan.json");
    Files.writeString(folder.resolve("plan.json"), "");
    refused(78, "plan.json", "provision", "plan.json");
  }

  @Test
  void wrongUsageIsExit64() {
    refused(64, "a verb is missing");
    refused(64, "provison", "provison", "plan.json");
    refused(64, "PLAN.json", "provision");
    refused(64, "--nwo", "provision", "plan.json", "--nwo");
    refused(64, "'soon' is not a duration", "provision", "plan.json", "--deadline", "soon");
    refused(64, "'today' is not an instant", "provision", "plan.json", "--as-of", "today");
    refused(64, "no drill 'cache'", "warm", "plan.json", "--drill", "cache");
    refused(64, "no provider 'gcp'", "provision", "plan.json", "--provider", "gcp");
    refused(64, "Neither a plan nor an event", "teardown", "--force");
    refused(64, "A plan and an event", "status", "plan.json", "--event", "cup-final");
    refused(64, "--event needs --provider", "status", "--event", "cup-final");
    refused(64, "event name 'Cup'", "status", "--event", "Cup", "--provider", "local");
  }

  @Test
  void wrongUsageIsToldAsJsonWhenThatIsAskedFor() {
    Shell.Ran ran = shell.run("provison", "--json");
    assertThat(ran.code()).isEqualTo(64);
    assertThat(ran.json()).hasSize(3);
    assertThat(ran.json().get(1).path("next").asText()).isNotEmpty();
    assertThat(ran.result().path("exitCode").asInt()).isEqualTo(64);
  }

  @Test
  void aMistakeInAConfigurationFileIsExit64() throws Exception {
    Files.writeString(folder.resolve("spike.yaml"), "deadlin: 5m\n");
    refused(64, "there is no option 'deadlin'", "status", "plan.json");
    Files.writeString(folder.resolve("spike.yaml"), "provision: {deadline: [1]}\n");
    refused(64, "not a single value", "status", "plan.json");
    Files.writeString(folder.resolve("spike.yaml"), "a: b: c\n");
    refused(64, "is not YAML", "status", "plan.json");
    refused(64, "is not there", "status", "plan.json", "--config", "other.yaml");
  }

  private void edit(String from, String to) throws Exception {
    Path file = folder.resolve("plan.json");
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }
}

package dev.spike.cli.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The commands as somebody runs them who has no right to anything but files of their own. */
class UnprivilegedIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> AS_NOBODY =
      List.of(
          "setpriv",
          "--reuid",
          "65534",
          "--regid",
          "65534",
          "--clear-groups",
          "--bounding-set=-all",
          "--no-new-privs");

  /** What the local provider's doctor asks for. */
  private static final List<String> CAPABILITIES =
      List.of(
          "CAP_DAC_OVERRIDE",
          "CAP_KILL",
          "CAP_SETUID",
          "CAP_SETPCAP",
          "CAP_NET_ADMIN",
          "CAP_SYS_PTRACE",
          "CAP_SYS_ADMIN",
          "CAP_PERFMON",
          "CAP_BPF");

  private Path folder;
  private TestTier tier;

  @BeforeEach
  void plan() throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")),
        "skipped: only root can run a command as another user");
    Path closed = closed(Path.of(System.getProperty("spike.home"), "lib"));
    assumeTrue(
        closed == null, "skipped: " + closed + " is closed to other users, so they cannot run it");
    folder = Files.createTempDirectory("spike-unprivileged");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    tier = TestTier.planned("it-nobody", folder, 3, AS_NOBODY);
  }

  @AfterEach
  void clear() throws Exception {
    if (folder != null) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** The first folder on the way that others may not enter; null when there is none. */
  private static Path closed(Path path) throws IOException {
    for (Path at = path.toAbsolutePath(); at != null; at = at.getParent()) {
      if (!Files.getPosixFilePermissions(at, LinkOption.NOFOLLOW_LINKS)
          .contains(PosixFilePermission.OTHERS_EXECUTE)) {
        return at;
      }
    }
    return null;
  }

  @Test
  void planNeedsNoPrivilege() throws Exception {
    assertThat(tier.planFile).isRegularFile();
    assertThat(Files.getAttribute(tier.planFile, "unix:uid")).isEqualTo(65534);
    assertThat(tier.plan().event().name().value()).isEqualTo(tier.event);
  }

  @Test
  void provisionRefusesAndNamesWhatIsMissingAsDoctorDoes() throws Exception {
    TestTier.Ran provisioned = tier.spike("provision", tier.planFile.toString(), "--now", "--json");
    TestTier.Ran doctor = tier.spike("doctor", "--json");

    assertThat(provisioned.exitCode()).as(provisioned.toString()).isEqualTo(77);
    assertThat(doctor.exitCode()).as(doctor.toString()).isEqualTo(77);
    Map<String, String> missing = errors(provisioned);
    assertThat(capabilities(missing)).containsExactlyInAnyOrderElementsOf(CAPABILITIES);
    // The doctor has no plan, so it alone cannot ask for the memory that a plan needs.
    Map<String, String> missingOfThePlan = new TreeMap<>(missing);
    missingOfThePlan.remove("memory");
    assertThat(errors(doctor)).isEqualTo(missingOfThePlan);
    assertThat(tier.leftovers()).isEmpty();
  }

  @Test
  void everyOtherCommandThatChangesSomethingRefusesToo() throws Exception {
    for (String[] words :
        new String[][] {
          {"warm", tier.planFile.toString(), "--verify"},
          {"teardown", tier.planFile.toString(), "--force"}
        }) {
      TestTier.Ran ran = tier.spike(words);
      assertThat(ran.exitCode()).as(ran.toString()).isEqualTo(77);
      assertThat(ran.stderr()).contains(CAPABILITIES);
    }
  }

  /** What is wrong and which value was seen, of the diagnostics that a command printed. */
  private static Map<String, String> errors(TestTier.Ran ran) throws Exception {
    Map<String, String> errors = new TreeMap<>();
    for (String line : ran.stdout().lines().toList()) {
      JsonNode json = JSON.readTree(line);
      if (json.path("type").asText().equals("diagnostic")
          && json.path("severity").asText().equals("error")) {
        errors.put(json.path("summary").asText(), json.path("detail").asText());
        assertThat(json.path("next").asText()).as(line).isNotEmpty();
      }
    }
    return errors;
  }

  private static Set<String> capabilities(Map<String, String> errors) {
    List<String> words = new ArrayList<>();
    errors.values().forEach(detail -> words.addAll(List.of(detail.split("[ ,]+"))));
    Set<String> capabilities = new TreeSet<>(words);
    capabilities.removeIf(word -> !word.startsWith("CAP_"));
    return capabilities;
  }
}

package dev.spike.cli.tier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code templates/ci} runs on a schedule, from long before an event to after it. */
class ScheduledPipelineIT {
  private static final Path CI = Path.of("").toAbsolutePath().getParent().resolve("templates/ci");
  private static final Duration LENGTH = Duration.ofHours(2);

  @TempDir Path folder;

  @Test
  void aScheduleBuildsVerifiesAndRemovesATierAndNeverBuildsItAgainAfterTheEvent() throws Exception {
    assumeTrue(
        "root".equals(System.getProperty("user.name")),
        "skipped: a tier in network namespaces needs root");
    TestTier tier = TestTier.planned("it-ci", folder, 3);
    try {
      startsIn(tier, Duration.ofDays(10));
      TestTier.Ran early = scheduled(tier);
      assertThat(early.exitCode()).as("%s", early).isZero();
      assertThat(early.stdout().lines())
          .as("%s", early)
          .satisfiesExactly(
              line -> assertThat(line).startsWith("Provision ").contains("not due yet"),
              line -> assertThat(line).startsWith("Teardown ").contains("not due yet"));
      assertThat(tier.leftovers()).isEmpty();

      startsIn(tier, Duration.ofHours(1));
      TestTier.Ran due = scheduled(tier);
      assertThat(due.exitCode()).as("%s", due).isZero();
      assertThat(due.stdout()).contains(" 0 deleted in ", ": verified, 12 of 12 checks passed");
      assertThat(folder.resolve("warm.xml")).content().contains("<testcase");

      startsIn(tier, LENGTH.plusHours(1).negated());
      TestTier.Ran over = scheduled(tier);
      assertThat(over.exitCode()).as("%s", over).isZero();
      assertThat(over.stdout().lines()).singleElement().asString().contains("not due yet");
      assertThat(tier.leftovers()).as("stands until its teardown is due").isNotEmpty();

      startsIn(tier, LENGTH.plusHours(3).negated());
      TestTier.Ran after = scheduled(tier);
      assertThat(after.exitCode()).as("%s", after).isZero();
      assertThat(after.stdout()).startsWith("Teardown ").contains("nothing is left");
      assertThat(tier.leftovers()).isEmpty();

      TestTier.Ran again = scheduled(tier);
      assertThat(again.exitCode()).as("%s", again).isZero();
      assertThat(tier.leftovers()).isEmpty();
    } finally {
      tier.spike("teardown", tier.planFile.toString(), "--force");
      assertThat(tier.leftovers()).isEmpty();
    }
  }

  @Test
  void whatDoesNotEndWellIsTheExitCodeAndTheTeardownIsTriedAllTheSame() throws Exception {
    TestTier tier = TestTier.planned("it-ci", folder, 3);
    startsIn(tier, Duration.ofHours(1));
    String plan = Files.readString(tier.planFile);

    Files.writeString(tier.planFile, plan.replaceFirst("\"seed\":1", "\"seed\":2"));
    TestTier.Ran tampered = scheduled(tier);
    Files.writeString(tier.planFile, "{}");
    TestTier.Ran nothing = scheduled(tier);
    Files.delete(tier.planFile);
    TestTier.Ran missing = scheduled(tier);

    assertThat(tampered.exitCode()).as("%s", tampered).isEqualTo(78);
    assertThat(tampered.stdout()).contains("\"exitCode\":78");
    assertThat(tampered.stderr()).contains("$ spike teardown ");
    assertThat(nothing.exitCode()).as("%s", nothing).isEqualTo(78);
    assertThat(nothing.stderr()).contains("does not say when its event ends");
    assertThat(missing.exitCode()).as("%s", missing).isEqualTo(66);
  }

  @Test
  void bothPipelinesRunItInTheirScheduledJobAloneAndUseNoOtherCommandsThere() throws Exception {
    ObjectMapper yaml = new ObjectMapper(new YAMLFactory());
    JsonNode github = yaml.readTree(CI.resolve("github-actions.yml").toFile()).path("jobs");
    JsonNode gitlab = yaml.readTree(CI.resolve("gitlab-ci.yml").toFile());
    String script = "spike/templates/ci/scheduled plan.json";

    assertThat(github.path("tier").path("steps").findValuesAsText("run"))
        .contains(script)
        .noneMatch(step -> step.contains("scripts/spike"));
    assertThat(github.path("tier").path("if").asText()).contains("!= 'pull_request'");
    assertThat(github.path("plan").path("if").asText()).contains("== 'pull_request'");
    assertThat(github.path("plan").path("steps").findValuesAsText("uses"))
        .as("a pull request signs in nowhere")
        .noneMatch(step -> step.contains("credentials"));
    assertThat(texts(gitlab.path("tier").path("script")))
        .contains(script)
        .noneMatch(step -> step.contains("scripts/spike"));
    assertThat(gitlab.path("tier").path("rules").toString()).doesNotContain("merge_request");
    assertThat(Files.isExecutable(CI.resolve("scheduled"))).isTrue();
    assertThat(TestTier.run("shellcheck", CI.resolve("scheduled").toString())).isEmpty();
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asText).toList();
  }

  /** Plans the same event again, for a start this long from now, as its pull request did. */
  private void startsIn(TestTier tier, Duration until) throws Exception {
    Path file = folder.resolve("event.yaml");
    Instant start = Instant.now().plus(until).truncatedTo(ChronoUnit.SECONDS);
    Files.writeString(
        file,
        Files.readString(file)
            .replaceAll(
                "startsAt: [^}]*}",
                "startsAt: " + start + ", endsAt: " + start.plus(LENGTH) + "}"));
    Path sales = folder.resolve("tickets.csv");
    Files.writeString(
        sales,
        "sold_at,product,quantity\n" + start.minus(30, ChronoUnit.DAYS) + ",stream-pass,50000\n");
    TestTier.Ran ran =
        tier.spike(
            "plan",
            file.toString(),
            "-o",
            tier.planFile.toString(),
            "--as-of",
            start.minus(12, ChronoUnit.DAYS).toString());
    assertThat(ran.exitCode()).as("%s", ran).isZero();
  }

  private TestTier.Ran scheduled(TestTier tier) throws Exception {
    Path program = folder.resolve("spike");
    Files.writeString(
        program, "#!/bin/sh\nexec " + String.join(" ", quoted(tier.command())) + " \"$@\"\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    ProcessBuilder builder =
        new ProcessBuilder(CI.resolve("scheduled").toString(), tier.planFile.toString())
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("stdout.txt").toFile())
            .redirectError(folder.resolve("stderr.txt").toFile());
    builder.environment().put("SPIKE", program.toString());
    builder.environment().remove("GITHUB_STEP_SUMMARY");
    Process process = builder.start();
    if (!process.waitFor(300, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the scheduled run did not end in 300 s");
    }
    return tier.ran(process);
  }

  private static List<String> quoted(List<String> words) {
    return words.stream().map(word -> "'" + word + "'").toList();
  }
}

package dev.spike.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.core.plan.PlanFiles;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import dev.spike.core.resource.ResourceId;
import dev.spike.testkit.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TierCommandsTest {
  private static final EventName EVENT = new EventName("cup-final");
  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void plan() throws Exception {
    shell = new Shell(folder);
    shell.planFile();
  }

  @Test
  void provisionEndsWithFrontsRecordsAndCostAndASecondRunChangesNothing() {
    Shell.Ran first = shell.run("provision", "plan.json");
    assertThat(first.code()).isZero();
    assertThat(first.outLines().getFirst())
        .startsWith("Provision cup-final: 8 created, 0 updated, 0 replaced, 0 deleted in ")
        .endsWith("; 2 nodes");
    assertThat(first.out())
        .contains("front a  192.0.2.1:443")
        .contains("live.example.com. 60 IN A 192.0.2.1")
        .contains("$1,360.80 a day until teardown");
    assertThat(first.err()).contains("create cache");

    Shell.Ran second = shell.run("--json", "provision", "plan.json");
    assertThat(second.code()).isZero();
    assertThat(second.result().path("applied").asInt()).isZero();
  }

  @Test
  void oneNodeIsReplacedAndTheResultNamesIt() {
    shell.run("provision", "plan.json");

    Shell.Ran ran = shell.run("provision", "plan.json", "--replace", "a-1");
    Shell.Ran json = shell.run("--json", "provision", "plan.json", "--replace", "a-1", "--dry-run");
    Shell.Ran unknown = shell.run("provision", "plan.json", "--replace", "q-7");

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.outLines().getFirst()).startsWith("Provision cup-final: node a-1 replaced in ");
    assertThat(ran.err()).contains("Node a-1: the new node is registered.");
    assertThat(json.result().path("replace").asText()).isEqualTo("a-1");
    assertThat(json.result().path("toReplace").asInt()).isEqualTo(1);
    assertThat(unknown.code()).isEqualTo(3);
    assertThat(unknown.err()).contains("The plan has no node q-7");
  }

  @Test
  void beforeItIsDueNothingHappensAndNowOverrides() {
    shell.now = SamplePlan.START.minus(Duration.ofHours(80));
    Shell.Ran early = shell.run("provision", "plan.json");
    assertThat(early.code()).isZero();
    assertThat(early.outLines())
        .containsExactly(
            "Provision cup-final: not due yet; due at 2027-05-27T19:00:00Z, nothing was changed");
    assertThat(shell.world.calls()).isEmpty();

    assertThat(shell.run("provision", "plan.json", "--now").code()).isZero();
    assertThat(shell.world.calls()).hasSize(8);
  }

  @Test
  void aDryRunListsTheDifferenceAndChangesNothing() {
    Shell.Ran ran = shell.run("provision", "plan.json", "--dry-run");
    assertThat(ran.code()).isZero();
    assertThat(ran.outLines().getFirst())
        .isEqualTo(
            "Provision cup-final: 8 to add, 0 to change, 0 to replace, 0 to destroy; dry run,"
                + " nothing was changed");
    assertThat(ran.out()).contains("  + node-fleet/a");
    assertThat(shell.world.calls()).isEmpty();
  }

  @Test
  void jsonIsOneObjectALineFromVersionToResult() {
    List<JsonNode> lines = shell.run("provision", "plan.json", "--json").json();
    assertThat(lines.getFirst().path("type").asText()).isEqualTo("version");
    assertThat(lines.getFirst().path("schema").asText()).isEqualTo("1.0");
    assertThat(lines)
        .filteredOn(line -> line.path("type").asText().equals("step"))
        .filteredOn(line -> line.path("state").asText().equals("done"))
        .hasSize(8)
        .allSatisfy(
            line -> {
              assertThat(line.path("resource").isTextual()).isTrue();
              assertThat(line.path("action").asText()).isEqualTo("create");
              assertThat(line.path("seconds").isNumber()).isTrue();
            });
    JsonNode result = lines.getLast();
    assertThat(result.path("type").asText()).isEqualTo("result");
    assertThat(result.path("command").asText()).isEqualTo("provision");
    assertThat(result.path("exitCode").asInt()).isZero();
    assertThat(result.path("created").asInt()).isEqualTo(8);
    assertThat(result.path("fronts").path("a").asText()).isEqualTo("192.0.2.1:443");
    assertThat(result.path("costPerDay").asDouble()).isEqualTo(56.7 * 24);
  }

  @Test
  void reserveRefusesAPlanOfAProviderThatPromisesNoRoomAndOneThatWasChanged() throws Exception {
    Shell.Ran local = shell.run("reserve", "plan.json", "--dry-run");
    Files.writeString(
        folder.resolve("edited.json"),
        Files.readString(folder.resolve("plan.json")).replace("cup-final", "cup-semi"));

    assertThat(local.code()).isEqualTo(64);
    assertThat(local.err())
        .contains("The provider local has nothing to reserve")
        .contains("next: Run spike provision plan.json");
    assertThat(shell.run("reserve", "edited.json").code()).isEqualTo(78);
    assertThat(shell.run("reserve", "absent.json").code()).isEqualTo(66);
    assertThat(shell.run("reserve", "plan.json", "--max-cost", "-1").code()).isEqualTo(64);
    assertThat(shell.world.calls()).isEmpty();
  }

  @Test
  void anEventThatIsOverIsRefusedAndNothingChanges() {
    shell.now = SamplePlan.START.plus(Duration.ofDays(1));
    Shell.Ran ran = shell.run("provision", "plan.json", "--now");
    assertThat(ran.code()).isEqualTo(78);
    assertThat(ran.err()).contains("is over").contains("next: Correct event.startsAt");
    assertThat(shell.world.calls()).isEmpty();
  }

  @Test
  void everyKindOfProviderFailureHasItsExitCode() {
    assertThat(failing(ProviderException.Kind.UNAUTHORIZED)).isEqualTo(77);
    assertThat(failing(ProviderException.Kind.QUOTA_EXCEEDED)).isEqualTo(77);
    assertThat(failing(ProviderException.Kind.INSUFFICIENT_CAPACITY)).isEqualTo(5);
    assertThat(failing(ProviderException.Kind.INVALID)).isEqualTo(1);
  }

  private int failing(ProviderException.Kind kind) {
    Shell fresh = new Shell(folder);
    fresh.faults.on("create cache", new Fault.Fails(kind));
    Shell.Ran ran = fresh.run("provision", "plan.json");
    assertThat(ran.err()).contains("error: cache: ").contains("next: ");
    return ran.code();
  }

  @Test
  void aHeldLeaseIsExit75() throws Exception {
    var provider = new dev.spike.testkit.InMemoryProvider(shell.world, shell.faults);
    try (var lease = provider.tryLease(EVENT).orElseThrow()) {
      assertThat(shell.run("provision", "plan.json").code()).isEqualTo(75);
      assertThat(lease).isNotNull();
    }
    assertThat(shell.run("provision", "plan.json").code()).isZero();
  }

  @Test
  void aSignalEndsTheRunInTimeAndTheSameCommandContinues() throws Exception {
    shell.faults.on("create cache", new Fault.Takes(Duration.ofMinutes(1)));
    long from = System.nanoTime();
    Thread.ofPlatform()
        .start(
            () -> {
              while (!shell.world.calls().contains("create cache")) {
                Thread.onSpinWait();
              }
              shell.stop.request(15);
            });
    Shell.Ran stopped = shell.run("provision", "plan.json");
    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(10));
    assertThat(stopped.code()).isEqualTo(143);
    assertThat(stopped.outLines().getFirst()).contains("stopped, run again to continue");

    Shell again = new Shell(folder);
    again.around = provider -> new dev.spike.testkit.InMemoryProvider(shell.world, again.faults);
    assertThat(again.run("provision", "plan.json").code()).isZero();
  }

  @Test
  void aLeaseThatAnotherRunTookMidwayEndsTheRunInTimeWithExit75() throws Exception {
    shell.faults.on("create cache", new Fault.Takes(Duration.ofMinutes(1)));
    long from = System.nanoTime();
    Thread.ofPlatform()
        .start(
            () -> {
              while (!shell.world.calls().contains("create cache")) {
                Thread.onSpinWait();
              }
              shell.world.takeLease(EVENT);
            });
    Shell.Ran ran = shell.run("provision", "plan.json");

    assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(Duration.ofSeconds(10));
    assertThat(ran.code()).as(ran.err()).isEqualTo(75);
    assertThat(ran.outLines().getFirst()).contains("another run holds the lease");
    assertThat(ran.err()).contains("The lease of cup-final was lost while this run went on");
    assertThat(shell.world.calls()).doesNotContain("create node-fleet/a");
    assertThat(new dev.spike.testkit.InMemoryProvider(shell.world, shell.faults).tryLease(EVENT))
        .as("the other run still holds it")
        .isEmpty();
  }

  @Test
  void theDeadlineIsExit124() {
    shell.faults.on("create cache", new Fault.Takes(Duration.ofMinutes(1)));
    shell.liveClock = true;
    Shell.Ran ran = shell.run("provision", "plan.json", "--now", "--deadline", "1s");
    assertThat(ran.code()).isEqualTo(124);
  }

  @Test
  void warmBeforeProvisionIsPartlyDoneAndSaysWhatToRun() {
    Shell.Ran ran = shell.run("warm", "plan.json");
    assertThat(ran.code()).isEqualTo(5);
    assertThat(ran.err()).contains("next: Run spike provision");
  }

  @Test
  void aFailedCheckIsExit4InTableNdjsonJunitAndStepSummary() throws Exception {
    shell.variables.put("GITHUB_STEP_SUMMARY", folder.resolve("summary.md").toString());
    shell.run("provision", "plan.json");
    Shell.Ran ran = shell.run("warm", "plan.json", "--verify", "--junit", "warm.xml");
    assertThat(ran.code()).isEqualTo(4);
    assertThat(ran.outLines().getFirst()).startsWith("Warm cup-final: NOT verified, ");
    assertThat(ran.out()).contains("passed").contains("FAILED").contains("blocked by ");
    assertThat(ran.err()).contains("::error title=");

    String junit = Files.readString(folder.resolve("warm.xml"));
    assertThat(junit).contains("<testsuite ").contains("<failure ").contains("blocked by ");
    var document =
        javax.xml.parsers.DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(folder.resolve("warm.xml").toFile());
    int cases = document.getElementsByTagName("testcase").getLength();

    List<JsonNode> lines = shell.run("warm", "plan.json", "--verify", "--json").json();
    List<JsonNode> checks =
        lines.stream().filter(line -> line.path("type").asText().equals("check")).toList();
    assertThat(checks).hasSize(cases);
    assertThat(checks)
        .extracting(check -> check.path("status").asText())
        .containsOnly("passed", "failed", "blocked");
    assertThat(checks)
        .filteredOn(check -> check.path("status").asText().equals("blocked"))
        .allSatisfy(check -> assertThat(check.path("blockedBy")).isNotEmpty());
    assertThat(lines.getLast().path("exitCode").asInt()).isEqualTo(4);

    String summary = Files.readString(folder.resolve("summary.md"));
    assertThat(summary).contains("### spike warm").contains("| check | status | observed |");
  }

  @Test
  void aJunitFileThatCannotBeWrittenIsExit73() {
    shell.run("provision", "plan.json");
    Shell.Ran ran = shell.run("warm", "plan.json", "--verify", "--junit", "no/such/warm.xml");
    assertThat(ran.code()).isEqualTo(73);
    assertThat(ran.err()).contains("no/such/warm.xml").contains("next: ");
  }

  @Test
  void statusSaysWhatIsThereWhatIsBrokenAndWhatIsMissing() {
    shell.run("provision", "plan.json");
    shell.world.breakResource(EVENT, new ResourceId("cache"), "redis cache-a-1 is gone");
    shell.world.connect("a-1", 12);
    Shell.Ran ran = shell.run("status", "plan.json");
    assertThat(ran.code()).isZero();
    assertThat(ran.outLines().getFirst())
        .isEqualTo(
            "Status cup-final: 8 resources, 2 of 2 nodes ready, 12 connections, 4 of the plan"
                + " missing");
    assertThat(ran.out())
        .contains("fault  cache: redis cache-a-1 is gone")
        .contains("absent router-installation/a")
        .contains("a day until teardown");
  }

  @Test
  void statusNamesEachNodeOfThePlanThatIsNotThere() {
    shell.run("provision", "plan.json");
    shell.world.lose(EVENT, new ResourceId("node-fleet/b"));

    Shell.Ran ran = shell.run("status", "plan.json");
    Shell.Ran json = shell.run("--json", "status", "plan.json");

    assertThat(ran.outLines().getFirst())
        .startsWith("Status cup-final: 7 resources, 1 of 2 nodes ready, 0 connections");
    assertThat(ran.outLines())
        .anyMatch(line -> line.matches("  node   b-1 +missing .* spike provision .*"));
    assertThat(json.result().path("nodes"))
        .extracting(node -> node.path("name").asText() + " " + node.path("life").asText())
        .containsExactly("a-1 ready", "b-1 missing");
  }

  @Test
  void anEventWithoutPlanOnAwsNeedsItsRegion() {
    for (String verb : List.of("status", "teardown")) {
      Shell.Ran ran = shell.run(verb, "--event", "cup-final", "--provider", "aws");

      assertThat(ran.code()).as(ran.err()).isEqualTo(64);
      assertThat(ran.err()).contains("--provider aws needs --region").contains("Add --region");
    }
  }

  @Test
  void teardownIsNotDueThenRefusesWithClientsThenForceRemovesAll() {
    shell.run("provision", "plan.json");
    shell.run("warm", "plan.json");
    assertThat(shell.run("teardown", "plan.json").out()).contains("not due yet");

    shell.now = SamplePlan.START.plus(Duration.ofHours(5));
    shell.world.connect("b-1", 3);
    Shell.Ran refused = shell.run("teardown", "plan.json");
    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err()).contains("3 live connections").contains("--force");

    Shell.Ran forced = shell.run("teardown", "plan.json", "--force");
    assertThat(forced.code()).isZero();
    assertThat(forced.outLines().getFirst()).endsWith("nothing is left");
    assertThat(shell.run("status", "plan.json").outLines().getFirst())
        .startsWith("Status cup-final: nothing exists");
  }

  @Test
  void aLostPlanFileStrandsNothing() throws Exception {
    shell.run("provision", "plan.json");
    Files.delete(folder.resolve("plan.json"));
    assertThat(shell.run("status", "--event", "cup-final", "--provider", "local").out())
        .contains("8 resources");
    assertThat(shell.run("teardown", "--event", "cup-final", "--provider", "local").code())
        .isZero();
    assertThat(shell.run("status", "--event", "cup-final", "--provider", "local").out())
        .contains("nothing exists");
  }

  @Test
  void aPlanForAnotherProviderIsWrongUsage() throws Exception {
    assertThat(shell.run("provision", "plan.json", "--provider", "aws").code()).isEqualTo(64);
    PlanFiles.write(SamplePlan.sealed("aws"), folder.resolve("aws.json"));
    Shell.Ran absent = shell.run("provision", "aws.json");
    assertThat(absent.code()).isEqualTo(69);
    assertThat(absent.err()).contains("no provider aws");
    assertThat(shell.world.calls()).isEmpty();
  }

  @Test
  void aBugInsideIsExit70AndTheStackComesWithV() {
    shell.around =
        provider -> {
          throw new IllegalStateException("boom");
        };
    Shell.Ran plain = shell.run("provision", "plan.json");
    assertThat(plain.code()).isEqualTo(70);
    assertThat(plain.err()).contains("boom").contains("-v").doesNotContain("\tat ");
    assertThat(shell.run("provision", "plan.json", "-v").err()).contains("at dev.spike.cli");
  }
}

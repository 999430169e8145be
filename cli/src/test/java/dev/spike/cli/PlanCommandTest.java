package dev.spike.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanCommandTest {
  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void example() {
    shell = new Shell(folder);
    assertThat(shell.run("init", "--rows", "3000").code()).isZero();
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  @Test
  void anExampleIsPlannedAndSaidInOneLineAndProvisionedFromTheFile() {
    Shell.Ran ran = shell.run("plan", "event.yaml", "-o", "plan.json");
    assertThat(ran.code()).isZero();
    assertThat(ran.outLines().getFirst())
        .matches("Plan: 15 to add, 0 to change, 0 to destroy; peak .* connections .*; 3 nodes; .*");
    assertThat(ran.out())
        .contains("3,000 rows")
        .contains("0 rejected")
        .contains("saved    plan.json");
    assertThat(shell.run("provision", "plan.json", "--now").code()).isZero();
    assertThat(shell.run("status", "plan.json").out()).contains("3 of 3 nodes ready");
  }

  @Test
  void whatATerminalShowsOfAPlanIsFoldedAtEightyColumnsAndSaysWhatIsDueAndWhatIsAnEstimate() {
    assertThat(shell.run("plan", "event.yaml", "-o", "old.json").code()).isZero();
    Shell.Ran ran = shell.run("plan", "event.yaml", "--baseline", "old.json");
    assertThat(ran.code()).isZero();
    assertThat(ran.outLines().stream().skip(1)).allMatch(line -> line.length() <= 80);
    assertThat(ran.out())
        .doesNotContain("\033")
        .containsPattern("\n  binding  [a-z ]+ \\((estimated|default)\\), then ")
        .contains("\n  due      ")
        .contains(" defaults, ")
        .contains("estimates");
  }

  @Test
  void theExamplesOfShopAndTicketSystemArePlannedToo() {
    for (String format : new String[] {"shopify", "pretix"}) {
      assertThat(shell.run("init", format, "--format", format, "--rows", "2000").code()).isZero();
      Shell.Ran ran = shell.run("plan", format + "/event.yaml");
      assertThat(ran.code()).as(ran.err()).isZero();
      assertThat(ran.out()).contains("0 rejected").contains("stream-pass").doesNotContain("scarf");
    }
    assertThat(shell.run("init", "x", "--format", "excel").code()).isEqualTo(64);
  }

  @Test
  void anExampleThatCannotBeWrittenWholeLeavesNoExportBehind() throws IOException {
    Path half = Files.createDirectory(file("half"));
    Files.createSymbolicLink(half.resolve("event.yaml"), Path.of("nowhere"));

    Shell.Ran ran = shell.run("init", "half", "--rows", "2000");

    assertThat(ran.code()).isEqualTo(73);
    assertThat(ran.err()).contains("event.yaml is there already");
    assertThat(half.resolve("tickets.csv")).doesNotExist();
  }

  @Test
  void anExampleThatIsStoppedHalfWayLeavesNoExportBehind() throws Exception {
    Process init =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Spike.class.getName(),
                "init",
                file("stopped").toString(),
                "--rows",
                "20000000")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      Path export = file("stopped").resolve("tickets.csv");
      for (int tries = 0; tries < 300 && !Files.exists(export); tries++) {
        Thread.sleep(50);
      }
      assertThat(export).exists();

      init.destroy();

      assertThat(init.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(init.exitValue()).isEqualTo(143);
      assertThat(export).doesNotExist();
    } finally {
      init.destroyForcibly();
    }
  }

  @Test
  void aServiceWithoutItsTokenIsExit77AndADatabaseThatIsAwayExit69() throws IOException {
    String event =
        """
        apiVersion: spike/v1
        event: {name: cup, startsAt: 2031-05-30T19:00:00Z}
        tickets: {sources: [%s]}
        provider: {local: {scale: 1/1}}
        """;
    Files.writeString(
        file("event.yaml"),
        event.formatted("{type: eventbrite, event: 12, tokenEnv: NOT_SET_HERE}"));
    Shell.Ran refused = shell.run("plan", "event.yaml", "--as-of", "2031-05-01T00:00:00Z");
    assertThat(refused.code()).isEqualTo(77);
    assertThat(refused.err()).contains("is not set").contains("next: ");

    Files.writeString(
        file("event.yaml"),
        event.formatted("{type: jdbc, url: 'jdbc:postgresql://127.0.0.1:1/x', query: select 1}"));
    assertThat(shell.run("plan", "event.yaml", "--as-of", "2031-05-01T00:00:00Z").code())
        .isEqualTo(69);
  }

  @Test
  void initOverwritesNothing() throws IOException {
    byte[] before = Files.readAllBytes(file("event.yaml"));
    Shell.Ran again = shell.run("init", "--rows", "10");
    assertThat(again.code()).isEqualTo(73);
    assertThat(again.err()).contains("is there already").contains("next: ");
    assertThat(Files.readAllBytes(file("event.yaml"))).isEqualTo(before);
    assertThat(shell.run("init", "x", "--rows", "0").code()).isEqualTo(64);
    assertThat(shell.run("init", "x", "--event", "Cup Final").code()).isEqualTo(64);
    assertThat(file("x")).doesNotExist();
  }

  @Test
  void theSameFilesInstantAndSeedGiveTheSameBytes() throws IOException {
    shell.run("plan", "event.yaml", "-o", "one.json", "--seed", "5");
    shell.run("plan", "event.yaml", "-o", "two.json", "--seed", "5");
    assertThat(file("one.json")).hasSameBinaryContentAs(file("two.json"));
    shell.run("plan", "event.yaml", "-o", "three.json", "--seed", "6");
    assertThat(Files.readString(file("three.json")))
        .isNotEqualTo(Files.readString(file("one.json")));
  }

  @Test
  void aDashPrintsThePlanAloneOnStdout() throws IOException {
    shell.run("plan", "event.yaml", "-o", "plan.json");
    Shell.Ran printed = shell.run("plan", "event.yaml", "-o", "-");
    assertThat(printed.code()).isZero();
    assertThat(printed.out().strip()).isEqualTo(Files.readString(file("plan.json")));
    assertThat(printed.err()).contains("Plan: 15 to add");
    assertThat(shell.run("plan", "event.yaml", "-o", "-", "--json").code()).isEqualTo(64);
  }

  @Test
  void theDetailedExitCodeSaysWhetherThereIsSomethingToChange() {
    assertThat(shell.run("plan", "event.yaml", "--detailed-exitcode").code()).isEqualTo(2);
    shell.run("plan", "event.yaml", "-o", "old.json");
    Shell.Ran same =
        shell.run("plan", "event.yaml", "--detailed-exitcode", "--baseline", "old.json");
    assertThat(same.code()).isZero();
    assertThat(same.out()).contains("sales +0.0 %").contains("no resource changes");
  }

  @Test
  void aBaselineIsExplainedCauseByCauseOnTheTerminalThePageAndInJson() throws IOException {
    shell.run("plan", "event.yaml", "--as-of", "2027-06-02T18:00:00Z", "-o", "old.json");
    edit("provisionBefore: 72h", "provisionBefore: 48h");
    edit("verifyBefore: [48h, 24h, 2h]", "verifyBefore: [24h, 2h]");
    edit("uninvited: 1.3", "uninvited: 2.6");

    Shell.Ran ran =
        shell.run(
            "plan",
            "event.yaml",
            "--as-of",
            "2027-06-03T18:00:00Z",
            "--baseline",
            "old.json",
            "--html",
            "plan.html",
            "--json");

    assertThat(ran.code()).as(ran.err()).isZero();
    JsonNode since = ran.result().path("since");
    assertThat(since.path("hoursBeforeStart").asInt()).isEqualTo(48);
    assertThat(since.path("causes").findValuesAsText("input"))
        .contains("ticket sales", "demand.uninvited", "schedule.provisionBefore");
    long connections = 0;
    for (JsonNode cause : since.path("causes")) {
      connections += cause.path("connections").asLong();
    }
    assertThat(connections)
        .isEqualTo(
            since.path("after").path("connections").asLong()
                - since.path("before").path("connections").asLong());
    assertThat(Files.readString(file("plan.html")))
        .contains("What changed, and why")
        .contains("demand.uninvited")
        .contains("Together");
    assertThat(
            shell
                .run(
                    "plan",
                    "event.yaml",
                    "--as-of",
                    "2027-06-03T18:00:00Z",
                    "--baseline",
                    "old.json")
                .out())
        .containsPattern("since    sales .* since T-48 h: \\+0 nodes, ")
        .containsPattern("changed  with no effect on the tier: .*demand.uninvited");
  }

  @Test
  void aBaselineOfAnotherEventOrAnotherSchemaIsExit78() throws IOException {
    shell.run("plan", "event.yaml", "-o", "old.json");
    Files.writeString(
        file("older.json"),
        Files.readString(file("old.json")).replace("spike.plan/v1", "spike.plan/v0"));
    refused(78, "spike.plan/v0", "plan", "event.yaml", "--baseline", "older.json");
    String name = Files.readString(file("event.yaml"));
    Files.writeString(file("event.yaml"), name.replaceFirst("name: [a-z-]+", "name: another-cup"));
    refused(
        78, "plan of the event", "plan", "event.yaml", "--baseline", "old.json", "-o", "x.json");
  }

  @Test
  void aPlanThatAnOlderSpikeWroteIsExit78AndSaysHowToGoOnWithoutIt() throws Exception {
    shell.run("plan", "event.yaml", "-o", "old.json");
    String plan = Files.readString(file("old.json"));
    int basis = plan.indexOf("\"basis\":");
    String older = plan.substring(0, basis) + plan.substring(plan.indexOf("\"capacity\":", basis));
    String rest = older.replaceFirst("\"digest\":\"[^\"]*\",", "");
    String digest =
        HexFormat.of()
            .formatHex(
                MessageDigest.getInstance("SHA-256").digest(rest.getBytes(StandardCharsets.UTF_8)));
    Files.writeString(
        file("old.json"),
        older.replaceFirst("\"sha256:[^\"]*\",\"ev", "\"sha256:" + digest + "\",\"ev"));

    refused(78, "has no `basis`", "plan", "event.yaml", "--baseline", "old.json", "-o", "new.json");
    refused(78, "has no `basis`", "provision", "old.json", "--now");
    refused(78, "has no `basis`", "warm", "old.json", "--verify");
    refused(78, "has no `basis`", "teardown", "old.json");
    Shell.Ran ran = shell.run("status", "old.json");
    assertThat(ran.err())
        .contains("next: Make the plan again with: spike plan EVENT.yaml -o ")
        .contains("spike status or teardown --event ");
    assertThat(shell.run("status", "old.json", "--json").result().path("exitCode").asInt())
        .isEqualTo(78);
  }

  @Test
  void theTerminalSaysWhatBindsTheCacheAndWhichLimitsAreEstimates() throws IOException {
    edit("provider:\n", "provider:\n  aws: {region: us-east-1, account: \"123456789012\"}\n");
    Shell.Ran ran = shell.run("plan", "event.yaml", "--provider", "aws", "-o", "plan.json");

    assertThat(ran.out())
        .containsPattern("binding  [a-z -]+ \\(estimated\\), then ")
        .containsPattern(
            "cache    3 shards with 1 replica each; binding fewest of a cluster"
                + " \\(default\\),\\s+then ");
    JsonNode facts = shell.run("plan", "event.yaml", "--provider", "aws", "--json").result();
    assertThat(facts.path("bindingOrigin").asText()).isEqualTo("estimate");
    assertThat(facts.path("cacheShards").asInt()).isEqualTo(3);
  }

  @Test
  void theSurgeOverAnOrdinaryDayIsSaidWhereThatIsKnown() throws IOException {
    String event = Files.readString(file("event.yaml"));
    Files.writeString(file("event.yaml"), event.replaceFirst("baseline: [0-9]+", "baseline: 2000"));
    JsonNode result = shell.run("plan", "event.yaml", "--json").result();
    double connections = result.path("connections").asDouble();

    assertThat(result.path("surgeFactor").asDouble()).isEqualTo(connections / 2000, within(1e-4));
    assertThat(result.path("surgePercent").asDouble()).isEqualTo(connections / 20, within(1e-4));
    assertThat(shell.run("plan", "event.yaml").out()).contains("% of an ordinary day's peak");
    Files.writeString(file("event.yaml"), event.replaceFirst("(?m)^ *baseline: [0-9]+.*$", ""));
    assertThat(shell.run("plan", "event.yaml").out()).doesNotContain("of an ordinary day");
  }

  @Test
  void jsonHasTheFactsOfTheHeadline() {
    JsonNode result = shell.run("plan", "event.yaml", "--json").result();
    assertThat(result.path("nodes").asInt()).isEqualTo(3);
    assertThat(result.path("toCreate").asInt()).isEqualTo(15);
    assertThat(result.path("digest").asText()).startsWith("sha256:");
    assertThat(result.path("headline").asText()).startsWith("Plan: ");
  }

  private void refused(int code, String words, String... arguments) throws IOException {
    List<String> before = listing();
    Shell.Ran ran = shell.run(arguments);
    assertThat(ran.code()).as(ran.err()).isEqualTo(code);
    assertThat(ran.err()).contains(words).contains("next: ");
    assertThat(listing()).isEqualTo(before);
    assertThat(shell.world.calls()).isEmpty();
  }

  private List<String> listing() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private void edit(String from, String to) throws IOException {
    String text = Files.readString(file("event.yaml"));
    assertThat(text).contains(from);
    Files.writeString(file("event.yaml"), text.replace(from, to));
  }

  @Test
  void allMistakesOfAnEventFileAreToldAtOnceWithTheirLines() throws IOException {
    edit("confidence: p99", "confidance: p99");
    edit("zones: 3", "zones: many");
    refused(78, "confidance", "plan", "event.yaml", "-o", "plan.json");
    Shell.Ran ran = shell.run("plan", "event.yaml");
    assertThat(ran.err()).contains("event.yaml line ").contains("confidence").contains("zones");
  }

  @Test
  void mistakesOfAProfileAreToldInTheProfileAndAFileThatIsNoPlanIsNotToBeWrittenOver()
      throws IOException {
    edit("provider:\n", "calibration: {profile: node.json}\nprovider:\n");
    Files.writeString(file("node.json"), "{\"schema\": \"spike.profile/v1\", \"figures\": {}}");
    refused(78, "node.json line 1", "plan", "event.yaml", "-o", "plan.json");
    assertThat(shell.run("plan", "event.yaml").err()).doesNotContain("event.yaml line");

    Shell.Ran ran = shell.run("plan", "event.yaml", "--baseline", "event.yaml");
    assertThat(ran.code()).isEqualTo(78);
    assertThat(ran.err()).contains("is not JSON").doesNotContain("-o event.yaml");
  }

  @Test
  void anEventInThePastIsExit78() throws IOException {
    shell.now = SamplePlan.START.plusSeconds(30L * 86_400);
    refused(78, "startsAt", "plan", "event.yaml", "-o", "plan.json");
  }

  @Test
  void missingFilesAreExit66() throws IOException {
    refused(66, "absent.yaml", "plan", "absent.yaml", "-o", "plan.json");
    refused(66, "old.json", "plan", "event.yaml", "--baseline", "old.json");
    Files.delete(file("tickets.csv"));
    refused(66, "tickets.csv", "plan", "event.yaml", "-o", "plan.json");
  }

  @Test
  void exportsThatCannotBeCountedAreExit65() throws IOException {
    String header = "order,ordered_at,ticket_type,qty,status\n";
    String good = "T1,2027-05-01T10:00:00Z,stream-pass,1,paid\n";
    Files.write(file("tickets.csv"), new byte[0]);
    refused(65, "tickets.csv", "plan", "event.yaml", "-o", "plan.json");
    Files.write(file("tickets.csv"), new byte[] {0, (byte) 0xfe, 3, 0, 9, 0, 0, (byte) 0xc3});
    refused(65, "tickets.csv", "plan", "event.yaml", "-o", "plan.json");
    Files.writeString(
        file("tickets.csv"), header + good + "T2,2027-05-01T10:00:00Z,stream-pass,-4,paid\n");
    refused(65, "tickets.csv", "plan", "event.yaml", "-o", "plan.json");
    Files.writeString(file("tickets.csv"), header + good + "T2,yesterday,stream-pass,1,paid\n");
    refused(65, "tickets.csv", "plan", "event.yaml", "-o", "plan.json");
    Files.writeString(file("tickets.csv"), "a,b\n1,2\n");
    refused(65, "has no column", "plan", "event.yaml", "-o", "plan.json");
  }

  @Test
  void aPlanThatCannotBeSavedIsExit73() throws IOException {
    refused(73, "no/such/plan.json", "plan", "event.yaml", "-o", "no/such/plan.json");
  }

  @Test
  void thePageIsWrittenBesideThePlanOrAloneAndIsTheSameToTheByte() throws IOException {
    Shell.Ran ran = shell.run("plan", "event.yaml", "-o", "plan.json", "--html", "plan.html");
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("page     plan.html").contains("saved    plan.json");
    String page = Files.readString(file("plan.html"));
    assertThat(page)
        .startsWith("<!doctype html>")
        .contains("Content-Security-Policy")
        .doesNotContain("<script");
    JsonNode result = shell.run("plan", "event.yaml", "--html", "again.html", "--json").result();
    assertThat(result.path("page").asText()).isEqualTo("again.html");
    assertThat(file("again.html")).hasSameBinaryContentAs(file("plan.html"));
    assertThat(listing())
        .containsExactly("again.html", "event.yaml", "plan.html", "plan.json", "tickets.csv");
  }

  @Test
  void whatTheEventFileSaysCannotBecomeMarkupOfThePage() throws IOException {
    Files.move(file("tickets.csv"), file("<img src=x onerror=y>.csv"));
    edit("path: tickets.csv", "path: '<img src=x onerror=y>.csv'");
    assertThat(shell.run("plan", "event.yaml", "--html", "plan.html").code()).isZero();
    assertThat(Files.readString(file("plan.html")))
        .contains("&lt;img src=x onerror=y&gt;.csv")
        .doesNotContain("<img");
  }

  @Test
  void aPageThatCannotBeWrittenIsExit73AndNothingIsSaved() throws IOException {
    refused(73, "no/such", "plan", "event.yaml", "-o", "plan.json", "--html", "no/such/plan.html");
    Files.createDirectory(file("page"));
    refused(73, "a folder", "plan", "event.yaml", "-o", "plan.json", "--html", "page");
    refused(64, "both name", "plan", "event.yaml", "-o", "x", "--html", "./x");
    refused(64, "--html", "plan", "event.yaml", "--html", "-");
    refused(73, "no/such", "plan", "event.yaml", "-o", "no/such/plan.json", "--html", "p.html");
  }

  @Test
  void aPlanAboveItsBudgetIsExit3AndNotSaved() throws IOException {
    edit("maxCost: 25000 USD", "maxCost: 1 USD");
    edit("provider:\n", "provider:\n  aws: {region: us-east-1, account: \"123456789012\"}\n");
    refused(3, "maxCost", "plan", "event.yaml", "--provider", "aws", "-o", "plan.json");
  }

  @Test
  void anUnknownProviderIsExit64() throws IOException {
    refused(64, "no provider 'gcp'", "plan", "event.yaml", "--provider", "gcp");
  }
}

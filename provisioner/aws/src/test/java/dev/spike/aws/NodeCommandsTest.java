package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spike.aws.emulator.Clients;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.NodeChannel.Answer;
import dev.spike.core.provider.NodeCommand;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.ResourceType;

/** Commands to nodes: what is cut off is noticed, and no name is ever left out. */
class NodeCommandsTest {
  private static final NodeCommand STATUS = NodeCommand.of("status", "--config", "${serveConfig}");

  @RegisterExtension static final MotoServer AWS = MotoServer.extended();

  /** What node/run prints for a command that printed so much and ended so. */
  private static String printed(int exitCode, String text) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    String content = Base64.getEncoder().encodeToString(packed.toByteArray());
    return "spike/1 "
        + exitCode
        + " "
        + content.length()
        + " "
        + Names.hash(content)
        + " "
        + content
        + "\n";
  }

  private static NodeCommands commands(Rig rig) {
    return new NodeCommands(Rig.EVENT, rig.clients, new EventMachines(rig.clients));
  }

  private static List<String> nodes(int count) {
    Ec2Client ec2 = Clients.at(AWS, Ec2Client.builder());
    List<String> ids = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      String name = "a-" + i;
      ids.add(
          ec2.runInstances(
                  request ->
                      request
                          .imageId("ami-12c6146b")
                          .instanceType("c7gn.4xlarge")
                          .minCount(1)
                          .maxCount(1)
                          .tagSpecifications(
                              tags ->
                                  tags.resourceType(ResourceType.INSTANCE)
                                      .tags(
                                          tag -> tag.key("spike:event").value("cup-final"),
                                          tag -> tag.key("spike:resource").value("node-fleet/a"),
                                          tag -> tag.key("spike:node").value(name),
                                          tag -> tag.key("Name").value("cup-final/" + name))))
              .instances()
              .getFirst()
              .instanceId());
    }
    return ids;
  }

  private static SortedMap<String, Answer> run(List<String> names, Duration limit)
      throws Exception {
    try (Rig rig = new Rig(AWS)) {
      return commands(rig).run(names, STATUS, Deadline.in(Clock.systemUTC(), limit));
    }
  }

  @Test
  void everyNodeAnswersThroughOneCommandByTagAndOneListing() throws Exception {
    nodes(60);
    AWS.set(Map.of("answers", List.of(Map.of("output", printed(0, "{\"ready\":true}")))));
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= 60; i++) {
      names.add("a-" + i);
    }
    SortedMap<String, Answer> answers = run(names, Duration.ofSeconds(60));
    assertThat(answers).hasSize(60);
    assertThat(answers.values())
        .allSatisfy(
            answer -> {
              assertThat(answer.ok()).isTrue();
              assertThat(answer.json().get("ready").asBoolean()).isTrue();
            });
    assertThat(AWS.calls())
        .containsEntry("ssm:SendCommand", 1)
        .containsEntry("ssm:ListCommandInvocations", 2) // two pages
        .doesNotContainKey("ssm:GetCommandInvocation");
  }

  @Test
  void theInvocationsMayComeLateAndTheAnswersLater() throws Exception {
    nodes(2);
    AWS.set(
        Map.of(
            "invocationsLate", 1,
            "invocationsSlow", 1,
            "answers", List.of(Map.of("output", printed(3, "{\"state\":\"draining\"}")))));
    Answer answer = run(List.of("a-1"), Duration.ofSeconds(60)).get("a-1");
    assertThat(answer.exitCode()).isEqualTo(3);
    assertThat(answer.json().get("state").asText()).isEqualTo("draining");
  }

  @Test
  void anAnswerThatTheListCutsIsFetchedAndOneThatIsCutThereTooIsAnError() throws Exception {
    List<String> ids = nodes(2);
    String noise = Base64.getEncoder().encodeToString(random(6_000));
    String more = Base64.getEncoder().encodeToString(random(40_000));
    AWS.set(
        Map.of(
            "answers",
            List.of(
                Map.of("instance", ids.get(0), "output", printed(0, "{\"x\":\"" + noise + "\"}")),
                Map.of("instance", ids.get(1), "output", printed(0, "{\"x\":\"" + more + "\"}")))));
    SortedMap<String, Answer> answers = run(List.of("a-1", "a-2"), Duration.ofSeconds(60));
    assertThat(answers.get("a-1").json().get("x").asText()).isEqualTo(noise);
    assertThat(answers.get("a-2").exitCode()).isEqualTo(-1);
    assertThat(answers.get("a-2").json().get("error").asText()).contains("cut off");
  }

  private static byte[] random(int bytes) {
    byte[] random = new byte[bytes];
    new Random(7).nextBytes(random);
    return random;
  }

  @Test
  void nodesThatNeverRegisteredOrAreNotThereAreNamed() throws Exception {
    List<String> ids = nodes(2);
    AWS.set(
        Map.of(
            "missingNodes", List.of(ids.get(0)),
            "answers", List.of(Map.of("output", printed(0, "{}")))));
    SortedMap<String, Answer> answers = run(List.of("a-1", "a-2", "a-9"), Duration.ofSeconds(60));
    assertThat(answers.get("a-1").exitCode()).isEqualTo(-1);
    assertThat(answers.get("a-1").json().get("error").asText()).contains("not registered");
    assertThat(answers.get("a-2").ok()).isTrue();
    assertThat(answers.get("a-9").json().get("error").asText()).isEqualTo("node a-9 is not there");
  }

  @Test
  void aNodeThatDoesNotEndInTimeIsNamedAndItsCommandCancelled() throws Exception {
    nodes(1);
    AWS.set(Map.of("invocationsSlow", 1_000, "answers", List.of(Map.of("output", "x"))));
    Answer answer = run(List.of("a-1"), Duration.ofSeconds(5)).get("a-1");
    assertThat(answer.exitCode()).isEqualTo(-1);
    assertThat(answer.json().get("error").asText()).contains("did not answer in time");
    assertThat(AWS.calls()).containsEntry("ssm:CancelCommand", 1);
  }

  @Test
  void aNodeWithoutTheProgramSaysWhatItSaid() throws Exception {
    nodes(1);
    AWS.set(
        Map.of(
            "answers",
            List.of(Map.of("error", "/opt/spike/node/run: not found", "exitCode", 127))));
    Answer answer = run(List.of("a-1"), Duration.ofSeconds(30)).get("a-1");
    assertThat(answer.json().get("error").asText()).contains("Failed").contains("not found");
  }

  @Test
  void whereListingIsNotOfferedEachInvocationIsAskedFor() throws Exception {
    nodes(2);
    AWS.fault(
        Map.of(
            "action", "ListCommandInvocations",
            "effect", "error",
            "code", "UnknownOperationException"));
    AWS.set(Map.of("answers", List.of(Map.of("output", printed(0, "{}")))));
    assertThat(run(List.of("a-1", "a-2"), Duration.ofSeconds(30)).values()).allMatch(Answer::ok);
  }

  @Test
  void theProgramOnTheNodeRunsTheWordsAsTheyAreAndWrapsUpWhatIsPrinted(@TempDir Path folder)
      throws Exception {
    Path java = folder.resolve("java");
    Files.writeString(
        java,
        """
        #!/bin/sh
        shift 3
        printf '{"count":%d,"last":"' "$#"
        for word; do last=$word; done
        printf '%s"}\\n' "$last"
        exit 4
        """);
    assertThat(java.toFile().setExecutable(true)).isTrue();
    String hostile = "$(touch " + folder.resolve("made") + "); `id` 'q' \\\\ * é";
    String script = CommandLine.script(List.of("status", "", hostile));
    String[] words = script.split(" ", -1);
    assertThat(words).hasSize(2);
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of("../../templates/node/run").toAbsolutePath().toString(), words[1]);
    builder.environment().putAll(Map.of("SPIKE_JAVA", java.toString(), "SPIKE_OPT", "/opt/none"));
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    Answer answer = NodeAnswer.whole(output).orElseThrow(() -> new AssertionError(output));
    assertThat(answer.exitCode()).isEqualTo(4);
    JsonNode json = answer.json();
    assertThat(json.get("count").asInt()).isEqualTo(3);
    assertThat(json.get("last").asText())
        .isEqualTo(new ObjectMapper().readTree("\"" + hostile + "\"").asText());
    assertThat(folder.resolve("made")).doesNotExist();
    assertThat(NodeAnswer.whole(output.substring(0, output.length() - 3))).isEmpty();
  }
}

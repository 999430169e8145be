package dev.spike.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BacktestCommandTest {
  private static final Instant KICKOFF = Instant.parse("2026-06-14T19:00:00Z");

  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void fourEveningsAreRecorded() throws IOException {
    shell = new Shell(folder);
    Files.writeString(
        file("event.yaml"),
        """
        apiVersion: spike/v1
        event: {name: cup, startsAt: 2026-06-14T19:00:00Z, kind: match}
        tickets: {sources: [{type: csv, path: tickets.csv}]}
        provider: {local: {scale: 1/1}}
        """);
    StringBuilder csv = new StringBuilder("minute_utc,requests\n");
    for (int day = 3; day >= 0; day--) {
      for (int minute = -120; minute < 200; minute++) {
        Instant at = KICKOFF.minus(Duration.ofDays(day)).plusSeconds(minute * 60L);
        int count = minute < 0 ? 1000 : minute < 120 ? 5000 : 1500;
        csv.append(at).append(',').append(count * (10 + day) / 10).append('\n');
      }
    }
    Files.writeString(file("trace.csv"), csv.toString());
  }

  @Test
  void theEventsOwnEveningIsForecastFromThoseBeforeIt() {
    Shell.Ran ran = shell.run("backtest", "event.yaml", "--trace", "trace.csv");

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.outLines().getFirst()).startsWith("Backtest: 1 evening, 210 minutes; p50 ");
    assertThat(ran.out()).contains("2026-06-11T19:00, 2026-06-12T19:00, 2026-06-13T19:00");
  }

  @Test
  void jsonHasEveryEveningsScoreAndThatOfThePreviousEvening() {
    JsonNode result =
        shell
            .run(
                "backtest",
                "event.yaml",
                "--trace",
                "trace.csv",
                "--kickoff",
                "2026-06-14T19:00:00Z,2026-06-12T21:00:00+02:00",
                "--evenings",
                "2026-06-11T19:00:00Z,2026-06-12T19:00:00Z,2026-06-13T19:00:00Z,2026-06-14T19:00:00Z",
                "--lead",
                "1h",
                "--json")
            .result();

    assertThat(result.path("exitCode").asInt()).isZero();
    assertThat(result.path("evenings")).hasSize(2);
    JsonNode second = result.path("evenings").get(1);
    assertThat(second.path("asOf").asText()).isEqualTo("2026-06-12T18:00:00Z");
    assertThat(second.path("learnedFrom").toString())
        .isEqualTo("[\"2026-06-11T19:00:00Z\",\"2026-06-13T19:00:00Z\",\"2026-06-14T19:00:00Z\"]");
    assertThat(second.path("previousKickoff").asText()).isEqualTo("2026-06-11T19:00:00Z");
    assertThat(result.path("score").path("minutes").asInt()).isEqualTo(420);
    assertThat(result.path("score").path("p90").path("covered").asDouble()).isBetween(0.0, 1.0);
    assertThat(result.path("gain").asDouble())
        .isEqualTo(
            1
                - result.path("compared").path("pinball").asDouble()
                    / result.path("previous").path("pinball").asDouble(),
            within(1e-9));
  }

  @Test
  void thePlansOwnForecastIsHeldAgainstConnections() throws IOException {
    Files.writeString(
        file("tickets.csv"), "sold_at,product,quantity\n2026-06-01T10:00:00Z,pass,5000\n");
    Shell.Ran ran = shell.run("backtest", "event.yaml", "--trace", "trace.csv", "--model", "plan");

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.outLines().getFirst()).contains("1 evening, 210 minutes");
    assertThat(ran.out()).contains("the plan");
  }

  @Test
  void recordingsThatCannotBeUsedAreRefusedWithWhatToDo() throws IOException {
    Files.writeString(file("few.csv"), "minute,count\n2026-06-14T19:00:00Z,7\n");
    Files.writeString(file("bad.csv"), "minute,count\n2026-06-14T19:00:00Z,many\n");
    Files.writeString(file("empty.csv"), "");

    refused(66, "missing", "--trace", "none.csv");
    refused(65, "line 2 is", "--trace", "bad.csv");
    refused(65, "holds no minute", "--trace", "empty.csv");
    refused(65, "holds 1 of the 210 minutes", "--trace", "few.csv");
    refused(65, "0 of the 210", "--trace", "trace.csv", "--kickoff", "2031-06-14T19:00:00Z");
    refused(
        65,
        "two other whole evenings",
        "--trace",
        "trace.csv",
        "--kickoff",
        "2026-06-12T19:00:00Z");
    refused(64, "--model is 'tea'", "--trace", "trace.csv", "--model", "tea");
    refused(64, "the one event", "--trace", "trace.csv", "--model", "plan", "--lead", "0s");
    refused(66, "tickets.csv", "--trace", "trace.csv", "--model", "plan");
    assertThat(shell.run("backtest", "event.yaml").code()).isEqualTo(64);
    assertThat(shell.run("backtest", "none.yaml", "--trace", "trace.csv").code()).isEqualTo(66);
    Files.writeString(file("event.yaml"), "apiVersion: spike/v1\n");
    refused(78, "event", "--trace", "trace.csv");
  }

  private void refused(int code, String words, String... options) {
    String[] arguments = new String[options.length + 2];
    arguments[0] = "backtest";
    arguments[1] = "event.yaml";
    System.arraycopy(options, 0, arguments, 2, options.length);
    Shell.Ran ran = shell.run(arguments);
    assertThat(ran.code()).as(ran.err()).isEqualTo(code);
    assertThat(ran.err()).contains(words).contains("next: ");
  }

  private Path file(String name) {
    return folder.resolve(name);
  }
}

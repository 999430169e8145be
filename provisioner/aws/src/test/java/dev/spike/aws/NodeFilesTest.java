package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of {@code templates/node}, run as far as a machine that is no rented node can. */
class NodeFilesTest {
  private static final Path FILES = Path.of("../../templates/node").toAbsolutePath().normalize();
  private static final List<String> SCRIPTS =
      List.of("boot", "configure", "feed", "logs", "network", "run", "user-data");

  @TempDir Path folder;
  private Path calls = Path.of("");
  private final Map<String, String> metadata = new ConcurrentHashMap<>();
  private HttpServer server;

  private record Run(int exitCode, String output) {}

  @BeforeEach
  void stubsAndMetadata() throws Exception {
    calls = folder.resolve("calls");
    Files.createFile(calls);
    for (String part : List.of("bin", "run", "opt/node", "etc/sysctl.d", "s3", "secrets")) {
      Files.createDirectories(folder.resolve(part));
    }
    for (String file : List.of("90-spike.conf", "configure", "feed", "logs")) {
      Files.copy(FILES.resolve(file), folder.resolve("opt/node/" + file));
    }
    Files.writeString(folder.resolve("s3/tier.json"), "{}");
    for (String secret : List.of("certificate", "cache", "fleet")) {
      Files.writeString(folder.resolve("secrets/" + secret), "the " + secret + " secret\n");
    }
    metadata.put("/latest/meta-data/tags/instance/spike:node", "a-1");
    metadata.put("/latest/meta-data/tags/instance/spike:zone", "a");
    metadata.put("/latest/meta-data/local-ipv4", "10.0.1.5");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean token = exchange.getRequestMethod().equals("PUT");
          boolean trusted =
              "t".equals(exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token"));
          String path = exchange.getRequestURI().getPath();
          String body = token ? "t" : trusted ? metadata.get(path) : null;
          byte[] bytes = (body == null ? "" : body).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(body == null ? 404 : 200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
    for (String program : List.of("chgrp", "chown", "mount", "sysctl", "dnf", "useradd", "id")) {
      stub(program, "exit 0");
    }
    stub("mountpoint", "exit 1");
    stub("java", "case $1 in -version) echo 'openjdk version \"25.0.1\"' >&2 ;; esac; exit 0");
    stub("ip", "echo 'default via 10.0.1.1 dev ens5 proto dhcp src 10.0.1.5 metric 512'");
    stub(
        "aws",
        """
        case "$1 $2" in
          "s3 cp") for last; do :; done; [ -e "$FOLDER/s3/tier.json" ] && cp "$FOLDER/s3/tier.json" "$last" ;;
          "secretsmanager get-secret-value")
            while [ "$1" != --secret-id ]; do shift; done; cat "$FOLDER/secrets/$2" ;;
          *) exit 9 ;;
        esac""");
  }

  @AfterEach
  void stopMetadata() {
    server.stop(0);
  }

  @Test
  void everyScriptSatisfiesShellcheck() throws Exception {
    for (String script : SCRIPTS) {
      Run run = run(List.of("shellcheck", FILES.resolve(script).toString()), Map.of());
      assertThat(run.exitCode()).as(run.output()).isZero();
    }
  }

  @Test
  void everyUnitIsOneThatSystemdAccepts() throws Exception {
    Path root = folder.resolve("root");
    Path units = Files.createDirectories(root.resolve("etc/systemd/system"));
    Path programs = Files.createDirectories(root.resolve("opt/spike/node"));
    Path java = Files.createDirectories(root.resolve("usr/bin")).resolve("java");
    Path systemctl = java.resolveSibling("systemctl");
    Path shell = Files.createDirectories(root.resolve("bin")).resolve("sh");
    for (Path program :
        List.of(programs.resolve("boot"), programs.resolve("network"), java, systemctl, shell)) {
      Files.createFile(
          program,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    }
    for (String target :
        List.of(
            "network-online.target",
            "sysinit.target",
            "basic.target",
            "shutdown.target",
            "multi-user.target")) {
      Files.writeString(units.resolve(target), "[Unit]\nDescription=" + target + "\n");
    }
    List<String> names;
    try (Stream<Path> all = Files.list(FILES)) {
      names =
          all.map(file -> file.getFileName().toString())
              .filter(n -> n.endsWith(".service"))
              .toList();
    }
    assertThat(names).hasSize(4);
    List<String> words =
        new ArrayList<>(List.of("systemd-analyze", "verify", "--man=no", "--root=" + root));
    for (String name : names) {
      Files.copy(FILES.resolve(name), units.resolve(name));
      words.add(name);
    }

    Run run = run(words, Map.of());

    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(run.output()).doesNotContain("Unknown", "ignoring", "Failed");
  }

  @Test
  void theServersUnitHasNoCapabilityAndTheRoutersHasThree() throws Exception {
    assertThat(lines("spike-serve.service")).contains("CapabilityBoundingSet=", "User=spike");
    assertThat(lines("spike-router.service"))
        .contains(
            "CapabilityBoundingSet=CAP_BPF CAP_NET_ADMIN CAP_PERFMON",
            "AmbientCapabilities=CAP_BPF CAP_NET_ADMIN CAP_PERFMON",
            "User=spike-router");
  }

  /** systemd keeps the mounts of a unit with a file system of its own from all others. */
  @Test
  void whatTheBootMountsIsSeenByTheOtherUnitsAndABootThatFailedAtFirstStartsThemAfterAll()
      throws Exception {
    assertThat(lines("spike-boot.service"))
        .noneMatch(line -> line.matches("(Private|Protect|ReadOnly|ReadWrite|Inaccess|Mount).*=.*"))
        .contains("ExecStartPost=/usr/bin/systemctl --no-block start spike-serve.service");
  }

  @Test
  void aDeviceWithoutCombinedChannelsIsLeftWithThoseThatItHas() throws Exception {
    stub("ethtool", "printf 'Pre-set maximums:\\nCombined:\\tn/a\\nCurrent:\\nCombined:\\tn/a\\n'");

    Run run = node("network", "lo");

    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(Files.readString(calls)).doesNotContain("ethtool -L");
  }

  @Test
  void everyKernelSettingStandsUnderItsReason() throws Exception {
    String reason = "";
    for (String line : lines("90-spike.conf")) {
      if (line.contains("=")) {
        assertThat(reason).as("the reason of %s", line).isNotEmpty();
      }
      reason = line.startsWith("#") ? line : line.isBlank() ? "" : reason;
    }
  }

  @Test
  void bootPutsSecretsWhereOnlyTheServersGroupReadsThemAndConfiguresThisNode() throws Exception {
    Run run = boot();

    assertThat(run.exitCode()).as(run.output()).isZero();
    Path secret = folder.resolve("run/secrets/fleet");
    assertThat(secret).hasContent("the fleet secret\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
        .isEqualTo("rw-r-----");
    assertThat(Files.readString(calls))
        .contains("--node a-1 --zone a --address 10.0.1.5")
        .contains("--gateway 10.0.1.1 --interface ens5");
    assertThat(Files.readString(calls) + run.output())
        .as("no secret in an argument or in the journal")
        .doesNotContain("the fleet secret", "the cache secret");
  }

  @Test
  void bootWaitsForItsNameAndSaysSoWhenItNeverComes() throws Exception {
    metadata.remove("/latest/meta-data/tags/instance/spike:node");

    Run run = boot();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).contains("no tag spike:node");
  }

  @Test
  void bootSaysWhichSecretItMayNotRead() throws Exception {
    Files.delete(folder.resolve("secrets/cache"));

    Run run = boot();

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output()).contains("the secret for cache cannot be read");
  }

  @Test
  void bootRunsAgainWithoutHarm() throws Exception {
    assertThat(boot().exitCode()).isZero();
    assertThat(boot().exitCode()).isZero();
  }

  @Test
  void aRouterIsStartedOnceItsNodeIsListedAndOneThatRunsIsOnlyTold() throws Exception {
    assertThat(boot().exitCode()).isZero();
    Files.createDirectories(folder.resolve("etc/spike"));
    Files.writeString(
        folder.resolve("etc/spike/boot.env"),
        "SPIKE_REGION=us-east-1\nSPIKE_BUCKET=bucket\nSPIKE_CONFIGURATION=events/cup/tier.json\n");
    stub("systemctl", "case $* in *is-active*) [ -e \"$FOLDER/runs\" ] ;; esac");

    Run unlisted = node("feed", "install");
    Files.createFile(folder.resolve("run/conf/router.json"));
    Files.writeString(folder.resolve("s3/tier.json"), "{\"nodes\":[]}");
    Run refreshed = node("feed");
    Run installed = node("feed", "install");
    Files.createFile(folder.resolve("runs"));
    Run again = node("feed", "install");

    assertThat(unlisted.exitCode()).isEqualTo(1);
    assertThat(unlisted.output()).contains("\"error\":\"the tier's configuration does not list");
    assertThat(List.of(refreshed.exitCode(), installed.exitCode(), again.exitCode()))
        .containsOnly(0);
    assertThat(folder.resolve("run/conf/tier.json")).hasContent("{\"nodes\":[]}");
    assertThat(Files.readAllLines(calls).stream().filter(call -> call.contains("enable --now")))
        .hasSize(1);
    assertThat(Files.readString(calls)).contains("router status --config");
  }

  @Test
  void aStatusCarriesWhatTheNetworkCardCountsWhereItDoes() throws Exception {
    assertThat(boot().exitCode()).isZero();
    stub("java", "echo '{\"warm\":true}'");
    String words = Base64.getEncoder().encodeToString("status\0".getBytes(StandardCharsets.UTF_8));

    Run without = node("run", words);
    stub(
        "ethtool",
        """
        echo '     conntrack_allowance_exceeded: 3'
        echo '     conntrack_allowance_available: 136812'""");
    Run with = node("run", words);

    assertThat(NodeAnswer.whole(without.output()).orElseThrow().json())
        .hasToString("{\"warm\":true}");
    assertThat(NodeAnswer.whole(with.output()).orElseThrow().json())
        .hasToString("{\"warm\":true,\"trackingAllowance\":{\"available\":136812,\"exceeded\":3}}");
  }

  @Test
  void theLastLinesOfTheJournalComeInOneAnswerHoweverManyThereAre() throws Exception {
    stub(
        "journalctl",
        "awk 'BEGIN { srand(7); for (i = 1; i <= 4000; i++)"
            + " printf \"line %d says \\\"a\\\\b\\\"\\t%.15f%.15f\\n\", i, rand(), rand() }'");
    String words = Base64.getEncoder().encodeToString("logs\0".getBytes(StandardCharsets.UTF_8));

    Run run = node("run", words);

    assertThat(run.output().length()).isLessThan(24_000);
    String log = NodeAnswer.whole(run.output()).orElseThrow().json().path("log").asText();
    assertThat(log).hasSizeGreaterThan(20_000);
    assertThat(log.lines().toList().getLast()).startsWith("line 4000 says \"a\\b\"\t");
  }

  private Run boot() throws Exception {
    return node("boot");
  }

  private Run node(String script, String... words) throws Exception {
    List<String> line = new ArrayList<>(List.of(FILES.resolve(script).toString()));
    line.addAll(List.of(words));
    return run(
        line,
        Map.ofEntries(
            Map.entry("SPIKE_RUN", folder.resolve("run").toString()),
            Map.entry("SPIKE_OPT", folder.resolve("opt").toString()),
            Map.entry("SPIKE_ETC", folder.resolve("etc").toString()),
            Map.entry("SPIKE_JAVA", folder.resolve("bin/java").toString()),
            Map.entry("SPIKE_METADATA", "http://127.0.0.1:" + server.getAddress().getPort()),
            Map.entry("SPIKE_PAUSE", "0"),
            Map.entry("SPIKE_REGION", "us-east-1"),
            Map.entry("SPIKE_BUCKET", "bucket"),
            Map.entry("SPIKE_CONFIGURATION", "events/cup/tier.json"),
            Map.entry("SPIKE_CERTIFICATE_SECRET", "certificate"),
            Map.entry("SPIKE_CACHE_SECRET", "cache"),
            Map.entry("SPIKE_FLEET_SECRET", "fleet"),
            Map.entry("FOLDER", folder.toString())));
  }

  private void stub(String program, String body) throws IOException {
    Path file = folder.resolve("bin").resolve(program);
    Files.writeString(
        file, "#!/bin/sh\necho \"" + program + " $*\" >>'" + calls + "'\n" + body + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private Run run(List<String> words, Map<String, String> environment) throws Exception {
    Path output = Files.createTempFile(folder, "output", "");
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().clear();
    builder.environment().put("PATH", folder.resolve("bin") + ":/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().putAll(environment);
    builder.redirectErrorStream(true).redirectOutput(output.toFile());
    Process process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("%s ends", words).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Run(process.exitValue(), Files.readString(output));
  }

  private static List<String> lines(String name) throws IOException {
    return Files.readAllLines(FILES.resolve(name));
  }
}

package dev.spike.cli.tier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.aws.emulator.MotoServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The built distribution as a process, in a folder, signed in to the emulated account. */
final class SpikeOnAws {
  private final Path folder;
  private final Map<String, String> variables = new HashMap<>();
  private final List<String> options = new ArrayList<>();
  private final StringBuilder said = new StringBuilder();

  /** What a command left. */
  record Ran(int exitCode, String stdout, String stderr) {}

  SpikeOnAws(Path folder, MotoServer server) {
    this.folder = folder;
    variables.putAll(
        Map.of(
            "AWS_ENDPOINT_URL", server.endpoint().toString(),
            "AWS_ACCESS_KEY_ID", "AKIAEXAMPLE000000000",
            "AWS_SECRET_ACCESS_KEY", "secret",
            "AWS_EC2_METADATA_DISABLED", "true",
            "HOME", folder.toString()));
  }

  /** With another variable. */
  SpikeOnAws with(String variable, String value) {
    variables.put(variable, value);
    return this;
  }

  SpikeOnAws without(String variable) {
    variables.remove(variable);
    return this;
  }

  /** With options for Java. */
  SpikeOnAws with(List<String> more) {
    options.addAll(more);
    return this;
  }

  /** All that was printed so far. */
  String said() {
    return said.toString();
  }

  /** Runs a command that has to end well. */
  Ran ok(String... words) throws Exception {
    Ran ran = run(words);
    assertThat(ran.exitCode()).as("%s %s", List.of(words), ran).isZero();
    return ran;
  }

  /** Runs a command to its end. */
  Ran run(String... words) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dspike.home=" + folder.resolve("home")));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("spike.home") + "/lib/*"));
    command.add("dev.spike.cli.Spike");
    command.addAll(List.of(words));
    Path out = Files.createTempFile(folder, "stdout-", ".txt");
    Path err = Files.createTempFile(folder, "stderr-", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(
            name -> name.startsWith("AWS_") || name.toUpperCase(Locale.ROOT).endsWith("_PROXY"));
    builder.environment().putAll(variables);
    Process process = builder.start();
    if (!process.waitFor(300, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("spike " + String.join(" ", words) + " did not end in 300 s");
    }
    Ran ran = new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
    said.append(ran);
    return ran;
  }
}

package dev.spike.cli.tier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.aws.emulator.MotoServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The built distribution, signed in to an emulated account. */
final class BuiltSpike {
  private final Path folder;
  private final MotoServer aws;
  private final StringBuilder said = new StringBuilder();

  BuiltSpike(Path folder, MotoServer aws) {
    this.folder = folder;
    this.aws = aws;
  }

  /** What a command left. */
  record Ran(int exitCode, String stdout, String stderr) {}

  /** All that was printed so far. */
  String said() {
    return said.toString();
  }

  Ran ok(String... words) throws Exception {
    Ran ran = run(words);
    assertThat(ran.exitCode()).as("%s %s", List.of(words), ran).isZero();
    return ran;
  }

  /** Runs the built distribution in the test's folder, with an account to sign in to. */
  Ran run(String... words) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dspike.home=" + folder.resolve("home"),
                "-cp",
                System.getProperty("spike.home") + "/lib/*",
                "dev.spike.cli.Spike"));
    command.addAll(List.of(words));
    Path out = folder.resolve("stdout.txt");
    Path err = folder.resolve("stderr.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder
        .environment()
        .putAll(
            Map.of(
                "AWS_ENDPOINT_URL", aws.endpoint().toString(),
                "AWS_ACCESS_KEY_ID", "AKIAEXAMPLE000000000",
                "AWS_SECRET_ACCESS_KEY", "secret",
                "AWS_EC2_METADATA_DISABLED", "true",
                "HOME", folder.toString()));
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

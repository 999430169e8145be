package dev.spike.cli.tier;

import dev.spike.core.plan.Plan;
import dev.spike.core.plan.PlanFiles;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real tier of three zones on this machine, driven through the built command line as its users
 * drive it. Its event's name is its own, so that two runs at once do not meet.
 */
final class TestTier {
  final String event;
  final Path folder;
  final Path planFile;
  private final List<String> before;

  private TestTier(String event, Path folder, List<String> before) {
    this.event = event;
    this.folder = folder;
    this.before = before;
    this.planFile = folder.resolve("plan.json");
  }

  /** What a command printed and how it ended. */
  record Ran(int exitCode, String stdout, String stderr) {
    @Override
    public String toString() {
      return "exit " + exitCode + "\n--- stdout\n" + stdout + "\n--- stderr\n" + stderr;
    }
  }

  /** Writes an event file with a small ticket export and plans it. */
  static TestTier planned(String prefix, Path folder, int zones) throws Exception {
    return planned(prefix, folder, zones, List.of());
  }

  /** As above; {@code before} stands before every command line, such as setpriv and its options. */
  static TestTier planned(String prefix, Path folder, int zones, List<String> before)
      throws Exception {
    String unique = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    TestTier tier = new TestTier(prefix + "-" + unique, folder, before);
    Files.writeString(
        folder.resolve("event.yaml"),
        """
        apiVersion: spike/v1
        event: {name: %s, startsAt: 2031-05-30T19:00:00Z}
        tickets:
          sources:
            - {type: csv, path: tickets.csv, columns: {soldAt: sold_at, product: product, quantity: quantity}}
          products:
            stream-pass: {admission: stream, capacity: 100000}
        service: {host: live.example.com}
        provider:
          local: {scale: 1/1000, zones: %d}
        """
            .formatted(tier.event, zones));
    StringBuilder sales = new StringBuilder("sold_at,product,quantity\n");
    for (int day = 1; day <= 28; day++) {
      for (int hour = 0; hour < 20; hour++) {
        sales.append("2031-04-%02dT%02d:00:00Z,stream-pass,100\n".formatted(day, hour));
      }
    }
    Files.writeString(folder.resolve("tickets.csv"), sales.toString());
    Ran ran =
        tier.spike(
            "plan",
            folder.resolve("event.yaml").toString(),
            "-o",
            tier.planFile.toString(),
            "--as-of",
            "2031-05-27T00:00:00Z");
    if (ran.exitCode() != 0) {
      throw new AssertionError("spike plan failed: " + ran);
    }
    return tier;
  }

  Plan plan() throws Exception {
    return PlanFiles.read(planFile);
  }

  /** Opens the local provider in this process, for what the command line has no verb. */
  static Provider provider(Plan plan) throws Exception {
    for (ProviderFactory factory : ServiceLoader.load(ProviderFactory.class)) {
      if (factory.name().equals("local")) {
        return factory.open(plan.provider().settings(), Clock.systemUTC());
      }
    }
    throw new AssertionError("the local provider is not on the class path");
  }

  /** The command line of the built distribution. */
  List<String> command(String... words) {
    String home = System.getProperty("spike.home");
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-Dspike.home=" + home,
            "-cp",
            home + "/lib/*",
            "dev.spike.cli.Spike"));
    command.addAll(List.of(words));
    return command;
  }

  Process start(String... words) throws IOException {
    return new ProcessBuilder(command(words))
        .redirectOutput(folder.resolve("stdout.txt").toFile())
        .redirectError(folder.resolve("stderr.txt").toFile())
        .start();
  }

  Ran spike(String... words) throws Exception {
    Process process = start(words);
    if (!process.waitFor(300, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("spike " + String.join(" ", words) + " did not end in 300 s");
    }
    return ran(process);
  }

  Ran ran(Process process) throws IOException {
    return new Ran(
        process.exitValue(),
        Files.readString(folder.resolve("stdout.txt")),
        Files.readString(folder.resolve("stderr.txt")));
  }

  /** Runs a program of the system and returns what it printed. */
  static String run(String... words) throws Exception {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError(String.join(" ", words) + ": " + output);
    }
    return output;
  }

  /** The ids of the event's processes whose SPIKE_RESOURCE, or command line, holds the text. */
  List<Long> processes(String text) throws IOException {
    List<Long> found = new ArrayList<>();
    for (Map.Entry<Long, String> process : processes().entrySet()) {
      if (process.getValue().contains(text)) {
        found.add(process.getKey());
      }
    }
    return found;
  }

  /** Environment and command line of every process that carries the event's tag, by id. */
  private Map<Long, String> processes() throws IOException {
    Map<Long, String> found = new java.util.TreeMap<>();
    try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
      for (Path entry : entries.filter(p -> p.getFileName().toString().matches("\\d+")).toList()) {
        try {
          String environment = read(entry.resolve("environ"));
          if (List.of(environment.split("\0")).contains("SPIKE_EVENT=" + event)) {
            found.put(
                Long.parseLong(entry.getFileName().toString()),
                environment + " " + read(entry.resolve("cmdline")).replace('\0', ' '));
          }
        } catch (IOException gone) {
          // A process that ended between the listing and the reading is not there: nothing to say.
          continue;
        }
      }
    }
    return found;
  }

  private static String read(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  /** Whatever of the event is left on this machine, found without the provider's help. */
  List<String> leftovers() throws Exception {
    List<String> left = new ArrayList<>();
    processes().forEach((id, text) -> left.add("process " + id + " " + text));
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      if (line.contains("spike/" + event) || line.contains("spike." + event + ".")) {
        left.add("mount " + line);
      }
    }
    for (String line : run("ip", "netns", "list").split("\n")) {
      if (line.contains("spike." + event + ".")) {
        left.add("namespace " + line);
      }
    }
    if (run("ip", "-o", "link", "show").contains(event)) {
      left.add("link of " + event);
    }
    if (Files.exists(Path.of("/run/spike", event))) {
      left.add("folder /run/spike/" + event);
    }
    return left;
  }
}

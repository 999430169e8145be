package dev.spike.cli.tier;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * A machine with a real systemd and a real network device, in namespaces on this one: what runs on
 * a rented node runs here as there. It sees this machine's programs and forgets what it wrote.
 */
final class NodeMachine implements AutoCloseable {
  private static final Path SYSTEMD = Path.of("/lib/systemd/systemd");
  private static final Path GROUPS = Path.of("/sys/fs/cgroup");
  private static final List<String> PATH =
      List.of("env", "-i", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  private static final int METADATA_PORT = 8111;

  private final Path folder;
  private final Path group;
  private final List<Process> beside = new ArrayList<>();
  private Optional<Process> systemd = Optional.empty();
  private long first;

  /** What a program printed, both outputs in one, and how it ended. */
  record Ran(int exitCode, String output) {}

  /**
   * The folder holds the machine's files under {@code files}, which may be added to until start.
   */
  NodeMachine(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder.resolve("files"));
    Path groups =
        Files.exists(GROUPS.resolve("cgroup.controllers")) ? GROUPS : GROUPS.resolve("systemd");
    this.group =
        groups.resolve(
            "spike-machine-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()));
  }

  /** Why no such machine can be had here; empty where it can. */
  static Optional<String> lacking() {
    if (!"root".equals(System.getProperty("user.name"))) {
      return Optional.of("a machine in namespaces needs root");
    }
    if (!Files.isExecutable(SYSTEMD)) {
      return Optional.of("there is no " + SYSTEMD);
    }
    boolean groups =
        Files.exists(GROUPS.resolve("cgroup.controllers"))
            || Files.isDirectory(GROUPS.resolve("systemd"));
    return groups
        ? Optional.empty()
        : Optional.of("no control groups for a systemd under " + GROUPS);
  }

  /** Where a file of the machine is, before it starts: {@code path} begins with a slash. */
  Path file(String path) throws IOException {
    Path file = folder.resolve("files" + path);
    Files.createDirectories(file.getParent());
    return file;
  }

  /** A file of the running machine. */
  Path inside(String path) {
    return Path.of("/proc/" + first + "/root" + path);
  }

  /** One of this package's programs for the machine, as a file of the machine. */
  void program(String resource, String path) throws IOException {
    try (var in = NodeMachine.class.getResourceAsStream("/machine/" + resource)) {
      Files.copy(in, file(path), StandardCopyOption.REPLACE_EXISTING);
    }
    if (!file(path).toFile().setExecutable(true)) {
      throw new IOException(path + " cannot be made executable");
    }
  }

  /**
   * Boots; false where systemd lives and does not come up in time, as on a machine that keeps
   * control groups from it.
   *
   * @throws IOException with what was printed when it ended instead
   */
  boolean start() throws Exception {
    Files.createDirectory(group);
    Path start = folder.resolve("start");
    try (var in = NodeMachine.class.getResourceAsStream("/machine/start")) {
      Files.copy(in, start);
    }
    Process process =
        new ProcessBuilder("bash", start.toString(), folder.toString(), group.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("console.log").toFile())
            .start();
    systemd = Optional.of(process);
    boolean up =
        until(
            Duration.ofSeconds(30),
            () -> {
              first = process.children().findFirst().map(ProcessHandle::pid).orElse(0L);
              return first != 0
                  && run("systemctl", "is-system-running")
                      .output()
                      .strip()
                      .matches("running|degraded");
            });
    if (!process.isAlive()) {
      throw new IOException("the machine ended: " + console());
    }
    return up;
  }

  /** What systemd said of itself. */
  String console() throws IOException {
    return Files.readString(folder.resolve("console.log"));
  }

  /** Gives it a network card with this address, and a way out that leads nowhere. */
  void network(String address, String gateway) throws Exception {
    links("link", "set", "lo", "up");
    links("link", "add", "eth0", "mtu", "9001", "type", "veth", "peer", "name", "wire");
    links("link", "set", "eth0", "up");
    links("link", "set", "wire", "up");
    links("address", "add", address, "dev", "eth0");
    links("route", "add", "default", "via", gateway, "dev", "eth0", "onlink");
  }

  private void links(String... words) throws Exception {
    List<String> line = new ArrayList<>(List.of("ip"));
    line.addAll(List.of(words));
    Ran ran = onItsNetwork(line);
    if (ran.exitCode() != 0) {
      throw new IOException("ip " + String.join(" ", words) + ": " + ran.output());
    }
  }

  /** Starts a program of this machine on the other's network, until the other ends. */
  void beside(List<String> words) throws IOException {
    List<String> line = new ArrayList<>(List.of("nsenter", "-t", Long.toString(first), "-n"));
    line.addAll(words);
    beside.add(
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("beside-" + beside.size() + ".log").toFile())
            .start());
  }

  /** Runs a program of this machine on the other's network. */
  Ran onItsNetwork(List<String> words) throws Exception {
    List<String> line = new ArrayList<>(List.of("nsenter", "-t", Long.toString(first), "-n"));
    line.addAll(words);
    return end(line);
  }

  /** Runs a program of the machine as root there. */
  Ran run(String... words) {
    List<String> line =
        new ArrayList<>(
            List.of("nsenter", "-t", Long.toString(first), "-m", "-p", "-r", "-w", "-n"));
    line.addAll(PATH);
    line.addAll(List.of(words));
    try {
      return end(line);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private Ran end(List<String> line) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "output-", ".txt");
    Process process =
        new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile()).start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException(line + " did not end in 120 s");
    }
    return new Ran(process.exitValue(), Files.readString(output, UTF_8));
  }

  /** Waits for a unit to be active. */
  boolean active(String unit, Duration most) throws InterruptedException {
    return until(most, () -> run("systemctl", "-q", "is-active", unit).exitCode() == 0);
  }

  /** The id, there, of the main process of a unit. */
  String process(String unit) {
    return run("systemctl", "show", "--value", "-p", "MainPID", unit).output().strip();
  }

  /** A line of {@code /proc/PID/status} of a unit's main process. */
  String status(String unit, String field) {
    return run(
            "sed", "-n", "s/^" + field + ":[[:space:]]*//p", "/proc/" + process(unit) + "/status")
        .output()
        .strip();
  }

  /** Serves the files below a folder of this machine as the instance's metadata. */
  String metadata(Path values) throws Exception {
    beside(
        List.of(
            "python3",
            Path.of(NodeMachine.class.getResource("/machine/metadata").toURI()).toString(),
            Integer.toString(METADATA_PORT),
            values.toString()));
    return "http://127.0.0.1:" + METADATA_PORT;
  }

  static boolean until(Duration most, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      Thread.sleep(250);
    }
    return true;
  }

  /** Ends it with all its processes; its namespaces and what it wrote go with it. */
  @Override
  public void close() throws Exception {
    for (Process process : beside) {
      process.destroyForcibly().waitFor();
    }
    if (systemd.isPresent()) {
      systemd.get().children().forEach(ProcessHandle::destroyForcibly);
      systemd.get().destroyForcibly().waitFor();
    }
    if (Files.exists(group)) {
      boolean gone = until(Duration.ofSeconds(10), () -> emptied(group));
      if (!gone) {
        throw new IOException("the control group " + group + " is not empty");
      }
    }
  }

  private static boolean emptied(Path group) {
    try (Stream<Path> below = Files.walk(group)) {
      for (Path one : below.filter(Files::isDirectory).sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
      return true;
    } catch (IOException | UncheckedIOException busy) {
      return false;
    }
  }
}

package dev.spike.node.router;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Three nodes, a balancer with stateful DNAT and a client, each in a network namespace of its own
 * on one bridge; everything under names of this process, everything gone after close.
 */
final class TestFabric implements AutoCloseable {
  static final int NODES = 3;
  private final String prefix = "spkrt" + ProcessHandle.current().pid();
  private final List<Process> processes = new ArrayList<>();
  private final Path directory;
  private final Path bpffs;

  private TestFabric(Path directory) {
    this.directory = directory;
    this.bpffs = directory.resolve("bpf");
  }

  static TestFabric up() throws IOException, InterruptedException {
    TestFabric fabric = new TestFabric(Files.createTempDirectory("spike-rt"));
    try {
      fabric.build();
      return fabric;
    } catch (IOException | InterruptedException | RuntimeException e) {
      fabric.close();
      throw e;
    }
  }

  Path directory() {
    return directory;
  }

  Path pins(int node) {
    return bpffs.resolve("n" + node);
  }

  static String address(int node) {
    return "10.77." + node + ".11";
  }

  private String namespace(String name) {
    return prefix + "-" + name;
  }

  /** Runs a program in a namespace. */
  String in(String name, String... command) throws IOException, InterruptedException {
    return Commands.must(entered(name, command).toArray(String[]::new));
  }

  Commands.Result tryIn(String name, String... command) throws IOException, InterruptedException {
    return Commands.run("", entered(name, command));
  }

  /** Starts a program in a namespace; it ends with this fabric. */
  Process start(String name, Path log, String... command) throws IOException {
    Process process =
        new ProcessBuilder(entered(name, command))
            .redirectOutput(log.toFile())
            .redirectErrorStream(true)
            .start();
    processes.add(process);
    return process;
  }

  private List<String> entered(String name, String... command) {
    List<String> all = new ArrayList<>();
    all.add("nsenter");
    all.add("--net=/run/netns/" + namespace(name));
    all.addAll(List.of(command));
    return all;
  }

  private void build() throws IOException, InterruptedException {
    Files.createDirectory(bpffs);
    Commands.must("mount", "-t", "bpf", "bpf", bpffs.toString());
    for (String name : List.of("fab", "bal", "cli", "n1", "n2", "n3")) {
      Commands.must("ip", "netns", "add", namespace(name));
      in(name, "ip", "link", "set", "lo", "up");
    }
    in("fab", "ip", "link", "add", "br0", "type", "bridge");
    in("fab", "ip", "link", "set", "br0", "up");
    link("bal", "pbal", "10.77.0.1/16");
    for (int node = 1; node <= NODES; node++) {
      link("n" + node, "pn" + node, address(node) + "/16");
      in("n" + node, "ip", "route", "add", "default", "via", "10.77.0.1");
    }
    in("fab", "ip", "link", "set", "br0", "mtu", "3000");
    in(
        "bal",
        "ip",
        "link",
        "add",
        "front",
        "type",
        "veth",
        "peer",
        "name",
        "eth0",
        "netns",
        namespace("cli"));
    in("bal", "ip", "addr", "add", "10.78.0.1/24", "dev", "front");
    in("bal", "ip", "link", "set", "front", "up");
    in("cli", "ip", "addr", "add", "10.78.0.2/24", "dev", "eth0");
    in("cli", "ip", "link", "set", "eth0", "up");
    in("cli", "ip", "route", "add", "default", "via", "10.78.0.1");
    in("bal", "sysctl", "-qw", "net.ipv4.ip_forward=1");
    for (String name : List.of("bal", "n1", "n2", "n3")) {
      in(name, "sysctl", "-qw", "net.ipv4.conf.all.rp_filter=1", "net.ipv4.conf.eth0.rp_filter=1");
    }
    Commands.Result rules =
        Commands.run(
            """
            table ip spike {
              chain pre {
                type nat hook prerouting priority dstnat; policy accept;
                ip daddr 10.78.0.1 tcp dport 443 dnat to jhash ip saddr . tcp sport mod 3 \
            seed 0x5eed map { 0 : 10.77.1.11, 1 : 10.77.2.11, 2 : 10.77.3.11 } : 8443
              }
            }
            """,
            entered("bal", "nft", "-f", "-"));
    if (rules.exitCode() != 0) {
      throw new IOException("nft refused the balancer's rules: " + rules.out());
    }
  }

  private void link(String name, String bridgeEnd, String address)
      throws IOException, InterruptedException {
    in(
        "fab",
        "ip",
        "link",
        "add",
        bridgeEnd,
        "type",
        "veth",
        "peer",
        "name",
        "eth0",
        "netns",
        namespace(name));
    in("fab", "ip", "link", "set", bridgeEnd, "master", "br0", "mtu", "3000", "up");
    in(name, "ip", "link", "set", "eth0", "mtu", "3000", "up");
    in(name, "ip", "addr", "add", address, "dev", "eth0");
    if (!name.equals("bal")) {
      String[] off = {"tx", "off", "tso", "off", "gso", "off", "gro", "off"};
      offloads(name, "eth0", off);
      offloads("fab", bridgeEnd, off);
    }
  }

  private void offloads(String name, String device, String... off)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ethtool", "-K", device));
    command.addAll(List.of(off));
    in(name, command.toArray(String[]::new));
  }

  /** Ends one program. */
  static void end(Process process) throws IOException, InterruptedException {
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new IOException("process " + process.pid() + " did not end on SIGTERM");
    }
  }

  @Override
  public void close() throws IOException, InterruptedException {
    for (Process process : processes) {
      process.destroyForcibly().waitFor();
    }
    for (String name : List.of("cli", "bal", "n1", "n2", "n3", "fab")) {
      if (Files.exists(Path.of("/run/netns", namespace(name)))) {
        Commands.must("ip", "netns", "del", namespace(name));
      }
    }
    if (Files.readString(Path.of("/proc/self/mounts")).contains(" " + bpffs + " ")) {
      Commands.must("umount", bpffs.toString());
    }
    try (var files = Files.walk(directory)) {
      for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

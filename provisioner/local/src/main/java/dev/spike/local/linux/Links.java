package dev.spike.local.linux;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Links, addresses and routes. What says nothing of a namespace acts in that of the calling thread:
 * see {@link NetworkNamespace#call}.
 */
public final class Links {
  /** The fabric's bridge. */
  public static final String BRIDGE = "br0";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NATIVE = 1;
  private static final int UNPIN_LOOKS_MAX = 25;
  private static final long UNPIN_PAUSE_MILLIS = 20;

  /** What iproute2 prints, and ends well, when a list changed while it was given out. */
  private static final String INTERRUPTED = "Dump was interrupted";

  private static final int DUMPS_MAX = 50;
  private static final long DUMP_PAUSE_MILLIS = 20;

  private Links() {}

  /** Runs lines of {@code ip -batch}; the first that fails ends it. */
  public static void batch(List<String> lines) throws IOException, InterruptedException {
    Tool.of("ip", "-batch", "-").reading(String.join("\n", lines) + "\n").run();
  }

  /** The links of a fabric, by name. */
  public static Map<String, FabricPort> ports(NetworkNamespace fabric)
      throws IOException, InterruptedException {
    Map<String, FabricPort> ports = new HashMap<>();
    for (JsonNode link : fabric.call(() -> dumped("ip", "-j", "link", "show"))) {
      String name = link.path("ifname").asText();
      ports.put(
          name,
          new FabricPort(
              name,
              link.path("master").asText(),
              up(link),
              link.path("ifalias").asText(),
              link.path("xdp").path("mode").asInt() == NATIVE));
    }
    return ports;
  }

  /** True when an XDP program runs on the link in native mode. */
  public static boolean nativeXdp(String link) throws IOException, InterruptedException {
    JsonNode found = dumped("ip", "-j", "link", "show", link);
    return found.path(0).path("xdp").path("mode").asInt() == NATIVE;
  }

  /** True when a tc program runs on what leaves the link. */
  public static boolean egressProgram(String link) throws IOException, InterruptedException {
    for (JsonNode filter : dumped("tc", "-j", "filter", "show", "dev", link, "egress")) {
      if (filter.path("kind").asText().equals("bpf") && filter.has("options")) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes XDP and tc programs off a link. A program whose pin was just removed goes by itself, a
   * little later. Returns true, for use inside a namespace.
   */
  public static boolean detachPrograms(String link) throws IOException, InterruptedException {
    for (int look = 0; look < UNPIN_LOOKS_MAX && nativeXdp(link); look++) {
      Thread.sleep(UNPIN_PAUSE_MILLIS);
    }
    if (nativeXdp(link)) {
      Tool.of("ip", "link", "set", "dev", link, "xdp", "off").run();
    }
    if (Tool.of("tc", "qdisc", "show", "dev", link).run().contains("clsact")) {
      Tool.of("tc", "qdisc", "del", "dev", link, "clsact").run();
    }
    return true;
  }

  /**
   * The links here, by name. Asked of {@code ip} and not of {@link java.net.NetworkInterface}: that
   * one also reads the IPv6 table of the process's first thread, and so sees links of the machine
   * that are not in the namespace of the calling thread.
   */
  public static Map<String, HostLink> here() throws IOException, InterruptedException {
    Map<String, HostLink> links = new HashMap<>();
    for (JsonNode link : dumped("ip", "-j", "address", "show")) {
      boolean addressed = false;
      for (JsonNode address : link.path("addr_info")) {
        addressed |= address.path("family").asText().equals("inet");
      }
      String name = link.path("ifname").asText();
      links.put(name, new HostLink(name, up(link), link.path("mtu").asInt(), addressed));
    }
    return links;
  }

  private static JsonNode dumped(String... words) throws IOException, InterruptedException {
    return dumped(Tool.of(words)::run);
  }

  /** What a tool prints, as a dump of the kernel's. */
  @FunctionalInterface
  interface Dump {
    String print() throws IOException, InterruptedException;
  }

  /**
   * Reads a dump as JSON. A list that changed while the kernel gave it out may lack what is there:
   * it says so, and is asked for again.
   *
   * @throws IOException when it changes all the time
   */
  static JsonNode dumped(Dump dump) throws IOException, InterruptedException {
    String text = dump.print();
    for (int look = 1; look < DUMPS_MAX && text.contains(INTERRUPTED); look++) {
      Thread.sleep(DUMP_PAUSE_MILLIS);
      text = dump.print();
    }
    if (text.contains(INTERRUPTED)) {
      throw new IOException(
          "the links of a namespace changed during each of "
              + DUMPS_MAX
              + " looks at them; something else goes on changing them");
    }
    return JSON.readTree(text.isBlank() ? "[]" : text);
  }

  private static boolean up(JsonNode link) {
    for (JsonNode flag : link.path("flags")) {
      if (flag.asText().equals("UP")) {
        return true;
      }
    }
    return false;
  }

  public static boolean hasDefaultRoute() throws IOException {
    return Files.readAllLines(Path.of("/proc/thread-self/net/route")).stream()
        .skip(1)
        .map(line -> line.split("\t", -1))
        .anyMatch(fields -> fields.length > 7 && fields[1].equals("00000000"));
  }

  /** Reads a kernel setting such as {@code net/ipv4/ip_forward}. */
  public static String setting(String name) throws IOException {
    return Files.readString(Path.of("/proc/sys", name)).strip();
  }

  public static void setting(String name, String value) throws IOException {
    Files.writeString(Path.of("/proc/sys", name), value);
  }
}

package dev.spike.local;

import dev.spike.core.provider.Finding;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.resource.Resource;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What this machine must have before a tier can be built on it. */
final class Preflight {
  private static final Map<String, Integer> CAPABILITIES = new LinkedHashMap<>();
  private static final Map<String, String> TOOLS = new LinkedHashMap<>();
  private static final long NODE_BYTES = 360L << 20;
  private static final long CACHE_BYTES = 24L << 20;

  static {
    CAPABILITIES.put("CAP_DAC_OVERRIDE", 1);
    CAPABILITIES.put("CAP_KILL", 5);
    CAPABILITIES.put("CAP_SETUID", 7);
    CAPABILITIES.put("CAP_SETPCAP", 8);
    CAPABILITIES.put("CAP_NET_ADMIN", 12);
    CAPABILITIES.put("CAP_SYS_PTRACE", 19);
    CAPABILITIES.put("CAP_SYS_ADMIN", 21);
    CAPABILITIES.put("CAP_PERFMON", 38);
    CAPABILITIES.put("CAP_BPF", 39);
    TOOLS.put("ip", "iproute2");
    TOOLS.put("tc", "iproute2");
    TOOLS.put("nft", "nftables");
    TOOLS.put("ethtool", "ethtool");
    TOOLS.put("redis-server", "redis-server");
    TOOLS.put("openssl", "openssl");
    TOOLS.put("setpriv", "util-linux");
    TOOLS.put("setsid", "util-linux");
  }

  private Preflight() {}

  static List<Finding> findings(List<Resource> desired) {
    List<Finding> findings = new ArrayList<>();
    findings.add(privileges());
    TOOLS.forEach((tool, pack) -> findings.add(tool(tool, pack)));
    findings.add(
        present(
            "kernel type information (BTF)",
            Files.isReadable(Path.of("/sys/kernel/btf/vmlinux")),
            "/sys/kernel/btf/vmlinux",
            "Use a kernel built with CONFIG_DEBUG_INFO_BTF; those of Debian 12 and later are."));
    findings.add(
        present(
            "BPF file system",
            text(Path.of("/proc/filesystems")).contains("bpf"),
            "in /proc/filesystems",
            "Use a kernel built with CONFIG_BPF_SYSCALL."));
    findings.add(
        present(
            "library libbpf.so.1",
            libbpf(),
            "found by the loader",
            "Install it: apt-get install libbpf1"));
    findings.add(java());
    if (!desired.isEmpty()) {
      findings.add(memory(desired));
    }
    return findings;
  }

  private static Finding privileges() {
    long effective =
        text(Path.of("/proc/self/status"))
            .lines()
            .filter(line -> line.startsWith("CapEff:"))
            .map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
            .findFirst()
            .orElse(0L);
    List<String> missing = new ArrayList<>();
    CAPABILITIES.forEach(
        (name, bit) -> {
          if ((effective >> bit & 1) == 0) {
            missing.add(name);
          }
        });
    return missing.isEmpty()
        ? Finding.fine("privileges", "all that is needed")
        : Finding.missing(
            "privileges",
            "without " + String.join(", ", missing),
            Kind.UNAUTHORIZED,
            "Run as root (in a container with --privileged).");
  }

  private static Finding tool(String tool, String pack) {
    for (String folder :
        List.of("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")) {
      Path file = Path.of(folder, tool);
      if (Files.isExecutable(file)) {
        return Finding.fine("tool " + tool, file.toString());
      }
    }
    return Finding.missing(
        "tool " + tool, "missing", Kind.UNAVAILABLE, "Install it: apt-get install " + pack);
  }

  private static Finding present(String what, boolean there, String where, String next) {
    return there
        ? Finding.fine(what, where)
        : Finding.missing(what, "missing", Kind.UNAVAILABLE, next);
  }

  private static boolean libbpf() {
    try (Arena arena = Arena.ofConfined()) {
      return SymbolLookup.libraryLookup("libbpf.so.1", arena).find("bpf_object__open").isPresent();
    } catch (IllegalArgumentException e) {
      return false; // that is how the loader says that there is none
    }
  }

  /** The servers run as another user: the JDK must not lie in a folder that is closed to it. */
  private static Finding java() {
    Path command = Path.of(Java.command());
    for (Path at = command; at != null; at = at.getParent()) {
      try {
        if (!Files.getPosixFilePermissions(at, LinkOption.NOFOLLOW_LINKS)
            .contains(PosixFilePermission.OTHERS_EXECUTE)) {
          return Finding.missing(
              "Java for the nodes",
              at + " is closed to other users",
              Kind.UNAVAILABLE,
              "Use a JDK that every user may run, such as one below /usr/lib/jvm.");
        }
      } catch (IOException e) {
        return Finding.missing(
            "Java for the nodes",
            at + " cannot be read",
            Kind.UNAVAILABLE,
            "Use a JDK that every user may run, such as one below /usr/lib/jvm.");
      }
    }
    return Finding.fine("Java for the nodes", command.toString());
  }

  private static Finding memory(List<Resource> desired) {
    long need = 0;
    for (Resource resource : desired) {
      if (resource instanceof Resource.NodeFleet fleet) {
        need += fleet.nodes() * NODE_BYTES;
      } else if (resource instanceof Resource.Cache cache) {
        need += (long) cache.shards() * (1 + cache.replicasPerShard()) * CACHE_BYTES;
      }
    }
    long available =
        text(Path.of("/proc/meminfo"))
            .lines()
            .filter(line -> line.startsWith("MemAvailable:"))
            .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
            .findFirst()
            .orElse(0L);
    String observed = (available >> 20) + " MiB free, " + (need >> 20) + " MiB needed";
    return available >= need
        ? Finding.fine("memory", observed)
        : Finding.missing(
            "memory",
            observed,
            Kind.INSUFFICIENT_CAPACITY,
            "Lower provider.local.scale, or use a larger machine.");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return ""; // what cannot be read counts as missing, and is reported so
    }
  }
}

package dev.spike.local.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Mounted file systems of this machine. */
public final class Mounts {
  private Mounts() {}

  /**
   * The mount points at or below a folder, deepest first. A point mounted twice is listed twice.
   */
  public static List<Path> below(Path folder) throws IOException {
    List<Path> found = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
      Path at = Path.of(line.split(" ", 6)[4].replace("\\040", " "));
      if (at.startsWith(folder)) {
        found.add(at);
      }
    }
    found.sort(Comparator.comparingInt(Path::getNameCount).reversed());
    return found;
  }

  public static boolean mounted(Path at) throws IOException {
    return below(at).contains(at);
  }

  /** Mounts a file system in memory that can never grow above the given size. */
  public static void tmpfs(Path at, long bytesMax) throws LinuxException {
    Libc.mount(
        "spike",
        at.toString(),
        "tmpfs",
        Libc.MS_NOSUID | Libc.MS_NODEV,
        "mode=0711,size=" + bytesMax);
  }

  public static void bpffs(Path at) throws LinuxException {
    Libc.mount(
        "spike",
        at.toString(),
        "bpf",
        Libc.MS_NOSUID | Libc.MS_NODEV | Libc.MS_NOEXEC,
        "mode=0711");
  }

  /** Takes a mount away at once; what still has a file open there keeps it until it ends. */
  public static void unmount(Path at) throws LinuxException {
    Libc.unmount(at.toString(), Libc.MNT_DETACH);
  }
}

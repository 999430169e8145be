package dev.spike.local.linux;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The processes of this machine that belong to an event. */
public final class ProcessTable {
  private static final String PREFIX = "SPIKE_";
  private static final long POLL_MILLIS = 10;

  private ProcessTable() {}

  /**
   * Finds them.
   *
   * @param event the value of their variable {@code SPIKE_EVENT}
   * @param inodes numbers of the event's network namespaces: whoever is in one belongs to it too
   */
  public static List<EventProcess> of(String event, Set<Long> inodes) throws IOException {
    List<EventProcess> found = new ArrayList<>();
    long self = ProcessHandle.current().pid();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path entry : entries) {
        long pid = Long.parseLong(entry.getFileName().toString());
        if (pid != self) {
          read(entry, pid).filter(p -> belongs(p, event, inodes)).ifPresent(found::add);
        }
      }
    }
    return found;
  }

  private static boolean belongs(EventProcess process, String event, Set<Long> inodes) {
    return process.variable("SPIKE_EVENT").equals(event)
        || (process.netInode() != 0 && inodes.contains(process.netInode()));
  }

  private static Optional<EventProcess> read(Path entry, long pid) {
    // the handle first: were the number given to another process meanwhile, its start time differs
    Optional<ProcessHandle> handle = ProcessHandle.of(pid);
    if (handle.isEmpty() || ended(pid)) {
      return Optional.empty();
    }
    try {
      Map<String, String> environment = new HashMap<>();
      for (String pair : words(entry.resolve("environ"))) {
        int equals = pair.indexOf('=');
        if (equals > 0 && pair.startsWith(PREFIX)) {
          environment.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
      }
      String commandLine = String.join(" ", words(entry.resolve("cmdline")));
      return Optional.of(new EventProcess(handle.get(), environment, commandLine, inode(entry)));
    } catch (IOException e) {
      return Optional.empty(); // it ended while it was looked at
    }
  }

  private static String[] words(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8).split("\0", -1);
  }

  private static long inode(Path entry) throws IOException {
    String link = Files.readSymbolicLink(entry.resolve("ns/net")).toString();
    return Long.parseLong(link.substring(link.indexOf('[') + 1, link.length() - 1));
  }

  /** True when the process is gone, or dead and only waits for its parent. */
  private static boolean ended(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      char state = stat.charAt(stat.lastIndexOf(')') + 2);
      return state == 'Z' || state == 'X';
    } catch (IOException e) {
      return true;
    }
  }

  private static boolean running(EventProcess process) {
    return process.handle().isAlive() && !ended(process.pid());
  }

  /**
   * Ends processes: asks first, and after the given patience ends those that are left without
   * asking. Returns when all are gone.
   *
   * @throws LinuxException when one is still there 2 s after it was ended
   */
  public static void end(Collection<EventProcess> processes, Duration patience)
      throws LinuxException, InterruptedException {
    if (patience.isPositive()) {
      processes.stream().filter(ProcessTable::running).forEach(p -> p.handle().destroy());
      await(processes, patience);
    }
    processes.stream().filter(ProcessTable::running).forEach(p -> p.handle().destroyForcibly());
    if (!await(processes, Duration.ofSeconds(2))) {
      List<Long> left =
          processes.stream().filter(ProcessTable::running).map(EventProcess::pid).toList();
      throw new LinuxException("processes " + left + " did not end after SIGKILL", 0);
    }
  }

  private static boolean await(Collection<EventProcess> processes, Duration patience)
      throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (processes.stream().anyMatch(ProcessTable::running)) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      Thread.sleep(POLL_MILLIS);
    }
    return true;
  }
}

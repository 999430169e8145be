package dev.spike.local.linux;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A named network namespace, as {@code ip netns} keeps it under {@code /run/netns}.
 *
 * <p>Work inside it runs on a thread of its own that has entered the namespace: sockets that it
 * opens stay in the namespace whoever uses them later, and processes that it starts are born there.
 */
public record NetworkNamespace(String name) {
  private static final Path FOLDER = Path.of("/run/netns");
  private static final Path OWN = Path.of("/proc/self/ns/net");

  /** What runs inside a namespace. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws IOException, InterruptedException;
  }

  public Path path() {
    return FOLDER.resolve(name);
  }

  /** Those whose name starts so, in the order of their names; also ones that are only a file. */
  public static NavigableSet<String> named(String prefix) throws IOException {
    NavigableSet<String> names = new TreeSet<>();
    if (Files.isDirectory(FOLDER)) {
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(FOLDER)) {
        for (Path entry : entries) {
          String name = entry.getFileName().toString();
          if (name.startsWith(prefix)) {
            names.add(name);
          }
        }
      }
    }
    return names;
  }

  public boolean exists() {
    return inode() != 0;
  }

  /** Its number, by which a process's {@code /proc/PID/ns/net} is recognised; 0 when it is gone. */
  public long inode() {
    try {
      boolean mounted =
          Files.getAttribute(path(), "unix:dev").equals(Files.getAttribute(OWN, "unix:dev"));
      return mounted ? (long) Files.getAttribute(path(), "unix:ino") : 0;
    } catch (IOException e) {
      return 0; // gone between two looks: the same as never there
    }
  }

  /** Runs the work inside, and waits for it. */
  public <T> T call(Work<T> work) throws IOException, InterruptedException {
    Callable<T> inside =
        () -> {
          int fd = Libc.open(path().toString(), Libc.O_RDONLY | Libc.O_CLOEXEC, 0);
          try {
            Libc.setns(fd, Libc.CLONE_NEWNET);
          } finally {
            Libc.close(fd);
          }
          return work.run();
        };
    FutureTask<T> task = new FutureTask<>(inside);
    Thread thread = Thread.ofPlatform().daemon().name("netns " + name).start(task);
    try {
      return task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case InterruptedException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case null, default -> throw new IllegalStateException("work in " + name + " failed", e);
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      throw e;
    }
  }

  /** A TCP connection made inside; reads give up after the same time as the connecting. */
  public Socket connect(String address, int port, Duration timeout)
      throws IOException, InterruptedException {
    int millis = Math.toIntExact(Math.max(1, timeout.toMillis()));
    return call(
        () -> {
          Socket socket = new Socket();
          try {
            socket.connect(new InetSocketAddress(address, port), millis);
            socket.setSoTimeout(millis);
            socket.setTcpNoDelay(true);
            return socket;
          } catch (IOException e) {
            socket.close();
            throw e;
          }
        });
  }

  /** Starts a process inside. */
  public Process start(ProcessBuilder process) throws IOException, InterruptedException {
    return call(process::start);
  }

  /** Runs a tool inside, as {@link Tool#run}. */
  public String run(Tool tool) throws IOException, InterruptedException {
    return call(tool::run);
  }
}

package dev.spike.local;

import dev.spike.local.linux.HttpGet;
import dev.spike.local.linux.Nft;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The balancer's health checks, a process of its own in the balancer's host. Each second it asks
 * every node's {@code /readyz}; two failures take a node out, two successes bring it in. While no
 * node is healthy all get new connections, as a network load balancer fails open. Live connections
 * are never touched. It also keeps the event's logs short.
 *
 * <p>Arguments: the port clients connect to, the folder of logs, then {@code NAME=ADDRESS} for each
 * node. Uses nothing but the JDK and its own package, to start fast and stay small.
 */
public final class HealthChecker {
  private static final int PERIOD_MILLIS = 1000;
  private static final int ANSWER_MILLIS = 900;
  private static final int CHANGE_AFTER = 2;
  private static final long LOG_BYTES_MAX = 4L << 20;
  private static final int OK = 200;

  private final int port;
  private final Path logs;
  private final Map<String, Target> targets = new LinkedHashMap<>();
  private List<String> chosen = List.of();

  private static final class Target {
    final String address;
    boolean healthy;
    int streak;

    Target(String address) {
      this.address = address;
    }

    /** Takes one result in; true when the node changed sides. */
    boolean take(boolean success) {
      streak = success == healthy ? 0 : streak + 1;
      if (streak < CHANGE_AFTER) {
        return false;
      }
      healthy = success;
      streak = 0;
      return true;
    }
  }

  HealthChecker(int port, Path logs, Map<String, String> nodes) {
    this.port = port;
    this.logs = logs;
    nodes.forEach((name, address) -> targets.put(name, new Target(address)));
  }

  /** Runs until it is ended. */
  public static void main(String[] arguments) throws InterruptedException {
    Map<String, String> nodes = new TreeMap<>();
    for (int i = 2; i < arguments.length; i++) {
      String[] pair = arguments[i].split("=", 2);
      nodes.put(pair[0], pair[1]);
    }
    new HealthChecker(Integer.parseInt(arguments[0]), Path.of(arguments[1]), nodes).run();
  }

  private void run() throws InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      while (true) {
        long start = System.nanoTime();
        Map<String, Future<Boolean>> answers = new LinkedHashMap<>();
        targets.forEach(
            (name, target) -> answers.put(name, threads.submit(() -> ready(target.address))));
        for (Map.Entry<String, Future<Boolean>> answer : answers.entrySet()) {
          boolean success = result(answer.getValue());
          Target target = targets.get(answer.getKey());
          if (target != null && target.take(success)) {
            say("node " + answer.getKey() + (success ? " is healthy" : " is not healthy"));
          }
        }
        choose();
        trimLogs();
        long spent = (System.nanoTime() - start) / 1_000_000;
        Thread.sleep(Math.max(1, PERIOD_MILLIS - spent));
      }
    }
  }

  private static boolean result(Future<Boolean> answer) throws InterruptedException {
    try {
      return answer.get();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException("a health check broke", e);
    }
  }

  private static boolean ready(String address) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, AddressPlan.ADMIN_PORT), ANSWER_MILLIS);
      socket.setSoTimeout(ANSWER_MILLIS);
      return HttpGet.over(socket, address, "/readyz", "").status() == OK;
    } catch (IOException e) {
      return false; // what a health check is there to find out
    }
  }

  private void choose() throws InterruptedException {
    List<String> healthy = new ArrayList<>();
    targets.values().stream().filter(t -> t.healthy).forEach(t -> healthy.add(t.address));
    if (healthy.isEmpty()) {
      targets.values().forEach(t -> healthy.add(t.address));
    }
    if (healthy.equals(chosen)) {
      return;
    }
    try {
      Nft.run(Nft.retargetScript(AddressPlan.FRONT, port, AddressPlan.SERVICE_PORT, healthy));
      chosen = healthy;
      say("new connections go to " + String.join(", ", healthy));
    } catch (IOException e) {
      say("the targets could not be changed: " + e.getMessage());
    }
  }

  /** Files are written by appending: cut to nothing, they go on from their start. */
  private void trimLogs() {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(logs, "*.log")) {
      for (Path file : files) {
        if (Files.size(file) > LOG_BYTES_MAX) {
          try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(0);
          }
        }
      }
    } catch (IOException e) {
      say("logs could not be kept short: " + e.getMessage());
    }
  }

  @SuppressWarnings("SystemOut") // its standard output is its log
  private static void say(String what) {
    System.out.println(Instant.now() + " " + what);
  }
}

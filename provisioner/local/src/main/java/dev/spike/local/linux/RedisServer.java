package dev.spike.local.linux;

import java.nio.file.Path;
import java.util.List;

/** How {@code redis-server} is started: its settings come on standard input, secret included. */
public final class RedisServer {
  private static final String MEMORY_MAX = "96mb";

  private RedisServer() {}

  public static List<String> words() {
    return List.of("redis-server", "-");
  }

  /**
   * The settings of one member of a cluster. Nothing is kept on disk but the cluster's own file.
   */
  public static String settings(String address, int port, Path folder, String password) {
    return String.join(
        "\n",
        "bind 0.0.0.0",
        "port " + port,
        "dir " + folder,
        "daemonize no",
        "set-proc-title no",
        "loglevel notice",
        "save \"\"",
        "appendonly no",
        "maxmemory " + MEMORY_MAX,
        "maxmemory-policy noeviction",
        "client-output-buffer-limit pubsub 32mb 8mb 60",
        "tcp-keepalive 10",
        "requirepass " + password,
        "masterauth " + password,
        "cluster-enabled yes",
        "cluster-config-file nodes.conf",
        "cluster-node-timeout 2000",
        "cluster-announce-ip " + address,
        "cluster-allow-replica-migration no",
        "cluster-replica-validity-factor 0",
        "cluster-require-full-coverage no",
        "repl-diskless-sync yes",
        "repl-diskless-sync-delay 0",
        "repl-diskless-load on-empty-db",
        "repl-backlog-size 8mb",
        "repl-timeout 10",
        "");
  }
}

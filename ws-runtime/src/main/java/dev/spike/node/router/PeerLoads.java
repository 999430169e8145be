package dev.spike.node.router;

import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The nodes' loads, exchanged through one hash in the cache each second, on a thread of its own: a
 * slow cache never delays a heartbeat. While the cache is gone the last loads stay.
 */
final class PeerLoads implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final long PEER_SILENT_NANOS = TimeUnit.SECONDS.toNanos(6);
  private static final int FIELDS = 3;
  private static final long EXCHANGE_MILLIS = 100;
  private static final long RETRY_MILLIS = 1000;

  private final RouterConfig config;
  private final String key;
  private final RedisClusterClient client;
  private final Thread thread;
  private final AtomicReference<@Nullable String> own = new AtomicReference<>();
  private final AtomicReference<@Nullable Map<String, String>> seen = new AtomicReference<>();
  private final Map<String, Report> reports = new HashMap<>();
  private long heardSinceNanos = System.nanoTime();
  private long takenNanos = heardSinceNanos;
  private long sequence;
  private boolean silenceSaid;
  private volatile boolean running = true;

  private record Report(String text, long changedNanos) {}

  private PeerLoads(RouterConfig config, RedisClusterClient client) {
    this.config = config;
    this.key = "spike:{" + config.event() + "}:router:loads";
    this.client = client;
    this.thread = Thread.ofPlatform().name("peer-loads").daemon().unstarted(this::exchange);
  }

  /** Starts the exchange, when the configuration names a cache. */
  static Optional<PeerLoads> start(RouterConfig config) throws IOException {
    if (config.cache().isEmpty()) {
      return Optional.empty();
    }
    RouterConfig.Cache cache = config.cache().get();
    char[] password = Files.readString(cache.passwordFile()).strip().toCharArray();
    List<RedisURI> nodes =
        cache.nodes().stream()
            .map(
                node -> {
                  int colon = node.lastIndexOf(':');
                  return RedisURI.builder()
                      .withHost(node.substring(0, colon))
                      .withPort(Integer.parseInt(node.substring(colon + 1)))
                      .withPassword(password)
                      .withSsl(cache.tls())
                      .withTimeout(TIMEOUT)
                      .build();
                })
            .toList();
    RedisClusterClient client = RedisClusterClient.create(nodes);
    client.setOptions(
        ClusterClientOptions.builder()
            .requestQueueSize(64)
            .socketOptions(SocketOptions.builder().connectTimeout(TIMEOUT).build())
            .timeoutOptions(TimeoutOptions.enabled(TIMEOUT))
            .topologyRefreshOptions(
                ClusterTopologyRefreshOptions.builder()
                    .enablePeriodicRefresh(Duration.ofSeconds(10))
                    .build())
            .build());
    PeerLoads loads = new PeerLoads(config, client);
    loads.thread.start();
    return Optional.of(loads);
  }

  /** Sets what the next exchange says about this node. */
  void publish(int load, boolean draining) {
    own.set(++sequence + " " + load + " " + (draining ? 1 : 0));
  }

  /** Writes what the last exchange said about the peers into the maps. */
  void take(RouterMaps maps) throws NativeException {
    Map<String, String> all = seen.getAndSet(null);
    if (all == null) {
      return; // no answer since: the last loads stay
    }
    long now = System.nanoTime();
    if (now - takenNanos > PEER_SILENT_NANOS / 2) {
      // The cache was away, not the peers: their silence starts anew.
      reports.replaceAll((name, report) -> new Report(report.text(), now));
      heardSinceNanos = now;
    }
    takenNanos = now;
    for (RouterConfig.Node node : config.nodes()) {
      if (node.id() == config.self().id()) {
        continue;
      }
      String text = all.getOrDefault(node.name(), "");
      Report before = reports.get(node.name());
      if (before == null || !before.text().equals(text)) {
        long changed = before == null && text.isEmpty() ? heardSinceNanos : now;
        before = new Report(text, changed);
        reports.put(node.name(), before);
      }
      write(maps, node, before, now);
    }
  }

  private static void write(RouterMaps maps, RouterConfig.Node node, Report report, long now)
      throws NativeException {
    String[] fields = report.text().split(" ", -1);
    boolean silent = now - report.changedNanos() > PEER_SILENT_NANOS;
    RouterLayout.Peer peer = maps.peer(node.id());
    if (fields.length != FIELDS && !silent) {
      return; // nothing heard yet
    }
    int load = fields.length == FIELDS ? Integer.parseInt(fields[1]) : 1000;
    boolean alive = !silent && !fields[2].equals("1");
    int state =
        alive ? peer.state() | RouterLayout.PEER_ALIVE : peer.state() & ~RouterLayout.PEER_ALIVE;
    RouterLayout.Peer wanted =
        new RouterLayout.Peer(peer.address(), Math.clamp(load, 0, 1000), state, peer.nextHop());
    if (!wanted.equals(peer)) {
      maps.peer(node.id(), wanted);
      if (state != peer.state()) {
        System.err.println("router: " + node.name() + (alive ? " takes" : " takes no") + " flows");
      }
    }
  }

  private void exchange() {
    try {
      while (running) {
        try (StatefulRedisClusterConnection<String, String> connection = client.connect()) {
          exchange(connection);
        } catch (RedisException e) {
          silent(e);
        }
      }
    } catch (InterruptedException e) {
      running = false; // close() interrupts
    }
  }

  /** The connection mends itself: a failed exchange is only tried again. */
  private void exchange(StatefulRedisClusterConnection<String, String> connection)
      throws InterruptedException {
    while (running) {
      String mine = own.getAndSet(null);
      if (mine != null) {
        try {
          connection.sync().hset(key, config.node(), mine);
          seen.set(connection.sync().hgetall(key));
          silenceSaid = false;
        } catch (RedisException e) {
          silent(e);
        }
      }
      Thread.sleep(EXCHANGE_MILLIS);
    }
  }

  private void silent(RedisException e) throws InterruptedException {
    if (!silenceSaid && running) {
      System.err.println(
          "router: the cache does not answer, the last loads stay: " + e.getMessage());
      silenceSaid = true;
    }
    Thread.sleep(RETRY_MILLIS);
  }

  @Override
  public void close() {
    running = false;
    thread.interrupt();
    client.shutdown(Duration.ZERO, TIMEOUT);
  }
}

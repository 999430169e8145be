package dev.spike.node.cache;

import dev.spike.node.config.Endpoint;
import dev.spike.node.config.Log;
import dev.spike.node.config.ServeConfig.CacheConfig;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The Redis Cluster as one place that answers function calls. Calls are retried through failovers
 * until their deadline; how many may be under way is bounded.
 */
public final class CacheCluster implements AutoCloseable {
  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(1);
  private static final int CALLS_MAX = 20_000;
  private static final long RETRY_MILLIS = 150;

  private final @Nullable String password;
  private final boolean tls;
  private final ClientResources resources;
  private final RedisClusterClient client;
  private final RedisClient nodeClient;
  private final Set<String> loaded = ConcurrentHashMap.newKeySet();
  private final AtomicInteger calls = new AtomicInteger();
  private final Thread keeper;
  private final List<Runnable> topologyListeners = new ArrayList<>();
  private volatile @Nullable StatefulRedisClusterConnection<String, String> connection;
  private volatile boolean reachable;
  private volatile boolean closed;
  private volatile long refreshWantedUntilNanos = System.nanoTime();

  /**
   * Prepares the client; {@link #start} connects.
   *
   * @throws IOException when the password file cannot be read
   */
  public CacheCluster(CacheConfig config) throws IOException {
    password = config.password();
    tls = config.tls();
    List<RedisURI> seeds = new ArrayList<>();
    for (Endpoint node : config.nodes()) {
      seeds.add(uri(node.host(), node.port()));
    }
    resources =
        DefaultClientResources.builder().ioThreadPoolSize(2).computationThreadPoolSize(2).build();
    client = RedisClusterClient.create(resources, seeds);
    client.setOptions(options());
    nodeClient = RedisClient.create(resources);
    nodeClient.setOptions(nodeOptions());
    keeper = new Thread(this::keep, "spike-cache-keeper");
    keeper.setDaemon(true);
  }

  private RedisURI uri(String host, int port) {
    RedisURI.Builder uri =
        RedisURI.builder().withHost(host).withPort(port).withSsl(tls).withTimeout(COMMAND_TIMEOUT);
    if (password != null) {
      uri.withPassword(password.toCharArray());
    }
    return uri.build();
  }

  /** Address and credentials of one node; the topology's own addresses carry no password. */
  RedisURI uriOf(RedisClusterNode node) {
    return uri(node.getUri().getHost(), node.getUri().getPort());
  }

  /** Options of a connection to one node: it never reconnects by itself, its owner decides anew. */
  private static ClientOptions nodeOptions() {
    return ClientOptions.builder()
        .autoReconnect(false)
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .timeoutOptions(TimeoutOptions.enabled(COMMAND_TIMEOUT))
        .socketOptions(socketOptions())
        .build();
  }

  private static SocketOptions socketOptions() {
    return SocketOptions.builder()
        .connectTimeout(Duration.ofSeconds(1))
        .tcpUserTimeout(
            SocketOptions.TcpUserTimeoutOptions.builder()
                .enable()
                .tcpUserTimeout(Duration.ofSeconds(3))
                .build())
        .keepAlive(
            SocketOptions.KeepAliveOptions.builder()
                .enable()
                .idle(Duration.ofSeconds(2))
                .interval(Duration.ofSeconds(1))
                .count(2)
                .build())
        .build();
  }

  private static ClusterClientOptions options() {
    return ClusterClientOptions.builder()
        .validateClusterNodeMembership(false)
        .disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS)
        .requestQueueSize(65_536)
        .maxRedirects(3)
        .timeoutOptions(TimeoutOptions.enabled(COMMAND_TIMEOUT))
        .socketOptions(socketOptions())
        .topologyRefreshOptions(
            ClusterTopologyRefreshOptions.builder().dynamicRefreshSources(true).build())
        .build();
  }

  /** Connects in the background and keeps trying until closed. */
  public void start() {
    keeper.start();
  }

  /** True while the cluster reports its state as ok to this node. */
  public boolean reachable() {
    return reachable;
  }

  /** Waits until the cluster is reachable, at most {@code wait}. */
  public boolean awaitReachable(Duration wait) throws InterruptedException {
    long deadline = System.nanoTime() + wait.toNanos();
    while (!reachable && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    return reachable;
  }

  /** Adds work to be done after each look at the topology, on the keeper's thread; before start. */
  void onTopology(Runnable listener) {
    topologyListeners.add(listener);
  }

  /** Asks for fresh views of the topology during the next seconds: something moved or broke. */
  void suspectTopology() {
    refreshWantedUntilNanos = System.nanoTime() + Duration.ofSeconds(10).toNanos();
  }

  RedisClusterClient client() {
    return client;
  }

  /** Opens connections to single nodes. */
  RedisClient nodeClient() {
    return nodeClient;
  }

  /** The primary that serves a key's slot by the present view, or null when none is known. */
  @Nullable RedisClusterNode primaryOf(String key) {
    return client.getPartitions().getPartitionBySlot(SlotHash.getSlot(key));
  }

  /**
   * Calls one of our functions on the slot of {@code keys[0]}, again on failovers and time-outs
   * until {@code patience} ends. The function must bear being run twice.
   */
  public CompletableFuture<List<String>> call(
      Duration patience, String function, String[] keys, String... arguments) {
    List<String> same = List.of(arguments);
    return call(patience, function, keys, same, same);
  }

  /** As above, with other arguments from the second attempt on: the first may have been run. */
  CompletableFuture<List<String>> call(
      Duration patience,
      String function,
      String[] keys,
      List<String> first,
      List<String> repetition) {
    CompletableFuture<List<String>> answer = new CompletableFuture<>();
    if (calls.incrementAndGet() > CALLS_MAX) {
      calls.decrementAndGet();
      answer.completeExceptionally(
          new RejectedExecutionException(CALLS_MAX + " cache calls are under way already"));
      return answer;
    }
    attempt(
        new Call(
            function,
            List.of(keys),
            first,
            repetition,
            System.nanoTime() + patience.toNanos(),
            answer));
    return answer;
  }

  private record Call(
      String function,
      List<String> keys,
      List<String> arguments,
      List<String> repetition,
      long deadlineNanos,
      CompletableFuture<List<String>> answer) {
    Call repeated() {
      return new Call(function, keys, repetition, repetition, deadlineNanos, answer);
    }
  }

  private void attempt(Call call) {
    StatefulRedisClusterConnection<String, String> current = connection;
    if (current == null) {
      again(call, new IOException("the cache has not been reached yet"));
      return;
    }
    try {
      current
          .async()
          .<List<Object>>fcall(
              call.function,
              ScriptOutputType.MULTI,
              call.keys.toArray(new String[0]),
              call.arguments.toArray(new String[0]))
          .whenComplete(
              (result, thrown) -> {
                if (thrown == null) {
                  calls.decrementAndGet();
                  call.answer.complete(texts(result));
                } else {
                  again(call, thrown);
                }
              });
    } catch (RuntimeException rejected) {
      again(call, rejected);
    }
  }

  static List<String> texts(List<Object> result) {
    List<String> texts = new ArrayList<>(result.size());
    for (Object value : result) {
      texts.add(String.valueOf(value));
    }
    return texts;
  }

  private void again(Call call, Throwable thrown) {
    suspectTopology();
    if (String.valueOf(thrown.getMessage()).startsWith("ERR Function not found")) {
      loaded.clear();
    }
    boolean lost = thrown instanceof RedisCommandExecutionException refused && !isPassing(refused);
    if (closed || lost || System.nanoTime() + RETRY_MILLIS * 1_000_000 > call.deadlineNanos) {
      calls.decrementAndGet();
      call.answer.completeExceptionally(thrown);
      return;
    }
    after(RETRY_MILLIS, () -> attempt(call.repeated()));
  }

  /** Runs an action after that time, on the client library's threads. */
  void after(long millis, Runnable action) {
    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, resources.eventExecutorGroup())
        .execute(action);
  }

  /** Errors of a cluster that is failing over, moving slots or lacks our functions for a moment. */
  static boolean isPassing(Throwable refused) {
    String message = String.valueOf(refused.getMessage());
    for (String start :
        List.of(
            "CLUSTERDOWN",
            "TRYAGAIN",
            "LOADING",
            "READONLY",
            "MASTERDOWN",
            "MOVED",
            "ASK",
            "ERR Function not found",
            "UNKILLABLE",
            "BUSY")) {
      if (message.startsWith(start)) {
        return true;
      }
    }
    return false;
  }

  private void keep() {
    long lastRefreshNanos = System.nanoTime();
    while (!closed) {
      try {
        if (connection == null) {
          client.refreshPartitions();
          loadFunctions();
          connection = client.connect();
          lastRefreshNanos = System.nanoTime();
        }
        boolean wanted = refreshWantedUntilNanos - System.nanoTime() > 0;
        long age = System.nanoTime() - lastRefreshNanos;
        if (age > (wanted ? 500_000_000L : 5_000_000_000L)) {
          client.refreshPartitions();
          loadFunctions();
          lastRefreshNanos = System.nanoTime();
        }
        look();
        for (Runnable listener : topologyListeners) {
          listener.run();
        }
      } catch (RuntimeException trouble) {
        if (closed) {
          return;
        }
        if (reachable) {
          Log.warn("the cache cannot be reached; connected clients stay", trouble);
        }
        reachable = false;
        suspectTopology();
      }
      try {
        Thread.sleep(reachable ? 250 : 150);
      } catch (InterruptedException stopped) {
        return;
      }
    }
  }

  private void look() {
    StatefulRedisClusterConnection<String, String> current = connection;
    boolean ok = false;
    if (current != null) {
      try {
        ok =
            current
                .async()
                .clusterInfo()
                .toCompletableFuture()
                .get(COMMAND_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .contains("cluster_state:ok");
      } catch (ExecutionException | TimeoutException silent) {
        suspectTopology();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    if (ok != reachable) {
      Log.info(ok ? "the cache is reachable" : "the cache does not answer or is not whole");
    }
    reachable = ok;
  }

  /** Puts our functions on every primary that lacks them. */
  private void loadFunctions() {
    String library = library();
    for (RedisClusterNode node : client.getPartitions()) {
      if (!node.is(RedisClusterNode.NodeFlag.UPSTREAM)
          || node.is(RedisClusterNode.NodeFlag.FAIL)
          || node.getSlots().isEmpty()
          || loaded.contains(node.getNodeId())) {
        continue;
      }
      try (StatefulRedisConnection<String, String> direct = nodeClient.connect(uriOf(node))) {
        direct.sync().functionLoad(library, true);
        loaded.add(node.getNodeId());
      } catch (RuntimeException unreachable) {
        suspectTopology();
        Log.warn(
            "our functions could not be loaded into the cache node " + node.getUri().getHost(),
            unreachable);
      }
    }
  }

  private static String library() {
    try (InputStream in = CacheCluster.class.getResourceAsStream("functions.lua")) {
      if (in == null) {
        throw new IllegalStateException("functions.lua is missing from the jar; build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  @Override
  public void close() {
    closed = true;
    keeper.interrupt();
    nodeClient.shutdown(0, 500, TimeUnit.MILLISECONDS);
    client.shutdown(0, 500, TimeUnit.MILLISECONDS);
    resources.shutdown(0, 500, TimeUnit.MILLISECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
  }
}

package dev.spike.node.cache;

import dev.spike.node.config.Log;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sharded pub/sub over one connection per Redis primary. Subscriptions follow their slots: on a
 * failover, a moved slot or a broken connection they are made again where the slot is then, and
 * their owner is told, because messages may have passed in between.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closing connection is nobody's concern
final class ShardSubscriptions implements AutoCloseable {
  /** Who hears a shard channel; called on the client library's threads, in order. */
  interface Listener {
    /** A message was announced. */
    void announced(String message);

    /** The subscription was made anew: look whether something passed unheard. */
    void renewed();
  }

  private final CacheCluster cache;
  private final Map<String, Subscription> subscriptions = new HashMap<>();
  private final Map<String, Link> links = new HashMap<>();
  private volatile boolean closed;

  ShardSubscriptions(CacheCluster cache) {
    this.cache = cache;
    cache.onTopology(this::follow);
  }

  private static final class Subscription {
    final Listener listener;
    final CompletableFuture<Void> first = new CompletableFuture<>();
    @Nullable Link link;

    Subscription(Listener listener) {
      this.listener = listener;
    }
  }

  /** A connection to one primary. */
  private final class Link {
    final StatefulRedisPubSubConnection<String, String> connection;

    Link(StatefulRedisPubSubConnection<String, String> connection) {
      this.connection = connection;
      connection.addListener(
          new RedisPubSubAdapter<String, String>() {
            @Override
            public void smessage(String channel, String message) {
              Listener listener = listenerOf(channel, Link.this);
              if (listener != null) {
                listener.announced(message);
              }
            }

            @Override
            public void sunsubscribed(String channel, long count) {
              lost(channel, Link.this);
            }
          });
    }

    boolean isOpen() {
      return connection.isOpen();
    }
  }

  /** Subscribes; completes when Redis has confirmed it for the first time. */
  synchronized CompletableFuture<Void> add(String channel, Listener listener) {
    Subscription subscription = new Subscription(listener);
    subscriptions.put(channel, subscription);
    place(channel, subscription);
    return subscription.first;
  }

  synchronized void remove(String channel) {
    Subscription gone = subscriptions.remove(channel);
    Link link = gone == null ? null : gone.link;
    if (link != null && link.isOpen()) {
      RedisFuture<Void> unheard = link.connection.async().sunsubscribe(channel);
      unheard.whenComplete(
          (done, failed) -> {
            if (failed != null) {
              cache.suspectTopology();
            }
          });
    }
  }

  private synchronized @Nullable Listener listenerOf(String channel, Link link) {
    Subscription subscription = subscriptions.get(channel);
    return subscription == null || subscription.link != link ? null : subscription.listener;
  }

  /** Redis took the subscription away, as it does when the slot has moved. */
  private synchronized void lost(String channel, Link link) {
    Subscription subscription = subscriptions.get(channel);
    if (subscription != null && subscription.link == link) {
      subscription.link = null;
      cache.suspectTopology();
    }
  }

  /** Puts every subscription where its slot is; runs after each look at the topology. */
  private void follow() {
    Set<String> wanted = new HashSet<>();
    Map<String, Subscription> homeless = new LinkedHashMap<>();
    synchronized (this) {
      links.values().removeIf(link -> !link.isOpen());
      subscriptions.forEach(
          (channel, subscription) -> {
            RedisClusterNode primary = cache.primaryOf(channel);
            if (primary == null) {
              return;
            }
            wanted.add(address(primary));
            Link right = links.get(address(primary));
            if (right == null || subscription.link != right) {
              homeless.put(channel, subscription);
            }
          });
    }
    // Once per primary: a silent one would else hold up this thread for every channel it serves.
    Map<String, RedisClusterNode> missing = new LinkedHashMap<>();
    for (String channel : homeless.keySet()) {
      RedisClusterNode primary = cache.primaryOf(channel);
      if (primary != null) {
        missing.putIfAbsent(address(primary), primary);
      }
    }
    missing.values().forEach(this::connect);
    synchronized (this) {
      homeless.forEach(
          (channel, subscription) -> {
            if (subscriptions.get(channel) == subscription) {
              place(channel, subscription);
            }
          });
      links
          .entrySet()
          .removeIf(
              entry -> {
                if (wanted.contains(entry.getKey())) {
                  return false;
                }
                entry.getValue().connection.closeAsync();
                return true;
              });
    }
  }

  private void connect(RedisClusterNode primary) {
    synchronized (this) {
      if (closed || links.containsKey(address(primary))) {
        return;
      }
    }
    RedisClient client = cache.nodeClient();
    try {
      StatefulRedisPubSubConnection<String, String> connection =
          client.connectPubSub(cache.uriOf(primary));
      synchronized (this) {
        links.put(address(primary), new Link(connection));
      }
    } catch (RuntimeException unreachable) {
      cache.suspectTopology();
      Log.warn("no pub/sub connection to the cache node " + address(primary), unreachable);
    }
  }

  /**
   * Holds this lock. Without a link to the right primary the next look at the topology places it.
   */
  private void place(String channel, Subscription subscription) {
    RedisClusterNode primary = cache.primaryOf(channel);
    Link link = primary == null ? null : links.get(address(primary));
    if (link == null || !link.isOpen()) {
      cache.suspectTopology();
      return;
    }
    subscription.link = link;
    link.connection
        .async()
        .ssubscribe(channel)
        .whenComplete(
            (done, failed) -> {
              if (failed != null) {
                lost(channel, link);
              } else if (!subscription.first.complete(null)) {
                subscription.listener.renewed();
              }
            });
  }

  private static String address(RedisClusterNode node) {
    return node.getUri().getHost() + ":" + node.getUri().getPort();
  }

  @Override
  public synchronized void close() {
    closed = true;
    links.values().forEach(link -> link.connection.closeAsync());
    links.clear();
  }
}

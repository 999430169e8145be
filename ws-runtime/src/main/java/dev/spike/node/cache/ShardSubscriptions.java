package dev.spike.node.cache;

import dev.spike.node.config.Log;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Sharded pub/sub over the whole cluster with one connection per primary. The client library does
 * not follow slots for sharded pub/sub; this does: whatever is wanted is subscribed at the primary
 * that serves its slot now, and subscribed anew after every move, failover or lost connection.
 */
public final class ShardSubscriptions {
  /** Where messages go; called on the client library's threads, in order per channel. */
  public interface Receiver {
    /** A message. */
    void received(String payload);

    /** The subscription is in force from here on; called again after each re-subscription. */
    void subscribed();
  }

  private static final long ASK_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long PING_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long SILENCE_NANOS_MAX = Duration.ofMillis(2500).toNanos();

  private final CacheCluster cache;
  private final Map<String, Wanted> wanted = new ConcurrentHashMap<>();
  private final Map<String, Link> links = new ConcurrentHashMap<>();

  private static final class Wanted {
    final Receiver receiver;
    volatile @Nullable Link at;
    volatile @Nullable Link asked;
    volatile long askedNanos;

    Wanted(Receiver receiver) {
      this.receiver = receiver;
    }
  }

  /** Subscribes through {@code cache}; before its start. */
  public ShardSubscriptions(CacheCluster cache) {
    this.cache = cache;
    cache.onTopology(this::reconcile);
  }

  /** Wants a shard channel; its slot is the one of its hash tag. */
  public void want(String channel, Receiver receiver) {
    Wanted entry = new Wanted(receiver);
    wanted.put(channel, entry);
    ask(channel, entry);
  }

  /** No longer wants it. */
  public void drop(String channel) {
    Wanted entry = wanted.remove(channel);
    Link at = entry == null ? null : entry.at;
    if (at != null) {
      at.drop(channel);
    }
  }

  /** Brings what is subscribed in line with what is wanted and who serves it. */
  private void reconcile() {
    for (RedisClusterNode node : List.copyOf(cache.client().getPartitions().getPartitions())) {
      if (node.is(RedisClusterNode.NodeFlag.UPSTREAM)
          && !node.is(RedisClusterNode.NodeFlag.FAIL)
          && !node.hasNoSlots()
          && !links.containsKey(node.getNodeId())) {
        open(node);
      }
    }
    links.values().forEach(Link::check);
    wanted.forEach(this::ask);
  }

  private void open(RedisClusterNode node) {
    try {
      StatefulRedisPubSubConnection<String, String> connection =
          cache.nodeClient().connectPubSub(StringCodec.UTF8, cache.uriOf(node));
      Link link = new Link(node.getNodeId(), connection);
      links.put(node.getNodeId(), link);
      link.start();
    } catch (RuntimeException unreachable) {
      cache.suspectTopology();
      Log.warn(
          "no subscription connection to the cache node " + node.getUri().getHost(), unreachable);
    }
  }

  private void ask(String channel, Wanted entry) {
    RedisClusterNode owner = cache.primaryOf(channel);
    Link link = owner == null ? null : links.get(owner.getNodeId());
    if (link == null || entry.at == link) {
      return;
    }
    long now = System.nanoTime();
    if (entry.asked == link && now - entry.askedNanos < ASK_AGAIN_NANOS) {
      return;
    }
    entry.asked = link;
    entry.askedNanos = now;
    link.subscribe(channel);
  }

  private final class Link extends RedisPubSubAdapter<String, String>
      implements RedisConnectionStateListener {
    private final String nodeId;
    private final StatefulRedisPubSubConnection<String, String> connection;
    private volatile long lastPongNanos = System.nanoTime();
    private long lastPingNanos = System.nanoTime();

    Link(String nodeId, StatefulRedisPubSubConnection<String, String> connection) {
      this.nodeId = nodeId;
      this.connection = connection;
    }

    void start() {
      connection.addListener((io.lettuce.core.pubsub.RedisPubSubListener<String, String>) this);
      connection.addListener((RedisConnectionStateListener) this);
      if (!connection.isOpen()) {
        lost();
      }
    }

    void subscribe(String channel) {
      try {
        connection
            .async()
            .ssubscribe(channel)
            .whenComplete(
                (done, refused) -> {
                  if (refused != null) {
                    cache.suspectTopology();
                  }
                });
      } catch (RuntimeException closed) {
        lost();
      }
    }

    void drop(String channel) {
      try {
        connection
            .async()
            .sunsubscribe(channel)
            .whenComplete(
                (done, refused) -> {
                  if (refused != null) {
                    cache.suspectTopology();
                  }
                });
      } catch (RuntimeException closed) {
        lost();
      }
    }

    /** Asks for a sign of life; gives the connection up when none came for too long. */
    void check() {
      long now = System.nanoTime();
      if (now - lastPongNanos > SILENCE_NANOS_MAX) {
        lost();
      } else if (now - lastPingNanos > PING_NANOS) {
        lastPingNanos = now;
        try {
          connection
              .async()
              .ping()
              .whenComplete(
                  (pong, silent) -> {
                    if (silent == null) {
                      lastPongNanos = System.nanoTime();
                    }
                  });
        } catch (RuntimeException closed) {
          lost();
        }
      }
    }

    private void lost() {
      if (links.remove(nodeId, this)) {
        cache.suspectTopology();
        for (Wanted entry : wanted.values()) {
          if (entry.at == this) {
            entry.at = null;
          }
        }
        var _ = connection.closeAsync();
      }
    }

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
      lost();
    }

    @Override
    public void smessage(String channel, String message) {
      Wanted entry = wanted.get(channel);
      if (entry != null && entry.at == this) {
        entry.receiver.received(message);
      }
    }

    @Override
    public void ssubscribed(String channel, long count) {
      Wanted entry = wanted.get(channel);
      if (entry == null) {
        drop(channel);
        return;
      }
      entry.at = this;
      entry.receiver.subscribed();
    }

    /** Redis says this by itself when the slot has moved away. */
    @Override
    public void sunsubscribed(String channel, long count) {
      Wanted entry = wanted.get(channel);
      if (entry != null && entry.at == this) {
        entry.at = null;
        cache.suspectTopology();
      }
    }
  }
}

package dev.spike.node.cache;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** The channels that clients of this node listen to, each subscribed once in the cache. */
public final class Channels implements AutoCloseable {
  /** A client's side of a channel. May be called from any thread. */
  public interface Subscriber {
    /** A new message, with the offset before it. */
    void announced(String channel, String epoch, ChannelStore.Entry entry);

    /** Something may have passed unheard: read from the last position. */
    void missed(String channel);
  }

  /** Told when another node has resumed a session of ours. */
  public interface Fences {
    void fence(String session, long epoch);
  }

  private final ShardSubscriptions shards;
  private final Map<String, Feed> feeds = new HashMap<>();

  /** {@code node} is the name under which sessions are held. */
  public Channels(CacheCluster cache, String node, Fences fences) {
    shards = new ShardSubscriptions(cache);
    for (int i = 0; i < Partitions.COUNT; i++) {
      var unusedReady =
          shards.add(
              SessionStore.fencePrefix(Partitions.tag(i)) + node,
              new ShardSubscriptions.Listener() {
                @Override
                public void announced(String message) {
                  int space = message.indexOf(' ');
                  if (space > 0) {
                    fences.fence(
                        message.substring(0, space), Long.parseLong(message.substring(space + 1)));
                  }
                }

                @Override
                public void renewed() {
                  // A fence that passed unheard is found by the session's next write: its epoch.
                }
              });
    }
  }

  /** One channel and who listens. */
  private static final class Feed implements ShardSubscriptions.Listener {
    final String name;
    final Set<Subscriber> subscribers = ConcurrentHashMap.newKeySet();
    CompletableFuture<Void> ready = new CompletableFuture<>();

    Feed(String name) {
      this.name = name;
    }

    @Override
    public void announced(String message) {
      int first = message.indexOf(' ');
      int second = message.indexOf(' ', first + 1);
      int third = message.indexOf(' ', second + 1);
      String epoch = message.substring(0, first);
      ChannelStore.Entry entry =
          new ChannelStore.Entry(
              Long.parseLong(message.substring(first + 1, second)),
              Long.parseLong(message.substring(second + 1, third)),
              message.substring(third + 1));
      for (Subscriber subscriber : subscribers) {
        subscriber.announced(name, epoch, entry);
      }
    }

    @Override
    public void renewed() {
      for (Subscriber subscriber : subscribers) {
        subscriber.missed(name);
      }
    }
  }

  /** Joins; completes once new messages are heard. */
  public synchronized CompletableFuture<Void> join(String channel, Subscriber subscriber) {
    Feed feed = feeds.get(channel);
    if (feed == null) {
      feed = new Feed(channel);
      feeds.put(channel, feed);
      feed.subscribers.add(subscriber);
      feed.ready = shards.add(ChannelStore.announced(channel), feed);
    } else {
      feed.subscribers.add(subscriber);
    }
    return feed.ready;
  }

  /** Leaves; the last to leave ends the subscription in the cache. */
  public synchronized void leave(String channel, Subscriber subscriber) {
    Feed feed = feeds.get(channel);
    if (feed != null && feed.subscribers.remove(subscriber) && feed.subscribers.isEmpty()) {
      feeds.remove(channel);
      shards.remove(ChannelStore.announced(channel));
    }
  }

  @Override
  public void close() {
    shards.close();
  }
}

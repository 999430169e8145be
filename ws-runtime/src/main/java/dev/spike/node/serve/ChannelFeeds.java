package dev.spike.node.serve;

import dev.spike.node.cache.ChannelLog;
import dev.spike.node.cache.ShardSubscriptions;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The channels that clients of this node follow; their number is bounded. */
final class ChannelFeeds {
  private static final int FEEDS_MAX = 50_000;

  private final ConcurrentHashMap<String, ChannelFeed> feeds = new ConcurrentHashMap<>();
  private final EventLoopGroup loops;
  private final ChannelLog log;
  private final ShardSubscriptions shards;

  ChannelFeeds(EventLoopGroup loops, ChannelLog log, ShardSubscriptions shards) {
    this.loops = loops;
    this.log = log;
    this.shards = shards;
  }

  /** The channel's feed, started when needed; null when this node follows too many. */
  @Nullable ChannelFeed get(String name) {
    ChannelFeed known = feeds.get(name);
    if (known != null || feeds.size() >= FEEDS_MAX) {
      return known;
    }
    return feeds.computeIfAbsent(
        name,
        _ -> {
          ChannelFeed feed = new ChannelFeed(name, loops.next(), log);
          shards.want(ChannelLog.shardChannel(name), feed);
          return feed;
        });
  }

  ChannelLog log() {
    return log;
  }
}

package dev.spike.node.serve;

import dev.spike.node.cache.SessionStore.Position;
import java.util.List;

/**
 * One client's place in one channel. It is live, or it catches up from its position; while the
 * client's buffer is full it stays where it is. Its state belongs to the client's event loop; the
 * feed's calls arrive there in order.
 */
final class Subscription {
  private final ClientConnection client;
  private final ChannelFeed feed;
  private String epoch = "";
  private long offset;
  private boolean live;
  private boolean announced;
  private boolean stalled;
  private boolean ended;

  Subscription(ClientConnection client, ChannelFeed feed) {
    this.client = client;
    this.feed = feed;
  }

  ChannelFeed feed() {
    return feed;
  }

  Position position() {
    return new Position(epoch, offset);
  }

  boolean isAnnounced() {
    return announced;
  }

  void end() {
    ended = true;
    feed.detach(this);
  }

  /** From the feed: a new message. */
  void deliver(ChannelFeed.Message message) {
    client
        .loop()
        .execute(
            () -> {
              if (ended || !live || message.offset() <= offset) {
                return;
              }
              if (client.canTake()) {
                offset = message.offset();
                client.deliver(message.json());
              } else {
                live = false;
                stall();
              }
            });
  }

  /** From the feed: nothing before {@code head} can be had; {@code refused} when it was wanted. */
  void restart(String channelEpoch, long head, boolean refused) {
    client
        .loop()
        .execute(
            () -> {
              if (ended) {
                return;
              }
              epoch = channelEpoch;
              offset = head;
              live = true;
              stalled = false;
              client.restarted(this, feed.name(), position(), refused, announced);
              announced = true;
            });
  }

  /** From the feed: what follows {@code from}; {@code whole} when live messages come next. */
  void recovered(Position from, List<ChannelFeed.Message> missed, boolean whole) {
    client
        .loop()
        .execute(
            () -> {
              if (ended) {
                return;
              }
              if (!announced) {
                epoch = from.epoch();
                offset = from.offset();
                announced = true;
                client.recovered(this, feed.name(), from);
              }
              stalled = false;
              for (ChannelFeed.Message message : missed) {
                if (message.offset() <= offset) {
                  continue;
                }
                if (!client.canTake()) {
                  stall();
                  return;
                }
                offset = message.offset();
                client.deliver(message.json());
              }
              if (whole) {
                live = true;
              } else {
                feed.resume(this, position());
              }
            });
  }

  private void stall() {
    stalled = true;
    client.fellBehind();
  }

  /** The client's buffer has room again. */
  void unstall() {
    if (stalled && !ended) {
      stalled = false;
      feed.resume(this, position());
    }
  }
}

package dev.spike.node.serve;

import dev.spike.node.cache.ShardSubscriptions;
import dev.spike.node.config.Log;

/** Hears from the cache that a session of this node was resumed on another one. */
final class Fences implements ShardSubscriptions.Receiver {
  private final OpenSessions open;

  Fences(OpenSessions open) {
    this.open = open;
  }

  @Override
  public void received(String payload) {
    int space = payload.indexOf(' ');
    try {
      open.fence(
          payload.substring(0, space), Long.parseLong(payload, space + 1, payload.length(), 10));
    } catch (IndexOutOfBoundsException | NumberFormatException foreign) {
      Log.warn("a fence message could not be read", foreign);
    }
  }

  @Override
  public void subscribed() {
    // What was missed meanwhile shows at the session's next write, which its epoch refuses.
  }
}

package dev.spike.node.serve;

import java.util.ArrayDeque;

/**
 * Things of one event loop that must happen within the same time: a queue in order of arrival, so
 * that no timer per connection is needed. Confined to its event loop.
 */
final class Deadlines {
  /** Something that is overdue unless it has happened. */
  interface Expiring {
    /** True while it has not happened. */
    boolean isPending();

    /** Called once when it is overdue. */
    void expire();
  }

  private record Entry(Expiring expiring, long atNanos) {}

  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private final long afterNanos;

  Deadlines(long afterNanos) {
    this.afterNanos = afterNanos;
  }

  void add(Expiring expiring) {
    entries.addLast(new Entry(expiring, System.nanoTime() + afterNanos));
  }

  void sweep(long nowNanos) {
    Entry first = entries.peekFirst();
    while (first != null && (nowNanos - first.atNanos >= 0 || !first.expiring.isPending())) {
      entries.pollFirst();
      if (first.expiring.isPending()) {
        first.expiring.expire();
      }
      first = entries.peekFirst();
    }
  }
}

package dev.spike.node.serve;

import java.util.ArrayList;
import java.util.List;

/**
 * Visits each connection of one event loop once per heartbeat, spread evenly over it, without a
 * timer per connection. Confined to its event loop.
 */
final class HeartbeatWheel {
  /** Buckets, and so ticks, per heartbeat. */
  static final int BUCKETS = 25;

  private final List<List<ClientConnection>> buckets = new ArrayList<>(BUCKETS);
  private int now;
  private int nextBucket;

  HeartbeatWheel() {
    for (int i = 0; i < BUCKETS; i++) {
      buckets.add(new ArrayList<>());
    }
  }

  /** Ticks since the start; the clock against which connections note when they last read. */
  int now() {
    return now;
  }

  void add(ClientConnection connection) {
    List<ClientConnection> bucket = buckets.get(nextBucket);
    connection.wheelBucket = nextBucket;
    connection.wheelIndex = bucket.size();
    bucket.add(connection);
    nextBucket = (nextBucket + 1) % BUCKETS;
  }

  void remove(ClientConnection connection) {
    if (connection.wheelIndex < 0) {
      return;
    }
    List<ClientConnection> bucket = buckets.get(connection.wheelBucket);
    ClientConnection last = bucket.removeLast();
    if (last != connection) {
      bucket.set(connection.wheelIndex, last);
      last.wheelIndex = connection.wheelIndex;
    }
    connection.wheelIndex = -1;
  }

  void tick() {
    now++;
    for (ClientConnection connection : List.copyOf(buckets.get(now % BUCKETS))) {
      connection.visit(now);
    }
  }

  /** All connections, in an order that mixes their ages. */
  List<ClientConnection> all() {
    List<ClientConnection> all = new ArrayList<>();
    buckets.forEach(all::addAll);
    return all;
  }
}

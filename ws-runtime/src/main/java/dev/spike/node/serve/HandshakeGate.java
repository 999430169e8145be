package dev.spike.node.serve;

import java.util.ArrayDeque;

/**
 * Limits the TLS handshakes of one event loop. Those who wait are served newest first, because the
 * oldest are the likeliest to have given up; beyond the limit the oldest is dropped. Confined to
 * its event loop.
 */
final class HandshakeGate {
  private static final int STARTS_PER_TURN_MAX = 16;

  private final ArrayDeque<Admission> waiting = new ArrayDeque<>();
  private final int activeMax;
  private final int waitingMax;
  private final Counters counters;
  private int active;
  private boolean turnPending;

  HandshakeGate(int pendingMax, Counters counters) {
    this.activeMax = Math.max(1, pendingMax / 4);
    this.waitingMax = Math.max(1, pendingMax - activeMax);
    this.counters = counters;
  }

  /** Handshakes in progress and waiting. */
  int pending() {
    return active + waiting.size();
  }

  /** Takes a connection whose ClientHello has arrived. */
  void enter(Admission admission) {
    counters.handshakesPending.incrementAndGet();
    if (active < activeMax && waiting.isEmpty()) {
      active++;
      admission.startHandshake();
      return;
    }
    waiting.addLast(admission);
    if (waiting.size() > waitingMax) {
      Admission oldest = waiting.pollFirst();
      if (oldest != null) {
        counters.handshakesPending.decrementAndGet();
        counters.handshakesDropped.increment();
        oldest.drop();
      }
    }
  }

  /** Forgets a connection that ended while it waited. */
  void leave(Admission admission) {
    if (waiting.removeLastOccurrence(admission)) {
      counters.handshakesPending.decrementAndGet();
    }
  }

  /** A handshake ended, well or not. */
  void done(Admission admission) {
    active--;
    counters.handshakesPending.decrementAndGet();
    if (!waiting.isEmpty() && !turnPending) {
      turnPending = true;
      admission.loop().execute(this::turn);
    }
  }

  private void turn() {
    turnPending = false;
    for (int started = 0; started < STARTS_PER_TURN_MAX && active < activeMax; started++) {
      Admission newest = waiting.pollLast();
      if (newest == null) {
        return;
      }
      active++;
      newest.startHandshake();
    }
  }
}

package dev.spike.node.serve;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What a node counts; gauges are exact, totals only grow. */
final class Counters {
  final AtomicInteger connections = new AtomicInteger();
  final AtomicInteger sessions = new AtomicInteger();
  final AtomicInteger handshakesPending = new AtomicInteger();
  final LongAdder accepted = new LongAdder();
  final LongAdder handshakes = new LongAdder();
  final LongAdder handshakesFailed = new LongAdder();
  final LongAdder handshakesDropped = new LongAdder();
  final LongAdder upgrades = new LongAdder();
  final LongAdder upgradesRefused = new LongAdder();
  final LongAdder sessionsOpened = new LongAdder();
  final LongAdder sessionsResumed = new LongAdder();
  final LongAdder sessionsRefused = new LongAdder();
  final LongAdder sessionsFenced = new LongAdder();
  final LongAdder messagesIn = new LongAdder();
  final LongAdder messagesOut = new LongAdder();
  final LongAdder published = new LongAdder();
  final LongAdder recoveries = new LongAdder();
  final LongAdder recoveriesRefused = new LongAdder();
  final LongAdder slowConsumers = new LongAdder();
  final LongAdder violations = new LongAdder();
}

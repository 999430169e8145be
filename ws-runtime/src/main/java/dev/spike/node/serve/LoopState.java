package dev.spike.node.serve;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/** What one event loop keeps for its connections; touched by that loop only. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or timer shows as the channel's end
final class LoopState {
  private static final long ADMISSION_NANOS = TimeUnit.SECONDS.toNanos(8);

  final EventLoop loop;
  final HandshakeGate gate;
  final HeartbeatWheel wheel = new HeartbeatWheel();

  /** From accept to a finished upgrade, and from the upgrade to hello: eight seconds each. */
  final Deadlines admissions = new Deadlines(ADMISSION_NANOS);

  final Deadlines hellos = new Deadlines(ADMISSION_NANOS);

  LoopState(EventLoop loop, int handshakesPendingMax, Counters counters) {
    this.loop = loop;
    this.gate = new HandshakeGate(handshakesPendingMax, counters);
  }

  /** Starts the loop's two clocks. */
  void start(long heartbeatMillis) {
    long tickMillis = Math.max(4, heartbeatMillis / HeartbeatWheel.BUCKETS);
    loop.scheduleAtFixedRate(wheel::tick, tickMillis, tickMillis, TimeUnit.MILLISECONDS);
    loop.scheduleAtFixedRate(this::sweep, 250, 250, TimeUnit.MILLISECONDS);
  }

  private void sweep() {
    long now = System.nanoTime();
    admissions.sweep(now);
    hellos.sweep(now);
  }
}

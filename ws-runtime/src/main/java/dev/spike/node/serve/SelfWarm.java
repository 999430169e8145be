package dev.spike.node.serve;

import dev.spike.node.client.ClientLoops;
import dev.spike.node.client.WebSocketClient;
import dev.spike.node.config.Endpoint;
import dev.spike.node.config.Log;
import dev.spike.node.tls.BoringSsl;
import dev.spike.node.tls.TlsClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Warms the JVM against the node's own service port: full TLS handshakes, upgrades and one echo
 * each. A cold JVM's first thousands of connections cost up to twice a warm one's.
 */
final class SelfWarm {
  /** Handshakes of one self-warm. */
  static final int HANDSHAKES = 3000;

  private static final int AT_ONCE = 32;
  private static final int SAMPLE = 200;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** How many, and the mean time of one connection among the first and the last 200. */
  record Report(int handshakes, long firstMicros, long lastMicros) {}

  private final NodeContext node;
  private final Endpoint service;
  private @Nullable CompletableFuture<Report> running;

  SelfWarm(NodeContext node, Endpoint service) {
    this.node = node;
    this.service = service;
  }

  /** Runs once; later calls get the first one's report. A failed run may be repeated. */
  synchronized CompletableFuture<Report> run() {
    CompletableFuture<Report> current = running;
    if (current == null || current.isCompletedExceptionally()) {
      CompletableFuture<Report> started = new CompletableFuture<>();
      running = started;
      Thread thread = new Thread(() -> warm(started), "spike-self-warm");
      thread.setDaemon(true);
      thread.start();
      return started;
    }
    return current;
  }

  private void warm(CompletableFuture<Report> report) {
    long started = System.nanoTime();
    try (TlsClient tls = BoringSsl.client(node.config().certificate());
        ClientLoops loops = new ClientLoops(1)) {
      long deadline = started + PATIENCE_NANOS;
      long first = batch(loops, tls, SAMPLE, deadline);
      batch(loops, tls, HANDSHAKES - 2 * SAMPLE, deadline);
      long last = batch(loops, tls, SAMPLE, deadline);
      node.life().warmed();
      Log.info(
          "self-warm: "
              + HANDSHAKES
              + " handshakes in "
              + (System.nanoTime() - started) / 1_000_000
              + " ms");
      report.complete(new Report(HANDSHAKES, first, last));
    } catch (Exception failed) {
      Log.warn("the self-warm failed; ask for it again with spike-node warm", failed);
      report.completeExceptionally(failed);
    }
  }

  /**
   * Opens {@code count} connections, AT_ONCE in flight; the mean wall time of one in microseconds.
   */
  private long batch(ClientLoops loops, TlsClient tls, int count, long deadline) throws Exception {
    long started = System.nanoTime();
    for (int done = 0; done < count; done += AT_ONCE) {
      int size = Math.min(AT_ONCE, count - done);
      CompletableFuture<?>[] echoes = new CompletableFuture<?>[size];
      for (int i = 0; i < size; i++) {
        echoes[i] = echo(loops, tls);
      }
      CompletableFuture.allOf(echoes)
          .get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }
    return (System.nanoTime() - started) / 1000 / count;
  }

  private CompletableFuture<Void> echo(ClientLoops loops, TlsClient tls) {
    CompletableFuture<Void> echoed = new CompletableFuture<>();
    WebSocketClient.connect(
        loops,
        tls,
        service,
        node.config().host(),
        new WebSocketClient.Listener() {
          @Override
          public void opened(WebSocketClient socket) {
            socket.send("{\"type\":\"ping\"}");
          }

          @Override
          public void message(WebSocketClient socket, byte[] utf8) {
            echoed.complete(null);
            socket.close(1000, "");
          }

          @Override
          public void ended(String why) {
            echoed.completeExceptionally(
                new IllegalStateException("a self-warm connection ended: " + why));
          }
        });
    return echoed;
  }
}

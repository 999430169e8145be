package dev.spike.node.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.config.Endpoint;
import dev.spike.node.config.Json;
import dev.spike.node.tls.TlsClient;
import java.io.IOException;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Connects, says hello, waits for welcome, and closes, a given number of times. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or timer shows as the channel's end
public final class HandshakeProbe {
  private static final int AT_ONCE = 32;
  private static final long ONE_SECONDS_MAX = 10;

  private final ClientLoops loops;
  private final TlsClient tls;
  private final Endpoint target;
  private final String host;

  /** Probes {@code target}, whose certificate must carry {@code host}. */
  public HandshakeProbe(ClientLoops loops, TlsClient tls, Endpoint target, String host) {
    this.loops = loops;
    this.tls = tls;
    this.target = target;
    this.host = host;
  }

  /** Makes {@code connections} attempts; the answer is the command's JSON. */
  public ObjectNode run(int connections) throws InterruptedException {
    Semaphore inFlight = new Semaphore(AT_ONCE);
    CountDownLatch finished = new CountDownLatch(connections);
    Tally nodes = Tally.ofNodes();
    Tally failures = Tally.ofErrors();
    Histogram micros = new ConcurrentHistogram(60_000_000L, 3);
    AtomicReference<@Nullable SSLSession> seen = new AtomicReference<>();
    for (int i = 0; i < connections; i++) {
      inFlight.acquire();
      new Attempt(inFlight, finished, nodes, failures, micros, seen).start();
    }
    finished.await();
    ObjectNode answer = Json.object().put("attempted", connections).put("succeeded", nodes.total());
    answer.set("failed", failures.errors());
    SSLSession session = seen.get();
    if (session == null) {
      answer.putNull("tls").putNull("certificate");
    } else {
      answer.put("tls", session.getProtocol());
      answer.set("certificate", certificate(session));
    }
    answer.set("nodes", nodes.byName());
    return answer
        .put("p50Millis", micros.getValueAtPercentile(50) / 1000.0)
        .put("p99Millis", micros.getValueAtPercentile(99) / 1000.0);
  }

  private static ObjectNode certificate(SSLSession session) {
    ObjectNode answer = Json.object();
    try {
      for (Certificate certificate : session.getPeerCertificates()) {
        if (certificate instanceof X509Certificate leaf) {
          answer
              .put("subject", leaf.getSubjectX500Principal().getName())
              .put("issuer", leaf.getIssuerX500Principal().getName())
              .put("notAfter", leaf.getNotAfter().toInstant().toString());
          var names = answer.putArray("names");
          Collection<List<?>> alternatives = leaf.getSubjectAlternativeNames();
          if (alternatives != null) {
            alternatives.forEach(name -> names.add(String.valueOf(name.get(1))));
          }
          return answer;
        }
      }
    } catch (SSLPeerUnverifiedException | CertificateParsingException unreadable) {
      answer.put("unreadable", String.valueOf(unreadable.getMessage()));
    }
    return answer;
  }

  private final class Attempt implements WebSocketClient.Listener {
    private final Semaphore inFlight;
    private final CountDownLatch finished;
    private final Tally nodes;
    private final Tally failures;
    private final Histogram micros;
    private final AtomicReference<@Nullable SSLSession> seen;
    private final AtomicBoolean over = new AtomicBoolean();
    private final long startedNanos = System.nanoTime();

    Attempt(
        Semaphore inFlight,
        CountDownLatch finished,
        Tally nodes,
        Tally failures,
        Histogram micros,
        AtomicReference<@Nullable SSLSession> seen) {
      this.inFlight = inFlight;
      this.finished = finished;
      this.nodes = nodes;
      this.failures = failures;
      this.micros = micros;
      this.seen = seen;
    }

    void start() {
      WebSocketClient.connect(loops, tls, target, host, this);
      loops
          .group()
          .schedule(
              () -> fail("no welcome within " + ONE_SECONDS_MAX + " s"),
              ONE_SECONDS_MAX,
              TimeUnit.SECONDS);
    }

    private void finish() {
      inFlight.release();
      finished.countDown();
    }

    private void fail(String why) {
      if (over.compareAndSet(false, true)) {
        failures.add(why);
        finish();
      }
    }

    @Override
    public void opened(WebSocketClient socket) {
      seen.compareAndSet(null, socket.tlsSession());
      socket.send("{\"type\":\"hello\"}");
    }

    @Override
    public void message(WebSocketClient socket, byte[] utf8) {
      try {
        JsonNode message = Json.parse(utf8);
        if (!message.path("type").asText().equals("welcome")) {
          fail("instead of welcome: " + message.path("code").asText(message.path("type").asText()));
        } else if (over.compareAndSet(false, true)) {
          micros.recordValue(Math.min(60_000_000L, (System.nanoTime() - startedNanos) / 1000));
          nodes.add(message.path("node").asText());
          finish();
        }
      } catch (IOException malformed) {
        fail("the server sent what is not JSON");
      }
      socket.close(1000, "");
    }

    @Override
    public void ended(String why) {
      fail(why);
    }
  }
}

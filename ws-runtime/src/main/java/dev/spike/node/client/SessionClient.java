package dev.spike.node.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.node.config.Endpoint;
import dev.spike.node.config.Json;
import dev.spike.node.tls.TlsClient;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client that keeps its session: it listens to one channel of numbered messages, notices a dead
 * connection within two seconds, comes back with jitter and back-off, and resumes where it was.
 *
 * <p>A balancer goes on sending connections to a lost node until its health checks have noticed. So
 * an attempt that TCP does not answer within a second, when the kernel would send its first
 * repetition to the same node, is given up for one from another port, which the balancer may send
 * elsewhere. The limit doubles with each unanswered attempt, as the kernel's own pauses do: where
 * nodes defer new connections on purpose, such clients send them hardly more than others.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed timer shows as the connection's end
final class SessionClient {
  private static final long PING_MILLIS = 500;
  private static final long SILENCE_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);
  private static final Duration TCP_CONNECT_FIRST = Duration.ofSeconds(1);
  private static final Duration TCP_CONNECT_MAX = Duration.ofSeconds(8);

  /** From the answer of TCP to the subscription: TLS, upgrade, resume. */
  private static final long OPENING_NANOS_MAX = TimeUnit.SECONDS.toNanos(3);

  private static final int BACK_OFF_MILLIS_MAX = 1000;

  private final ClientLoops loops;
  private final TlsClient tls;
  private final String host;
  private final String channel;
  private Endpoint target;
  private final BitSet received = new BitSet();
  private @Nullable WebSocketClient socket;
  private int attempt;
  private long attemptEndNanos;
  private long heardNanos;
  private @Nullable String session;
  private @Nullable String epoch;
  private long offset;
  private boolean subscribed;
  private boolean stopped;
  private int backOffMillis;
  private Duration tcpConnectMax = TCP_CONNECT_FIRST;
  private String node = "";
  private boolean everUp;
  private long downSinceNanos = -1;
  private int cuts;
  private int fresh;
  private int refusedRecoveries;
  private int repeated;
  private long resumeNanosMax = -1;

  /** No attempt is under way: it waits before the next one, or was told to stay away. */
  private boolean away = true;

  SessionClient(ClientLoops loops, TlsClient tls, Endpoint target, String host, String channel) {
    this.loops = loops;
    this.tls = tls;
    this.target = target;
    this.host = host;
    this.channel = channel;
  }

  /** Connects; called once. */
  synchronized void start() {
    connect();
    loops
        .group()
        .next()
        .scheduleAtFixedRate(
            this::watch,
            ThreadLocalRandom.current().nextLong(PING_MILLIS),
            PING_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  private void connect() {
    int number = ++attempt;
    away = false;
    heardNanos = System.nanoTime();
    attemptEndNanos = heardNanos + tcpConnectMax.toNanos() + OPENING_NANOS_MAX;
    subscribed = false;
    WebSocketClient.connect(loops, tls, target, host, tcpConnectMax, new Attempt(number));
    Duration doubled = tcpConnectMax.multipliedBy(2);
    tcpConnectMax = doubled.compareTo(TCP_CONNECT_MAX) < 0 ? doubled : TCP_CONNECT_MAX;
  }

  /** Drops the connection as a broken network would, and stays away. */
  synchronized void cutAndStayAway() {
    attempt++;
    away = true;
    WebSocketClient current = socket;
    socket = null;
    subscribed = false;
    cuts++;
    downSinceNanos = System.nanoTime();
    if (current != null) {
      current.cut();
    }
  }

  /** Comes back, at another address. */
  synchronized void returnTo(Endpoint other) {
    target = other;
    downSinceNanos = System.nanoTime();
    connect();
  }

  synchronized void stop() {
    stopped = true;
    attempt++;
    WebSocketClient current = socket;
    if (current != null) {
      current.close(1000, "");
    }
  }

  private synchronized void watch() {
    if (stopped || away) {
      return;
    }
    long now = System.nanoTime();
    WebSocketClient current = socket;
    if (current == null || !subscribed) {
      if (now - attemptEndNanos > 0) {
        lose(current);
      }
    } else if (now - heardNanos > SILENCE_NANOS_MAX) {
      lose(current);
    } else {
      current.send("{\"type\":\"ping\"}");
    }
  }

  private void lose(@Nullable WebSocketClient lost) {
    attempt++;
    away = true;
    socket = null;
    if (subscribed) {
      cuts++;
      downSinceNanos = heardNanos;
    }
    subscribed = false;
    if (lost != null) {
      lost.cut();
    }
    if (stopped) {
      return;
    }
    backOffMillis = Math.min(BACK_OFF_MILLIS_MAX, Math.max(100, backOffMillis * 2));
    loops
        .group()
        .schedule(
            this::retry,
            ThreadLocalRandom.current().nextLong(backOffMillis),
            TimeUnit.MILLISECONDS);
  }

  private synchronized void retry() {
    if (!stopped) {
      connect();
    }
  }

  /** Events of an attempt that has been given up are dropped. */
  private final class Attempt implements WebSocketClient.Listener {
    private final int number;

    Attempt(int number) {
      this.number = number;
    }

    @Override
    public void opened(WebSocketClient opened) {
      synchronized (SessionClient.this) {
        if (number != attempt) {
          opened.cut();
          return;
        }
        socket = opened;
        opened.send(hello());
      }
    }

    @Override
    public void message(WebSocketClient from, byte[] utf8) {
      synchronized (SessionClient.this) {
        if (number == attempt) {
          received(from, utf8);
        }
      }
    }

    @Override
    public void ended(String why) {
      synchronized (SessionClient.this) {
        if (number == attempt && !stopped) {
          lose(null);
        }
      }
    }
  }

  private String hello() {
    StringBuilder json = new StringBuilder(256).append("{\"type\":\"hello\"");
    if (session != null) {
      Json.quote(json.append(",\"session\":"), session);
    }
    Json.quote(json.append(",\"channels\":{"), channel).append(":{");
    if (epoch != null) {
      Json.quote(json.append("\"epoch\":"), epoch).append(",\"offset\":").append(offset);
    }
    return json.append("}}}").toString();
  }

  private void received(WebSocketClient from, byte[] utf8) {
    heardNanos = System.nanoTime();
    JsonNode message;
    try {
      message = Json.parse(utf8);
    } catch (IOException malformed) {
      lose(from);
      return;
    }
    switch (message.path("type").asText()) {
      case "welcome" -> {
        node = message.path("node").asText();
        if (session != null && !message.path("resumed").asBoolean()) {
          fresh++;
        }
        session = message.path("session").asText();
      }
      case "subscribed" -> subscribed(message);
      case "gap" -> {
        refusedRecoveries++;
        place(message);
      }
      case "message" -> {
        place(message);
        int number = message.path("data").path("n").asInt(-1);
        if (number >= 0) {
          if (received.get(number)) {
            repeated++;
          }
          received.set(number);
        }
      }
      default -> {
        return;
      }
    }
  }

  private void subscribed(JsonNode message) {
    boolean recovered = message.path("recovered").asBoolean();
    if (epoch != null && !recovered) {
      refusedRecoveries++;
    }
    place(message);
    subscribed = true;
    backOffMillis = 0;
    tcpConnectMax = TCP_CONNECT_FIRST;
    if (!everUp) {
      everUp = true;
    } else if (downSinceNanos >= 0) {
      resumeNanosMax = Math.max(resumeNanosMax, System.nanoTime() - downSinceNanos);
    }
    downSinceNanos = -1;
  }

  private void place(JsonNode message) {
    epoch = message.path("epoch").asText();
    offset = message.path("offset").asLong();
  }

  /** True while it listens. */
  synchronized boolean isUp() {
    return subscribed;
  }

  synchronized int cuts() {
    return cuts;
  }

  /** True when it was cut, is up again with its own session, and no recovery was refused. */
  synchronized boolean isResumed() {
    return cuts > 0 && subscribed && fresh == 0 && refusedRecoveries == 0;
  }

  synchronized int fresh() {
    return fresh;
  }

  synchronized int refusedRecoveries() {
    return refusedRecoveries;
  }

  synchronized int repeated() {
    return repeated;
  }

  /** How many of the first {@code count} numbers have arrived. */
  synchronized int received(int count) {
    return received.get(0, count).cardinality();
  }

  /** The longest time from the last sign of the old connection to the resumed one; -1 if none. */
  synchronized long resumeNanosMax() {
    return resumeNanosMax;
  }

  synchronized String node() {
    return node;
  }
}

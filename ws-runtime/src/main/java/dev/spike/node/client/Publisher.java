package dev.spike.node.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.node.config.Endpoint;
import dev.spike.node.config.Json;
import dev.spike.node.config.Log;
import dev.spike.node.tls.TlsClient;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Publishes through one connection and repeats what was not acknowledged, through a new connection
 * where needed. A repetition carries the same id, so the channel takes it once.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or timer shows as the channel's end
final class Publisher implements AutoCloseable, WebSocketClient.Listener {
  private static final int UNCONFIRMED_MAX = 10_000;
  private static final int WINDOW = 24;
  private static final long SILENCE_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);
  private static final long CONNECT_NANOS_MAX = TimeUnit.SECONDS.toNanos(3);
  private static final long RECONNECT_MILLIS = 200;

  private final ClientLoops loops;
  private final TlsClient tls;
  private final Endpoint target;
  private final String host;
  private final String token;
  private final String prefix = UUID.randomUUID().toString().substring(0, 13);
  private final Map<String, Pending> unconfirmed = new LinkedHashMap<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private @Nullable WebSocketClient socket;
  private int attempt;
  private long lastHeardNanos = System.nanoTime();
  private long sequence;
  private boolean closed;

  private static final class Pending {
    final String channel;
    final String data;
    boolean sent;
    boolean retry;

    Pending(String channel, String data) {
      this.channel = channel;
      this.data = data;
    }
  }

  Publisher(ClientLoops loops, TlsClient tls, Endpoint target, String host, String token) {
    this.loops = loops;
    this.tls = tls;
    this.target = target;
    this.host = host;
    this.token = token;
    connect();
    loops.group().scheduleAtFixedRate(this::watch, 500, 500, TimeUnit.MILLISECONDS);
  }

  private void connect() {
    lastHeardNanos = System.nanoTime();
    WebSocketClient.connect(loops, tls, target, host, new Attempt(++attempt));
  }

  /** Events of an attempt that has been given up are dropped. */
  private final class Attempt implements WebSocketClient.Listener {
    private final int number;

    Attempt(int number) {
      this.number = number;
    }

    @Override
    public void opened(WebSocketClient opened) {
      synchronized (Publisher.this) {
        if (number == attempt) {
          Publisher.this.opened(opened);
        } else {
          opened.cut();
        }
      }
    }

    @Override
    public void message(WebSocketClient from, byte[] utf8) {
      synchronized (Publisher.this) {
        if (number == attempt) {
          Publisher.this.message(from, utf8);
        }
      }
    }

    @Override
    public void ended(String why) {
      synchronized (Publisher.this) {
        if (number == attempt) {
          Publisher.this.ended(why);
        }
      }
    }
  }

  /** Queues a message; false when too many are unconfirmed already. */
  synchronized boolean publish(String channel, String json) {
    if (unconfirmed.size() >= UNCONFIRMED_MAX) {
      return false;
    }
    unconfirmed.put(prefix + "-" + sequence++, new Pending(channel, json));
    pump();
    return true;
  }

  /** Waits until all are confirmed or {@code wait} is over; how many have been. */
  int awaitAccepted(Duration wait) throws InterruptedException {
    long deadline = System.nanoTime() + wait.toNanos();
    while (System.nanoTime() < deadline) {
      synchronized (this) {
        if (unconfirmed.isEmpty()) {
          break;
        }
      }
      Thread.sleep(10);
    }
    return accepted.get();
  }

  /** Sends what is unsent, oldest first, few at a time. */
  private void pump() {
    WebSocketClient current = socket;
    if (current == null) {
      return;
    }
    int window = 0;
    for (Map.Entry<String, Pending> entry : unconfirmed.entrySet()) {
      if (++window > WINDOW) {
        return;
      }
      Pending pending = entry.getValue();
      if (!pending.sent) {
        pending.sent = true;
        StringBuilder json = new StringBuilder(96).append("{\"type\":\"publish\",\"channel\":");
        Json.quote(json, pending.channel).append(",\"id\":");
        Json.quote(json, entry.getKey());
        if (pending.retry) {
          json.append(",\"retry\":true");
        }
        current.send(json.append(",\"data\":").append(pending.data).append('}').toString());
      }
    }
  }

  private synchronized void watch() {
    long patience = socket == null ? CONNECT_NANOS_MAX : SILENCE_NANOS_MAX;
    if (closed || System.nanoTime() - lastHeardNanos < patience) {
      WebSocketClient current = socket;
      if (current != null && !closed) {
        current.send("{\"type\":\"ping\"}");
      }
      return;
    }
    lastHeardNanos = System.nanoTime();
    WebSocketClient current = socket;
    if (current != null) {
      current.cut();
    }
    lose();
    connect();
  }

  private void lose() {
    socket = null;
    for (Pending pending : unconfirmed.values()) {
      pending.retry |= pending.sent;
      pending.sent = false;
    }
  }

  @Override
  public void opened(WebSocketClient opened) {
    StringBuilder hello = new StringBuilder(256).append("{\"type\":\"hello\",\"token\":");
    opened.send(Json.quote(hello, token).append('}').toString());
  }

  @Override
  public void message(WebSocketClient from, byte[] utf8) {
    lastHeardNanos = System.nanoTime();
    JsonNode message;
    try {
      message = Json.parse(utf8);
    } catch (IOException malformed) {
      from.cut();
      return;
    }
    switch (message.path("type").asText()) {
      case "welcome" -> {
        socket = from;
        pump();
      }
      case "published" -> {
        if (unconfirmed.remove(message.path("id").asText()) != null) {
          accepted.incrementAndGet();
        }
        pump();
      }
      case "error" -> refused(message);
      default -> {
        return;
      }
    }
  }

  private void refused(JsonNode error) {
    Pending pending = unconfirmed.get(error.path("id").asText());
    if (pending == null) {
      Log.warn("the publisher was refused: " + error.path("message").asText());
      return;
    }
    pending.retry = true;
    loops
        .group()
        .schedule(
            () -> {
              synchronized (this) {
                pending.sent = false;
                pump();
              }
            },
            RECONNECT_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  @Override
  public void ended(String why) {
    lose();
    if (!closed) {
      int failed = attempt;
      loops
          .group()
          .schedule(
              () -> {
                synchronized (this) {
                  if (!closed && failed == attempt) {
                    connect();
                  }
                }
              },
              RECONNECT_MILLIS,
              TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    WebSocketClient current = socket;
    if (current != null) {
      current.close(1000, "");
    }
  }

  /** What has not been confirmed. */
  synchronized List<String> unconfirmed() {
    return new ArrayList<>(unconfirmed.keySet());
  }
}

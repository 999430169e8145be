package dev.spike.node.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.node.config.Endpoint;
import dev.spike.node.config.Json;
import dev.spike.node.tls.TlsClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client that keeps its session and its positions over connections and counts, by the sequence
 * number {@code n} in each message, what it missed and what it got twice.
 */
final class SessionClient {
  /** What happens to it. Called under its lock. */
  interface Watcher {
    /** Welcome was said and every channel is placed. */
    void settled(boolean resumed, boolean recovered, String node);

    /** The connection is gone. */
    void gone(String why);
  }

  private static final class Place {
    String epoch = "";
    long offset;
    boolean placed;
    final BitSet seen = new BitSet();
  }

  private final ClientLoops loops;
  private final TlsClient tls;
  private final String host;
  private final Watcher watcher;
  private final Map<String, Place> places = new LinkedHashMap<>();
  private @Nullable String session;
  private @Nullable WebSocketClient socket;
  private int attempt;
  private boolean resumed;
  private boolean recovered;
  private boolean settled;
  private String node = "";
  private int repeated;
  private int refusedRecoveries;
  private long lastHeardNanos = System.nanoTime();

  SessionClient(
      ClientLoops loops, TlsClient tls, String host, List<String> channels, Watcher watcher) {
    this.loops = loops;
    this.tls = tls;
    this.host = host;
    this.watcher = watcher;
    channels.forEach(channel -> places.put(channel, new Place()));
  }

  synchronized void connect(Endpoint target) {
    int number = ++attempt;
    settled = false;
    recovered = true;
    places.values().forEach(place -> place.placed = false);
    lastHeardNanos = System.nanoTime();
    WebSocketClient.connect(
        loops,
        tls,
        target,
        host,
        new WebSocketClient.Listener() {
          @Override
          public void opened(WebSocketClient opened) {
            synchronized (SessionClient.this) {
              if (number == attempt) {
                socket = opened;
                opened.send(hello());
              } else {
                opened.cut();
              }
            }
          }

          @Override
          public void message(WebSocketClient from, byte[] utf8) {
            synchronized (SessionClient.this) {
              if (number == attempt) {
                SessionClient.this.message(from, utf8);
              }
            }
          }

          @Override
          public void ended(String why) {
            synchronized (SessionClient.this) {
              if (number == attempt) {
                attempt++;
                socket = null;
                settled = false;
                watcher.gone(why);
              }
            }
          }
        });
  }

  /** Drops the connection; nothing of it is heard any more and {@code gone} is not called. */
  synchronized void cut() {
    attempt++;
    settled = false;
    WebSocketClient current = socket;
    socket = null;
    if (current != null) {
      current.cut();
    }
  }

  synchronized long silentNanos() {
    return System.nanoTime() - lastHeardNanos;
  }

  synchronized void ping() {
    WebSocketClient current = socket;
    if (current != null) {
      current.send("{\"type\":\"ping\"}");
    }
  }

  synchronized boolean isSettled() {
    return settled;
  }

  synchronized String node() {
    return node;
  }

  synchronized int received(String channel) {
    Place place = places.get(channel);
    return place == null ? 0 : place.seen.cardinality();
  }

  synchronized int repeated() {
    return repeated;
  }

  synchronized int refusedRecoveries() {
    return refusedRecoveries;
  }

  private String hello() {
    StringBuilder hello = new StringBuilder(256).append("{\"type\":\"hello\"");
    if (session != null) {
      Json.quote(hello.append(",\"session\":"), session);
    }
    hello.append(",\"channels\":{");
    List<String> entries = new ArrayList<>();
    places.forEach(
        (name, place) -> {
          StringBuilder entry = Json.quote(new StringBuilder(96), name).append(":{");
          if (!place.epoch.isEmpty()) {
            Json.quote(entry.append("\"epoch\":"), place.epoch)
                .append(",\"offset\":")
                .append(place.offset);
          }
          entries.add(entry.append('}').toString());
        });
    return hello.append(String.join(",", entries)).append("}}").toString();
  }

  private void message(WebSocketClient from, byte[] utf8) {
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
        session = message.path("session").asText();
        node = message.path("node").asText();
        resumed = message.path("resumed").asBoolean();
      }
      case "subscribed" -> place(message);
      case "gap" -> refusedRecoveries++;
      case "message" -> take(message);
      default -> {
        return;
      }
    }
  }

  private void place(JsonNode message) {
    Place place = places.get(message.path("channel").asText());
    if (place == null) {
      return;
    }
    boolean whole = message.path("recovered").asBoolean();
    recovered &= whole;
    if (!place.epoch.isEmpty() && !whole) {
      refusedRecoveries++;
    }
    place.epoch = message.path("epoch").asText();
    place.offset = message.path("offset").asLong();
    place.placed = true;
    if (!settled && places.values().stream().allMatch(each -> each.placed)) {
      settled = true;
      watcher.settled(resumed, recovered, node);
    }
  }

  private void take(JsonNode message) {
    Place place = places.get(message.path("channel").asText());
    if (place == null) {
      return;
    }
    place.epoch = message.path("epoch").asText();
    place.offset = message.path("offset").asLong();
    int n = message.path("data").path("n").asInt(-1);
    if (n >= 0) {
      if (place.seen.get(n)) {
        repeated++;
      }
      place.seen.set(n);
    }
  }
}

package dev.spike.node.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.client.ClientLoops;
import dev.spike.node.client.WebSocketClient;
import dev.spike.node.config.Endpoint;
import dev.spike.node.config.Json;
import dev.spike.node.tls.TlsClient;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** One connection of a client, whose messages are taken one after the other. */
final class TestClient implements WebSocketClient.Listener {
  private static final int SECONDS_MAX = 15;

  private final CompletableFuture<WebSocketClient> socket = new CompletableFuture<>();
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private final LinkedBlockingQueue<JsonNode> messages = new LinkedBlockingQueue<>();

  TestClient(ClientLoops loops, TlsClient tls, int port, String host) {
    WebSocketClient.connect(loops, tls, new Endpoint("127.0.0.1", port), host, this);
  }

  @Override
  public void opened(WebSocketClient opened) {
    socket.complete(opened);
  }

  @Override
  public void message(WebSocketClient from, byte[] utf8) {
    try {
      messages.add(Json.parse(utf8));
    } catch (IOException malformed) {
      end.complete("a message is not JSON: " + malformed.getMessage());
    }
  }

  @Override
  public void ended(String why) {
    end.complete(why);
    socket.completeExceptionally(new IOException(why));
  }

  TestClient send(ObjectNode message) throws Exception {
    socket.get(SECONDS_MAX, TimeUnit.SECONDS).send(Json.line(message));
    return this;
  }

  /** The next message. */
  JsonNode takeAny() throws Exception {
    JsonNode next = messages.poll(SECONDS_MAX, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing came; the connection: " + end.getNow("open"));
    }
    return next;
  }

  /** The next message, which must be of this type. */
  JsonNode take(String type) throws Exception {
    JsonNode next = messages.poll(SECONDS_MAX, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no '" + type + "' came; the connection: " + end.getNow("open"));
    }
    if (!next.path("type").asText().equals(type)) {
      throw new AssertionError("expected '" + type + "', got " + next);
    }
    return next;
  }

  /** Messages that have arrived and were not taken. */
  int untaken() {
    return messages.size();
  }

  /** How the connection ended, once it has. */
  String end() throws Exception {
    return end.get(SECONDS_MAX, TimeUnit.SECONDS);
  }

  /** Drops the connection as a broken network would. */
  void cut() throws Exception {
    socket.get(SECONDS_MAX, TimeUnit.SECONDS).cut();
    end();
  }
}

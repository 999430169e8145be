package dev.spike.sources;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A ticket service on this machine: pages by path and query, a token, and troubles on request. */
final class TicketServer implements AutoCloseable {
  /** What goes wrong with one answer. */
  sealed interface Trouble {
    record Status(int code, Map<String, String> headers) implements Trouble {}

    /** The connection ends in the middle of the body. */
    record Cut() implements Trouble {}

    record Slow(Duration delay) implements Trouble {}
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final String authorization;
  private final Map<String, String> pages = new ConcurrentHashMap<>();
  private final Map<String, Queue<Trouble>> troubles = new HashMap<>();
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  TicketServer(String authorization) throws IOException {
    this.authorization = authorization;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Every request's path and query, in order. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  void page(String address, String body) {
    pages.put(address, body);
  }

  void trouble(String address, Trouble... inOrder) {
    troubles.put(address, new ArrayDeque<>(List.of(inOrder)));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String address = exchange.getRequestURI().toString();
    asked.add(address);
    Trouble trouble;
    synchronized (troubles) {
      trouble = troubles.getOrDefault(address, new ArrayDeque<>()).poll();
    }
    String body = pages.getOrDefault(address, "");
    int code = body.isEmpty() ? 404 : 200;
    if (!authorization.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      code = 401;
      body = "{\"detail\": \"Invalid token.\"}";
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    switch (trouble) {
      case null -> send(exchange, code, bytes);
      case Trouble.Status status -> {
        status.headers().forEach(exchange.getResponseHeaders()::set);
        send(exchange, status.code(), "busy".getBytes(StandardCharsets.UTF_8));
      }
      case Trouble.Cut cut -> {
        exchange.sendResponseHeaders(200, bytes.length);
        OutputStream out = exchange.getResponseBody();
        out.write(bytes, 0, bytes.length / 2);
        out.flush();
        // Closing the exchange before all promised bytes went out ends the connection.
        exchange.close();
      }
      case Trouble.Slow slow -> {
        sleep(slow.delay());
        send(exchange, code, bytes);
      }
    }
  }

  private static void sleep(Duration delay) {
    try {
      Thread.sleep(delay);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, int code, byte[] body) {
    try (exchange) {
      exchange.sendResponseHeaders(code, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException gone) {
      if (!Thread.currentThread().isInterrupted()
          && !String.valueOf(gone.getMessage()).matches("(?i).*(broken pipe|closed|reset).*")) {
        throw new UncheckedIOException(gone);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

package dev.spike.node.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.client.ClientLoops;
import dev.spike.node.config.Endpoint;
import dev.spike.node.config.FleetSecret;
import dev.spike.node.config.FleetSecret.Grant;
import dev.spike.node.config.Json;
import dev.spike.node.config.Limits;
import dev.spike.node.config.ServeConfig;
import dev.spike.node.tls.BoringSsl;
import dev.spike.node.tls.TlsClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Two nodes that serve, one real Redis Cluster, and what their clients need. */
final class TestNodes implements AutoCloseable {
  static final String HOST = "live.example.test";
  private static final String SECRET = "fleet-secret-of-this-test";
  static final FleetSecret FLEET = new FleetSecret(SECRET);

  final Path directory;
  final TestCache cache;
  final Server first;
  final Server second;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();
  private final TlsClient tls;
  private final ClientLoops loops;

  /** Starts them in an empty directory and returns once both nodes reach the cache. */
  TestNodes(Path directory) throws Exception {
    this.directory = directory;
    Files.writeString(directory.resolve("fleet"), SECRET);
    certify();
    try {
      cache = opened(new TestCache(Files.createDirectory(directory.resolve("cache"))));
      tls = opened(BoringSsl.client(directory.resolve("certificate")));
      loops = opened(new ClientLoops(1));
      first = opened(server("n-1"));
      second = opened(server("n-2"));
    } catch (Exception | AssertionError failed) {
      close();
      throw failed;
    }
  }

  private <T extends AutoCloseable> T opened(T part) {
    open.push(part);
    return part;
  }

  private void certify() throws Exception {
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-keyout",
                "key",
                "-out",
                "certificate",
                "-days",
                "2",
                "-subj",
                "/CN=test",
                "-addext",
                "subjectAltName=DNS:" + HOST)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("openssl.log").toFile())
            .start();
    assertThat(openssl.waitFor()).isZero();
  }

  @Override
  public void close() throws Exception {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  /** One more node; the caller closes it. */
  Server server(String node) throws Exception {
    Server server =
        new Server(
            new ServeConfig(
                "test",
                node,
                "a",
                new Endpoint("127.0.0.1", 0),
                HOST,
                List.of(),
                new Endpoint("127.0.0.1", 0),
                directory.resolve("certificate"),
                directory.resolve("key"),
                cache.config(),
                directory.resolve("fleet"),
                null,
                Limits.DEFAULT,
                Duration.ofSeconds(25),
                Duration.ofSeconds(2),
                false));
    TestCache.await(
        node + " reaches the cache", () -> metric(server, "spike_cache_reachable") == 1);
    return server;
  }

  static long metric(Server server, String name) throws Exception {
    for (String line : http(server, "GET", "/metrics", "", "").body().lines().toList()) {
      if (line.startsWith(name + " ")) {
        return Long.parseLong(line.substring(name.length() + 1));
      }
    }
    throw new AssertionError("there is no metric " + name);
  }

  static HttpResponse<String> http(
      Server server, String method, String path, String bearer, String body) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.adminPort() + path))
              .timeout(Duration.ofSeconds(15))
              .header("Authorization", "Bearer " + bearer)
              .method(method, HttpRequest.BodyPublishers.ofString(body))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  TestClient connect(Server to) {
    return new TestClient(loops, tls, to.servicePort(), HOST);
  }

  static ObjectNode type(String type) {
    return Json.object().put("type", type);
  }

  /** A hello that names the channel, with the position of an earlier message where given. */
  static ObjectNode hello(String channel, String session, JsonNode position) {
    ObjectNode hello = type("hello");
    if (session != null) {
      hello.put("session", session);
    }
    ObjectNode asked = hello.putObject("channels").putObject(channel);
    if (position != null) {
      asked.set("epoch", position.get("epoch"));
      asked.set("offset", position.get("offset"));
    }
    return hello;
  }

  /** A token of this subject, good for ten minutes. */
  static String token(String subject, String pattern) {
    return FLEET.issue(
        new Grant(subject, List.of(pattern)), System.currentTimeMillis() / 1000 + 600);
  }

  /** A client that may publish to {@code test/*}. */
  TestClient publisher(Server at, String subject) throws Exception {
    TestClient client = connect(at).send(type("hello").put("token", token(subject, "test/*")));
    client.take("welcome");
    return client;
  }

  /** Message {@code number} for a channel, with an id of its own. */
  static ObjectNode numbered(String to, int number) {
    ObjectNode message = type("publish").put("channel", to).put("id", to + number);
    message.putObject("data").put("n", number);
    return message;
  }

  /** Takes messages with these numbers, in this order; answers the last. */
  static JsonNode takeNumbers(TestClient client, int from, int to) throws Exception {
    JsonNode message = null;
    for (int n = from; n < to; n++) {
      message = client.take("message");
      assertThat(message.at("/data/n").asInt()).isEqualTo(n);
    }
    return message;
  }
}

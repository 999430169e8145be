package dev.spike.node.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.cache.ChannelStore;
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
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes, one real Redis Cluster, and clients that move between them. */
class ResumeTest {
  private static final String HOST = "live.example.test";
  private static final String SECRET = "fleet-secret-of-this-test";
  private static final FleetSecret FLEET = new FleetSecret(SECRET);

  @TempDir static Path directory;
  private static TestCache cache;
  private static TlsClient tls;
  private static ClientLoops loops;
  private static Server first;
  private static Server second;

  private final String channel = "test/" + UUID.randomUUID();

  @BeforeAll
  static void up() throws Exception {
    Files.writeString(directory.resolve("fleet"), SECRET);
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
    cache = new TestCache(Files.createDirectory(directory.resolve("cache")));
    tls = BoringSsl.client(directory.resolve("certificate"));
    loops = new ClientLoops(1);
    first = server("n-1");
    second = server("n-2");
  }

  @AfterAll
  static void down() throws Exception {
    for (AutoCloseable open : new AutoCloseable[] {first, second, loops, tls, cache}) {
      if (open != null) {
        open.close();
      }
    }
  }

  private static Server server(String node) throws Exception {
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

  private static long metric(Server server, String name) throws Exception {
    for (String line : http(server, "GET", "/metrics", "", "").body().lines().toList()) {
      if (line.startsWith(name + " ")) {
        return Long.parseLong(line.substring(name.length() + 1));
      }
    }
    throw new AssertionError("there is no metric " + name);
  }

  private static HttpResponse<String> http(
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

  private static TestClient connect(Server to) {
    return new TestClient(loops, tls, to.servicePort(), HOST);
  }

  private static ObjectNode type(String type) {
    return Json.object().put("type", type);
  }

  /** A hello that names the channel, with the position of an earlier message where given. */
  private ObjectNode hello(String session, JsonNode position) {
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

  private static String token(String pattern) {
    return FLEET.issue(
        new Grant("test", List.of(pattern)), System.currentTimeMillis() / 1000 + 600);
  }

  private TestClient publisher(Server at) throws Exception {
    TestClient client = connect(at).send(type("hello").put("token", token("test/*")));
    client.take("welcome");
    return client;
  }

  private ObjectNode publish(String to, int number) {
    ObjectNode message = type("publish").put("channel", to).put("id", to + number);
    message.putObject("data").put("n", number);
    return message;
  }

  private void publish(TestClient publisher, int from, int to) throws Exception {
    for (int n = from; n < to; n++) {
      publisher.send(publish(channel, n));
    }
    for (int n = from; n < to; n++) {
      publisher.take("published");
    }
  }

  /** Takes messages with these numbers, in this order; answers the last. */
  private static JsonNode takeNumbers(TestClient client, int from, int to) throws Exception {
    JsonNode message = null;
    for (int n = from; n < to; n++) {
      message = client.take("message");
      assertThat(message.at("/data/n").asInt()).isEqualTo(n);
    }
    return message;
  }

  @Test
  void everyMissedMessageComesOnceAndInOrderOnTheOtherNode() throws Exception {
    TestClient publisher = publisher(second);
    TestClient client = connect(first).send(hello(null, null));
    JsonNode welcome = client.take("welcome");
    assertThat(welcome.path("node").asText()).isEqualTo("n-1");
    assertThat(client.take("subscribed").path("recovered").asBoolean()).isFalse();
    publish(publisher, 0, 3);
    JsonNode last = takeNumbers(client, 0, 3);
    client.cut();
    publish(publisher, 3, 303);

    TestClient back = connect(second).send(hello(welcome.path("session").asText(), last));
    JsonNode again = back.take("welcome");
    assertThat(again.path("resumed").asBoolean()).isTrue();
    assertThat(again.path("node").asText()).isEqualTo("n-2");
    JsonNode subscribed = back.take("subscribed");
    assertThat(subscribed.path("recovered").asBoolean()).isTrue();
    assertThat(subscribed.path("offset")).isEqualTo(last.path("offset"));
    takeNumbers(back, 3, 303);
    publish(publisher, 303, 306);
    takeNumbers(back, 303, 306);
    assertThat(back.untaken()).isZero();
  }

  @Test
  void aSessionRemembersWhatItAcknowledged() throws Exception {
    TestClient publisher = publisher(first);
    TestClient client = connect(first).send(hello(null, null));
    String session = client.take("welcome").path("session").asText();
    client.take("subscribed");
    publish(publisher, 0, 4);
    takeNumbers(client, 0, 1);
    JsonNode acknowledged = client.take("message");
    client.send(
        type("ack").put("channel", channel).put("offset", acknowledged.path("offset").asLong()));
    // Positions are written about once a second.
    Thread.sleep(1500);
    client.cut();

    TestClient back = connect(second).send(type("hello").put("session", session));
    assertThat(back.take("welcome").path("resumed").asBoolean()).isTrue();
    assertThat(back.take("subscribed").path("recovered").asBoolean()).isTrue();
    takeNumbers(back, 2, 4);
  }

  @Test
  void aRecoveryThatWouldHaveAHoleIsRefusedWhole() throws Exception {
    TestClient publisher = publisher(first);
    TestClient client = connect(first).send(hello(null, null));
    String session = client.take("welcome").path("session").asText();
    client.take("subscribed");
    publish(publisher, 0, 1);
    JsonNode last = takeNumbers(client, 0, 1);
    client.cut();
    // One more than the channel keeps: the first that was missed is trimmed away.
    int end = 1 + ChannelStore.ENTRIES_KEPT + 1;
    publish(publisher, 1, end);

    TestClient back = connect(second).send(hello(session, last));
    assertThat(back.take("welcome").path("resumed").asBoolean()).isTrue();
    JsonNode subscribed = back.take("subscribed");
    assertThat(subscribed.path("recovered").asBoolean()).isFalse();
    assertThat(subscribed.path("offset").asLong()).isEqualTo(end);
    publish(publisher, end, end + 1);
    takeNumbers(back, end, end + 1);
    assertThat(metric(second, "spike_recoveries_refused_total")).isPositive();
  }

  @Test
  void exactlyWhatTheChannelKeepsIsStillRecovered() throws Exception {
    TestClient publisher = publisher(first);
    TestClient client = connect(first).send(hello(null, null));
    String session = client.take("welcome").path("session").asText();
    client.take("subscribed");
    publish(publisher, 0, 1);
    JsonNode last = takeNumbers(client, 0, 1);
    client.cut();
    int end = 1 + ChannelStore.ENTRIES_KEPT;
    publish(publisher, 1, end);

    TestClient back = connect(second).send(hello(session, last));
    back.take("welcome");
    assertThat(back.take("subscribed").path("recovered").asBoolean()).isTrue();
    takeNumbers(back, 1, end);
  }

  @Test
  void anEpochOfAnotherTimeIsRefused() throws Exception {
    publish(publisher(first), 0, 5);
    ObjectNode position = Json.object().put("epoch", "000000000000").put("offset", 2);
    TestClient client = connect(first).send(hello(null, position));
    client.take("welcome");
    JsonNode subscribed = client.take("subscribed");
    assertThat(subscribed.path("recovered").asBoolean()).isFalse();
    assertThat(subscribed.path("offset").asLong()).isEqualTo(5);
  }

  @Test
  void whoResumesFencesTheConnectionBefore() throws Exception {
    // Without a channel nothing is written for the session, so only the fence itself can end it.
    TestClient old = connect(first).send(type("hello"));
    String session = old.take("welcome").path("session").asText();
    ObjectNode resume = type("hello").put("session", session);
    TestClient elsewhere = connect(second).send(resume);
    assertThat(elsewhere.take("welcome").path("resumed").asBoolean()).isTrue();
    assertThat(old.end()).startsWith("closed with 4001");

    TestClient sameNode = connect(second).send(resume);
    assertThat(sameNode.take("welcome").path("resumed").asBoolean()).isTrue();
    assertThat(elsewhere.end()).startsWith("closed with 4001");
  }

  @Test
  void aForgedSessionIsRefusedAndLeavesTheRealOneAlone() throws Exception {
    TestClient real = connect(first).send(hello(null, null));
    String session = real.take("welcome").path("session").asText();
    real.take("subscribed");
    String id = session.substring(0, session.indexOf('.'));
    for (String forged : new String[] {id + "." + "A".repeat(22), id, "../../etc/passwd", ""}) {
      TestClient thief = connect(second).send(hello(forged, null));
      assertThat(thief.take("error").path("code").asText()).isEqualTo("session-refused");
      assertThat(thief.end()).startsWith("closed with 4003");
    }
    publish(publisher(second), 0, 1);
    takeNumbers(real, 0, 1);

    // Well formed but never issued: a fresh session, and not under the name that was asked for.
    String invented = "B".repeat(22) + "." + "A".repeat(22);
    JsonNode fresh = connect(second).send(hello(invented, null)).take("welcome");
    assertThat(fresh.path("resumed").asBoolean()).isFalse();
    assertThat(fresh.path("session").asText()).isNotEqualTo(invented);
  }

  @Test
  void withoutTheRightNothingIsPublished() throws Exception {
    TestClient listener = connect(first).send(hello(null, null));
    listener.take("welcome");
    listener.take("subscribed");

    TestClient anonymous = connect(first).send(type("hello"));
    anonymous.take("welcome");
    TestClient other = connect(second).send(type("hello").put("token", token("other/*")));
    other.take("welcome");
    for (TestClient client : List.of(anonymous, other)) {
      JsonNode refusal = client.send(publish(channel, 7)).take("error");
      assertThat(refusal.path("code").asText()).isEqualTo("publish-refused");
      assertThat(refusal.path("id").asText()).isEqualTo(channel + 7);
    }
    String altered = token("test/*").replaceFirst("\\..*", "." + "A".repeat(43));
    TestClient forger = connect(first).send(type("hello").put("token", altered));
    assertThat(forger.take("error").path("code").asText()).isEqualTo("token-refused");
    assertThat(forger.end()).startsWith("closed with 4004");

    // The first message that the channel takes is the first that anybody has heard.
    publish(publisher(first), 0, 1);
    assertThat(takeNumbers(listener, 0, 1).path("offset").asLong()).isEqualTo(1);
  }

  @Test
  void theAdminPortPublishesForWhoHasItsToken() throws Exception {
    TestClient listener = connect(first).send(hello(null, null));
    listener.take("welcome");
    listener.take("subscribed");
    String admin = FLEET.adminToken();
    String body = "{\"channel\":\"" + channel + "\",\"data\":{\"n\":0},\"id\":\"x\"}";
    assertThat(http(second, "POST", "/v1/publish", "wrong", body).statusCode()).isEqualTo(401);
    for (String wrong : new String[] {"", "[", "{}", "{\"channel\":\"a b\",\"data\":1}"}) {
      assertThat(http(second, "POST", "/v1/publish", admin, wrong).statusCode())
          .as(wrong)
          .isEqualTo(400);
    }
    HttpResponse<String> taken = http(second, "POST", "/v1/publish", admin, body);
    assertThat(taken.statusCode()).as(taken.body()).isEqualTo(200);
    assertThat(Json.parse(taken.body().getBytes()).path("offset").asLong()).isEqualTo(1);
    String repeated = body.replace("\"id\"", "\"retry\":true,\"id\"");
    assertThat(http(second, "POST", "/v1/publish", admin, repeated).body()).isEqualTo(taken.body());
    publish(publisher(first), 1, 2);
    assertThat(takeNumbers(listener, 0, 2).path("offset").asLong()).isEqualTo(2);
  }

  @Test
  void aCacheThatAnswersTooLateDoesNotTakeAMessageTwice() throws Exception {
    TestClient publisher = publisher(first);
    TestClient listener = connect(first).send(hello(null, null));
    listener.take("welcome");
    listener.take("subscribed");
    // Longer than a command may take, shorter than a publish is tried: the first try is still run.
    cache.tellPrimaries("client", "pause", "2500", "write");
    ObjectNode withoutId = publish(channel, 0);
    withoutId.remove("id");
    publisher.send(withoutId);
    assertThat(publisher.take("published").path("offset").asLong()).isEqualTo(1);
    publish(publisher, 1, 2);
    assertThat(takeNumbers(listener, 0, 2).path("offset").asLong()).isEqualTo(2);
  }

  @Test
  void aDrainSendsEveryClientAwayAndTakesNoNewOne() throws Exception {
    try (Server third = server("n-3")) {
      List<TestClient> clients = new ArrayList<>();
      List<String> sessions = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        TestClient client = connect(third).send(hello(null, null));
        sessions.add(client.take("welcome").path("session").asText());
        client.take("subscribed");
        clients.add(client);
      }
      third.drain();
      for (TestClient client : clients) {
        JsonNode goAway = client.take("goaway");
        assertThat(goAway.path("reason").asText()).isEqualTo("drain");
        assertThat(goAway.path("retryAfterMs").asLong(-1)).isBetween(0L, 1000L);
        assertThat(client.end()).startsWith("closed with 1012");
      }
      assertThat(metric(third, "spike_connections")).isZero();
      assertThat(http(third, "GET", "/readyz", "", "").statusCode()).isEqualTo(503);
      assertThat(connect(third).end()).contains("503");
      for (String session : sessions) {
        JsonNode welcome = connect(first).send(hello(session, null)).take("welcome");
        assertThat(welcome.path("resumed").asBoolean()).isTrue();
      }
    }
  }

  @Test
  void aKilledPrimaryLosesNoMessageAndCutsNoClient() throws Exception {
    int channels = 16;
    TestClient listener = connect(first).send(type("hello"));
    listener.take("welcome");
    for (int i = 0; i < channels; i++) {
      listener.send(type("subscribe").put("channel", channel + "/" + i));
      listener.take("subscribed");
    }
    TestClient publisher = publisher(second);
    int[] heard = new int[channels];
    for (int round = 0; round < 6; round++) {
      if (round == 2) {
        // What the primary has taken is on its replica before it dies.
        Thread.sleep(500);
        cache.killPrimary();
      }
      for (int i = 0; i < channels; i++) {
        publisher.send(publish(channel + "/" + i, round));
      }
      for (int i = 0; i < channels; i++) {
        publisher.take("published");
      }
    }
    for (int i = 0; i < 6 * channels; i++) {
      JsonNode message = listener.take("message");
      int which =
          Integer.parseInt(message.path("channel").asText().substring(channel.length() + 1));
      assertThat(message.at("/data/n").asInt()).as("channel %d", which).isEqualTo(heard[which]++);
    }
    assertThat(heard).containsOnly(6);
    assertThat(listener.untaken()).isZero();
  }
}

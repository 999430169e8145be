package dev.spike.node.serve;

import static dev.spike.node.serve.TestNodes.http;
import static dev.spike.node.serve.TestNodes.metric;
import static dev.spike.node.serve.TestNodes.numbered;
import static dev.spike.node.serve.TestNodes.takeNumbers;
import static dev.spike.node.serve.TestNodes.token;
import static dev.spike.node.serve.TestNodes.type;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.cache.ChannelStore;
import dev.spike.node.config.Json;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two nodes, one real Redis Cluster, and clients that move between them. */
class ResumeTest {
  @TempDir static Path directory;
  private static TestNodes nodes;
  private static Server first;
  private static Server second;

  private final String channel = "test/" + UUID.randomUUID();

  @BeforeAll
  static void up() throws Exception {
    nodes = new TestNodes(directory);
    first = nodes.first;
    second = nodes.second;
  }

  @AfterAll
  static void down() throws Exception {
    if (nodes != null) {
      nodes.close();
    }
  }

  private static TestClient connect(Server to) {
    return nodes.connect(to);
  }

  private ObjectNode hello(String session, JsonNode position) {
    return TestNodes.hello(channel, session, position);
  }

  private static TestClient publisher(Server at) throws Exception {
    return nodes.publisher(at, "test");
  }

  private void publish(TestClient publisher, int from, int to) throws Exception {
    // The first alone: it opens the node's connection to the cache, on which the others keep order.
    for (int n = from; n < to; n++) {
      publisher.send(numbered(channel, n));
      if (n == from) {
        publisher.take("published");
      }
    }
    for (int n = from + 1; n < to; n++) {
      publisher.take("published");
    }
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
    TestClient other = connect(second).send(type("hello").put("token", token("test", "other/*")));
    other.take("welcome");
    for (TestClient client : List.of(anonymous, other)) {
      JsonNode refusal = client.send(numbered(channel, 7)).take("error");
      assertThat(refusal.path("code").asText()).isEqualTo("publish-refused");
      assertThat(refusal.path("id").asText()).isEqualTo(channel + 7);
    }
    String altered = token("test", "test/*").replaceFirst("\\..*", "." + "A".repeat(43));
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
    String admin = TestNodes.FLEET.adminToken();
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
    nodes.cache.tellPrimaries("client", "pause", "2500", "write");
    ObjectNode withoutId = numbered(channel, 0);
    withoutId.remove("id");
    publisher.send(withoutId);
    assertThat(publisher.take("published").path("offset").asLong()).isEqualTo(1);
    publish(publisher, 1, 2);
    assertThat(takeNumbers(listener, 0, 2).path("offset").asLong()).isEqualTo(2);
  }

  @Test
  void aDrainSendsEveryClientAwayAndTakesNoNewOne() throws Exception {
    try (Server third = nodes.server("n-3")) {
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
  void aRepetitionIsToldFromAnotherPublishersMessageOfTheSameId() throws Exception {
    TestClient listener = connect(first).send(hello(null, null));
    listener.take("welcome");
    listener.take("subscribed");
    TestClient alice = nodes.publisher(first, "alice");
    TestClient bob = nodes.publisher(second, "bob");
    ObjectNode fromAlice = type("publish").put("channel", channel).put("id", "1");
    fromAlice.putObject("data").put("n", 0);
    ObjectNode fromBob = fromAlice.deepCopy().put("retry", true);
    fromBob.putObject("data").put("n", 1);

    long alices = alice.send(fromAlice).take("published").path("offset").asLong();
    long bobs = bob.send(fromBob).take("published").path("offset").asLong();
    // The admin port's id is its own, also where it is written as one of bob's would be kept.
    String body = "{\"channel\":\"%s\",\"data\":{\"n\":2},\"id\":\"s3:bob1\",\"retry\":true}";
    HttpResponse<String> admin =
        http(first, "POST", "/v1/publish", TestNodes.FLEET.adminToken(), body.formatted(channel));

    assertThat(alices).isEqualTo(1);
    assertThat(bobs).isEqualTo(2);
    assertThat(Json.parse(admin.body().getBytes()).path("offset").asLong()).isEqualTo(3);
    // Alice repeats hers through another connection to another node: it is known.
    TestClient again = nodes.publisher(second, "alice");
    assertThat(again.send(fromAlice.put("retry", true)).take("published").path("offset").asLong())
        .isEqualTo(alices);
    takeNumbers(listener, 0, 3);
    publish(again, 3, 4);
    takeNumbers(listener, 3, 4);
  }
}

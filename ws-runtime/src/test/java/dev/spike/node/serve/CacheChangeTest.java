package dev.spike.node.serve;

import static dev.spike.node.serve.TestNodes.hello;
import static dev.spike.node.serve.TestNodes.numbered;
import static dev.spike.node.serve.TestNodes.takeNumbers;
import static dev.spike.node.serve.TestNodes.type;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.spike.node.cache.Partitions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The cache changes under live sessions: a primary dies, a slot moves. Each test has its own. */
class CacheChangeTest {
  private static final int CHANNELS = 48;

  /** The goal is one second; several times that on a machine that builds other things too. */
  private static final Duration LISTENS_AGAIN_MAX = Duration.ofSeconds(4);

  @TempDir Path directory;
  private TestNodes nodes;

  private final String channel = "test/" + UUID.randomUUID();

  @BeforeEach
  void up() throws Exception {
    nodes = new TestNodes(directory);
  }

  @AfterEach
  void down() throws Exception {
    if (nodes != null) {
      nodes.close();
    }
  }

  private static int slot(String name) {
    return TestCache.slotOf(Partitions.tag(name));
  }

  private static String shardChannel(String name) {
    return "spike:c:" + Partitions.tag(name) + ":" + name;
  }

  /** What has come to one client from one channel, or is known to be missing. */
  private static final class Heard {
    int next;
    boolean gap;

    void take(JsonNode message) {
      if (message.path("type").asText().equals("gap")) {
        gap = true;
        return;
      }
      int number = message.at("/data/n").asInt();
      if (gap) {
        assertThat(number).isGreaterThanOrEqualTo(next);
      } else {
        assertThat(number).as("without a gap: %s", message).isEqualTo(next);
      }
      next = number + 1;
      gap = false;
    }
  }

  /** Publishes rounds to all channels until told to stop; answers how many rounds were taken. */
  private CompletableFuture<Integer> publishing(AtomicBoolean stop) throws Exception {
    TestClient publisher = nodes.publisher(nodes.second, "test");
    CompletableFuture<Integer> rounds = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              try {
                int round = 0;
                while (!stop.get()) {
                  for (int i = 0; i < CHANNELS; i++) {
                    publisher.send(numbered(channel + "/" + i, round));
                  }
                  for (int i = 0; i < CHANNELS; i++) {
                    publisher.take("published");
                  }
                  round++;
                }
                rounds.complete(round);
              } catch (Exception | AssertionError failed) {
                rounds.completeExceptionally(failed);
              }
            });
    return rounds;
  }

  @Test
  void sessionsListenAgainSoonAfterANewPrimaryIsKnownAndMissNothingUntold() throws Exception {
    TestClient listener = nodes.connect(nodes.first).send(type("hello"));
    listener.take("welcome");
    for (int i = 0; i < CHANNELS; i++) {
      listener.send(type("subscribe").put("channel", channel + "/" + i));
      listener.take("subscribed");
    }
    TestCache.Node primary = nodes.cache.primaryOf(slot(channel + "/0"));
    TestCache.Node replica = nodes.cache.replicaOf(primary);
    Set<String> ofThePrimary = new TreeSet<>();
    for (int i = 0; i < CHANNELS; i++) {
      if (nodes.cache.primaryOf(slot(channel + "/" + i)).equals(primary)) {
        ofThePrimary.add(shardChannel(channel + "/" + i));
      }
    }
    assertThat(TestCache.heardAt(primary)).containsAll(ofThePrimary);
    AtomicBoolean stop = new AtomicBoolean();
    CompletableFuture<Integer> published = publishing(stop);
    Thread.sleep(300);

    nodes.cache.kill(primary);
    TestCache.await(
        "the replica is known as the primary",
        () ->
            nodes.cache.findPrimary(slot(channel + "/0")).stream()
                .anyMatch(node -> node.port() == replica.port()));
    long known = System.nanoTime();
    TestCache.await(
        "its channels are heard at the new primary",
        () -> TestCache.heardAt(replica).containsAll(ofThePrimary));
    Duration took = Duration.ofNanos(System.nanoTime() - known);

    Thread.sleep(300);
    stop.set(true);
    int rounds = published.get();
    List<Heard> heard = new ArrayList<>();
    for (int i = 0; i < CHANNELS; i++) {
      heard.add(new Heard());
    }
    while (!heard.stream().allMatch(it -> it.next == rounds || it.gap)) {
      JsonNode message = listener.takeAny();
      String name = message.path("channel").asText();
      heard.get(Integer.parseInt(name.substring(channel.length() + 1))).take(message);
    }
    assertThat(took).as("from a known primary to listening").isLessThan(LISTENS_AGAIN_MAX);
    assertThat(rounds).isPositive();
  }

  @Test
  void whoHasSeenWhatADeadPrimaryTookAlongIsToldOfTheGap() throws Exception {
    TestClient publisher = nodes.publisher(nodes.second, "test");
    TestClient listener = nodes.connect(nodes.first).send(hello(channel, null, null));
    String session = listener.take("welcome").path("session").asText();
    listener.take("subscribed");
    publish(publisher, 0, 2);
    JsonNode replicated = takeNumbers(listener, 0, 2);
    TestCache.Node primary = nodes.cache.primaryOf(slot(channel));
    TestCache.Node replica = nodes.cache.replicaOf(primary);
    TestCache.tell(primary, "wait 1 5000", "1");
    // More than the sockets between them hold, so that what follows stays in the primary.
    nodes.cache.freeze(replica);
    TestCache.tell(
        primary,
        "eval \"redis.call('set', KEYS[1], string.rep('x', 67108864)) return 'filled'\" 1 %s"
            .formatted(Partitions.tag(channel)),
        "filled");
    publish(publisher, 2, 5);
    JsonNode seen = takeNumbers(listener, 2, 5);
    nodes.cache.kill(primary);
    nodes.cache.wake(replica);

    publish(publisher, 5, 6);

    JsonNode gap = listener.take("gap");
    assertThat(gap.path("offset").asLong()).isGreaterThan(seen.path("offset").asLong());
    publish(publisher, 6, 8);
    takeNumbers(listener, 6, 8);
    // Who has not seen them comes back without a hole; who has is refused.
    TestClient refused = nodes.connect(nodes.second).send(hello(channel, session, seen));
    assertThat(refused.take("welcome").path("resumed").asBoolean()).isTrue();
    assertThat(refused.take("subscribed").path("recovered").asBoolean()).isFalse();
    TestClient other = nodes.connect(nodes.first).send(hello(channel, null, replicated));
    other.take("welcome");
    assertThat(other.take("subscribed").path("recovered").asBoolean()).isTrue();
    takeNumbers(other, 5, 8);
  }

  @Test
  void aSlotThatMovesTakesItsSessionsAlong() throws Exception {
    TestClient publisher = nodes.publisher(nodes.second, "test");
    TestClient listener = nodes.connect(nodes.first).send(hello(channel, null, null));
    String session = listener.take("welcome").path("session").asText();
    listener.take("subscribed");
    publish(publisher, 0, 3);
    Set<Integer> slots = Set.of(slot(channel), slot(session.substring(0, session.indexOf('.'))));
    TestCache.Node from = nodes.cache.primaryOf(slot(channel));
    int published = 3;
    for (int slot : slots) {
      TestCache.Node source = nodes.cache.primaryOf(slot);
      TestCache.Node target = nodes.cache.another(source);
      String setSlot = "cluster setslot " + slot;
      TestCache.tell(target, setSlot + " importing " + source.id(), "OK");
      TestCache.tell(source, setSlot + " migrating " + target.id(), "OK");
      publish(publisher, published, published + 5);
      TestCache.moveKeys(slot, source, target);
      // Nobody listens at the new place yet: these are found in the stream.
      publish(publisher, published + 5, published + 10);
      TestCache.tell(target, setSlot + " node " + target.id(), "OK");
      TestCache.tell(source, setSlot + " node " + target.id(), "OK");
      publish(publisher, published + 10, published + 15);
      published += 15;
    }
    assertThat(nodes.cache.primaryOf(slot(channel)).id()).isNotEqualTo(from.id());

    JsonNode last = takeNumbers(listener, 0, published);
    TestCache.Node now = nodes.cache.primaryOf(slot(channel));
    TestCache.await(
        "the channel is heard at its new place",
        () -> TestCache.heardAt(now).contains(shardChannel(channel)));
    publish(publisher, published, published + 5);
    last = takeNumbers(listener, published, published + 5);
    assertThat(listener.untaken()).isZero();
    listener.cut();
    TestClient back = nodes.connect(nodes.second).send(hello(channel, session, last));
    assertThat(back.take("welcome").path("resumed").asBoolean()).isTrue();
    assertThat(back.take("subscribed").path("recovered").asBoolean()).isTrue();
    publish(publisher, published + 5, published + 6);
    takeNumbers(back, published + 5, published + 6);
  }

  /** One after the other: what is under way at once may be taken in another order. */
  private void publish(TestClient publisher, int from, int to) throws Exception {
    for (int n = from; n < to; n++) {
      publisher.send(numbered(channel, n));
      publisher.take("published");
    }
  }
}

package dev.spike.node.serve;

import static dev.spike.node.serve.TestNodes.hello;
import static dev.spike.node.serve.TestNodes.metric;
import static dev.spike.node.serve.TestNodes.takeNumbers;
import static dev.spike.node.serve.TestNodes.type;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.cache.ChannelStore;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that do not read what they asked for, beside one that does. */
class SlowConsumerTest {
  private static final int SLOW = 4;
  private static final int MESSAGES = 3 * ChannelStore.ENTRIES_KEPT;
  private static final String PADDING = "x".repeat(8_000);

  /** To keep all for the slow ones would take 90 MiB. */
  private static final long GROWTH_BYTES_MAX = 24L << 20;

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

  private static long directBytes() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }

  private void publish(TestClient publisher, int number) throws Exception {
    ObjectNode message = type("publish").put("channel", channel);
    message.putObject("data").put("n", number).put("padding", PADDING);
    publisher.send(message);
    publisher.take("published");
  }

  @Test
  void whoDoesNotReadIsNotKeptForAndHoldsNobodyUp() throws Exception {
    List<RawClient> slow = new ArrayList<>();
    try {
      for (int i = 0; i < SLOW; i++) {
        RawClient client =
            new RawClient(
                directory.resolve("certificate"), nodes.first.servicePort(), TestNodes.HOST);
        slow.add(client);
        client.send(hello(channel, null, null));
        assertThat(client.next().path("type").asText()).isEqualTo("welcome");
        assertThat(client.next().path("type").asText()).isEqualTo("subscribed");
      }
      TestClient quick = nodes.connect(nodes.first).send(hello(channel, null, null));
      quick.take("welcome");
      quick.take("subscribed");
      TestClient publisher = nodes.publisher(nodes.second, "test");
      long before = directBytes();
      long most = 0;
      for (int n = 0; n < MESSAGES; n++) {
        publish(publisher, n);
        takeNumbers(quick, n, n + 1);
        most = Math.max(most, directBytes() - before);
      }
      assertThat(most).as("bytes that all connections hold").isLessThan(GROWTH_BYTES_MAX);
      assertThat(metric(nodes.first, "spike_connections")).isEqualTo(SLOW + 1);

      for (RawClient client : slow) {
        readsOnAfterAGap(client);
      }
      publish(publisher, MESSAGES);
      takeNumbers(quick, MESSAGES, MESSAGES + 1);
      for (RawClient client : slow) {
        assertThat(client.next().at("/data/n").asInt()).isEqualTo(MESSAGES);
      }
    } finally {
      for (RawClient client : slow) {
        client.close();
      }
    }
  }

  /** Reads to the channel's end: in order, with a gap in place of what the stream has dropped. */
  private static void readsOnAfterAGap(RawClient client) throws Exception {
    int next = 0;
    boolean gap = false;
    long offset = 0;
    while (offset < MESSAGES) {
      JsonNode message = client.next();
      offset = message.path("offset").asLong();
      if (message.path("type").asText().equals("gap")) {
        assertThat(gap).as("one gap").isFalse();
        gap = true;
        next = (int) offset;
      } else {
        assertThat(message.at("/data/n").asInt()).isEqualTo(next++);
      }
    }
    assertThat(gap).isTrue();
  }
}

package dev.spike.node.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.config.Endpoint;
import dev.spike.node.config.FleetSecret;
import dev.spike.node.config.FleetSecret.Grant;
import dev.spike.node.config.Json;
import dev.spike.node.tls.TlsClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Opens connections at a steady rate, holds them, and may publish to them all meanwhile. */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or timer shows as the channel's end
public final class Load {
  private static final long CONNECT_SECONDS_MAX = 15;
  private static final long DELIVERY_SECONDS_MAX = 15;
  private static final Duration PING_EVERY = Duration.ofSeconds(20);

  private final ClientLoops loops;
  private final TlsClient tls;
  private final Endpoint target;
  private final String host;
  private final @Nullable FleetSecret secret;

  private final Tally nodes = Tally.ofNodes();
  private final Tally failures = Tally.ofErrors();
  private final Histogram connectMicros = new ConcurrentHistogram(120_000_000L, 3);
  private final LongAdder received = new LongAdder();
  private final AtomicInteger open = new AtomicInteger();
  private final String channel = "load/" + UUID.randomUUID();

  /** Loads {@code target}; {@code secret} is needed to publish. */
  public Load(
      ClientLoops loops,
      TlsClient tls,
      Endpoint target,
      String host,
      @Nullable FleetSecret secret) {
    this.loops = loops;
    this.tls = tls;
    this.target = target;
    this.host = host;
    this.secret = secret;
  }

  /** Runs once; the answer is the command's JSON. */
  public ObjectNode run(int connections, int rate, Duration hold, int messages)
      throws InterruptedException {
    long started = System.nanoTime();
    CountDownLatch settled = new CountDownLatch(connections);
    ConcurrentLinkedQueue<Held> all = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < connections; i++) {
      long due = started + (long) (i * 1e9 / rate);
      long wait = due - System.nanoTime();
      if (wait > 0) {
        TimeUnit.NANOSECONDS.sleep(wait);
      }
      Held held = new Held(settled, messages > 0);
      all.add(held);
      held.start();
    }
    settled.await();
    int connected = nodes.total();
    long expected = 0;
    long holdEnds = System.nanoTime() + hold.toNanos();
    if (messages > 0 && secret != null && connected > 0) {
      expected = (long) connected * publish(secret, messages, hold);
      awaitDelivery(expected);
    }
    long left = holdEnds - System.nanoTime();
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
    int heldToEnd = open.get();
    all.forEach(Held::finish);
    ObjectNode answer = Json.object().put("attempted", connections).put("connected", connected);
    answer.set("failed", failures.errors());
    answer.set("nodes", nodes.byName());
    return answer
        .put("connectP50Millis", connectMicros.getValueAtPercentile(50) / 1000.0)
        .put("connectP99Millis", connectMicros.getValueAtPercentile(99) / 1000.0)
        .put("messagesExpected", expected)
        .put("messagesReceived", received.sum())
        .put("heldToEnd", heldToEnd)
        .put("seconds", Math.round((System.nanoTime() - started) / 1e6) / 1000.0);
  }

  /** Publishes over at most the hold time, from a connection of its own; how many were accepted. */
  private int publish(FleetSecret fleet, int messages, Duration hold) throws InterruptedException {
    String token =
        fleet.issue(
            new Grant("load", List.of("load/*")), System.currentTimeMillis() / 1000 + 86_400);
    try (Publisher publisher = new Publisher(loops, tls, target, host, token)) {
      long gapNanos = Math.min(hold.toNanos() / Math.max(1, messages), 100_000_000L);
      for (int i = 0; i < messages; i++) {
        publisher.publish(channel, "{\"n\":" + i + "}");
        TimeUnit.NANOSECONDS.sleep(gapNanos);
      }
      return publisher.awaitAccepted(Duration.ofSeconds(DELIVERY_SECONDS_MAX));
    }
  }

  private void awaitDelivery(long expected) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DELIVERY_SECONDS_MAX);
    while (received.sum() < expected && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
  }

  private final class Held implements WebSocketClient.Listener {
    private final CountDownLatch settled;
    private final boolean subscribes;
    private final AtomicBoolean decided = new AtomicBoolean();
    private final long startedNanos = System.nanoTime();
    private volatile @Nullable WebSocketClient socket;
    private volatile boolean finished;
    private String nodeName = "";
    private boolean counted;

    Held(CountDownLatch settled, boolean subscribes) {
      this.settled = settled;
      this.subscribes = subscribes;
    }

    void start() {
      WebSocketClient.connect(loops, tls, target, host, this);
      loops
          .group()
          .schedule(
              () -> {
                fail("no welcome within " + CONNECT_SECONDS_MAX + " s");
              },
              CONNECT_SECONDS_MAX,
              TimeUnit.SECONDS);
    }

    void finish() {
      finished = true;
      WebSocketClient current = socket;
      if (current != null) {
        current.close(1000, "");
      }
    }

    private void fail(String why) {
      if (decided.compareAndSet(false, true)) {
        failures.add(why);
        settled.countDown();
        WebSocketClient current = socket;
        if (current != null) {
          current.cut();
        }
      }
    }

    private void succeed() {
      if (decided.compareAndSet(false, true)) {
        connectMicros.recordValue(
            Math.min(120_000_000L, (System.nanoTime() - startedNanos) / 1000));
        nodes.add(nodeName);
        counted = true;
        open.incrementAndGet();
        settled.countDown();
      }
    }

    @Override
    public void opened(WebSocketClient opened) {
      socket = opened;
      if (subscribes) {
        opened.send("{\"type\":\"hello\",\"channels\":{\"" + channel + "\":{}}}");
      } else {
        opened.send("{\"type\":\"hello\"}");
      }
    }

    @Override
    public void message(WebSocketClient from, byte[] utf8) {
      JsonNode message;
      try {
        message = Json.parse(utf8);
      } catch (IOException malformed) {
        fail("the server sent what is not JSON");
        return;
      }
      switch (message.path("type").asText()) {
        case "welcome" -> {
          nodeName = message.path("node").asText();
          from.loop()
              .scheduleAtFixedRate(
                  () -> {
                    if (counted && !finished) {
                      from.send("{\"type\":\"ping\"}");
                    }
                  },
                  PING_EVERY.toMillis(),
                  PING_EVERY.toMillis(),
                  TimeUnit.MILLISECONDS);
          if (!subscribes) {
            succeed();
          }
        }
        case "subscribed" -> succeed();
        case "message" -> received.increment();
        case "error" -> fail("error " + message.path("code").asText());
        default -> {
          return;
        }
      }
    }

    @Override
    public void ended(String why) {
      fail(why);
      if (counted && !finished) {
        open.decrementAndGet();
        failures.add("lost while held: " + why);
      }
    }
  }
}

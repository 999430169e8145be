package dev.spike.node.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.config.Endpoint;
import dev.spike.node.config.FleetSecret;
import dev.spike.node.config.FleetSecret.Grant;
import dev.spike.node.config.Json;
import dev.spike.node.tls.TlsClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Live sessions that come back by themselves, and a publisher: what a failure costs them. */
@SuppressWarnings("FutureReturnValueIgnored") // timers of a session end with the process
public final class Drill {
  private static final long SILENCE_NANOS_MAX = TimeUnit.SECONDS.toNanos(2);
  private static final long CONNECT_NANOS_MAX = TimeUnit.SECONDS.toNanos(3);
  private static final long JITTER_MILLIS = 300;
  private static final long BACKOFF_MILLIS_MAX = 2000;
  private static final int QUIET_SECONDS = 5;

  private final ClientLoops loops;
  private final TlsClient tls;
  private final Endpoint target;
  private final String host;
  private final FleetSecret secret;
  private final AtomicInteger cut = new AtomicInteger();
  private final AtomicInteger resumed = new AtomicInteger();
  private final AtomicInteger fresh = new AtomicInteger();
  private final Histogram resumeMicros = new ConcurrentHistogram(600_000_000L, 3);
  private final Tally nodes = new Tally();
  private volatile boolean over;

  /** Drills through {@code target}. */
  public Drill(ClientLoops loops, TlsClient tls, Endpoint target, String host, FleetSecret secret) {
    this.loops = loops;
    this.tls = tls;
    this.target = target;
    this.host = host;
    this.secret = secret;
  }

  /** Runs for {@code seconds}; the publisher stops five seconds before the end. */
  public ObjectNode run(int sessions, int rate, int seconds, int channelCount)
      throws InterruptedException {
    String prefix = "drill/" + UUID.randomUUID() + "/";
    List<String> channels = new ArrayList<>();
    for (int i = 0; i < channelCount; i++) {
      channels.add(prefix + i);
    }
    List<Session> all = new ArrayList<>();
    for (int i = 0; i < sessions; i++) {
      Session session = new Session(channels);
      all.add(session);
      session.client.connect(target);
      if (i % 20 == 19) {
        Thread.sleep(20);
      }
    }
    long started = System.nanoTime();
    while (!all.stream().allMatch(session -> session.client.isSettled())
        && System.nanoTime() - started < TimeUnit.SECONDS.toNanos(20)) {
      Thread.sleep(20);
    }
    int[] published = new int[channelCount];
    String token =
        secret.issue(
            new Grant("drill", List.of("drill/*")),
            System.currentTimeMillis() / 1000 + seconds + 600);
    int accepted;
    long begin = System.nanoTime();
    try (Publisher publisher = new Publisher(loops, tls, target, host, token)) {
      long total = (long) rate * Math.max(1, seconds - QUIET_SECONDS);
      for (long i = 0; i < total; i++) {
        long wait = begin + (long) (i * 1e9 / rate) - System.nanoTime();
        if (wait > 0) {
          TimeUnit.NANOSECONDS.sleep(wait);
        }
        int c = (int) (i % channelCount);
        if (publisher.publish(channels.get(c), "{\"n\":" + published[c] + "}")) {
          published[c]++;
        }
      }
      accepted = publisher.awaitAccepted(Duration.ofSeconds(QUIET_SECONDS));
    }
    long rest = begin + TimeUnit.SECONDS.toNanos(seconds) - System.nanoTime();
    if (rest > 0) {
      TimeUnit.NANOSECONDS.sleep(rest);
    }
    over = true;
    return report(all, channels, published, accepted);
  }

  private ObjectNode report(
      List<Session> all, List<String> channels, int[] published, int accepted) {
    long lost = 0;
    long repeated = 0;
    long refused = 0;
    for (Session session : all) {
      for (int c = 0; c < published.length; c++) {
        lost += Math.max(0, published[c] - session.client.received(channels.get(c)));
      }
      repeated += session.client.repeated();
      refused += session.client.refusedRecoveries();
      nodes.add(session.client.isSettled() ? session.client.node() : "disconnected");
      session.client.cut();
    }
    ObjectNode answer =
        Json.object()
            .put("sessions", all.size())
            .put("cut", cut.get())
            .put("resumed", resumed.get())
            .put("fresh", fresh.get())
            .put("lost", lost)
            .put("repeated", repeated)
            .put("resumeP50Millis", resumeMicros.getValueAtPercentile(50) / 1000.0)
            .put("resumeP99Millis", resumeMicros.getValueAtPercentile(99) / 1000.0)
            .put("resumeMaxMillis", resumeMicros.getMaxValue() / 1000.0)
            .put("published", accepted)
            .put("refusedRecoveries", refused);
    answer.set("nodes", nodes.byName());
    return answer;
  }

  private final class Session implements SessionClient.Watcher {
    private final SessionClient client;
    private long goneNanos;
    private boolean wasSettled;
    private long backoffMillis;

    Session(List<String> channels) {
      client = new SessionClient(loops, tls, host, channels, this);
      long offset = ThreadLocalRandom.current().nextLong(500);
      loops.group().scheduleAtFixedRate(this::watch, 500 + offset, 500, TimeUnit.MILLISECONDS);
    }

    private void watch() {
      if (over) {
        return;
      }
      long patience = client.isSettled() ? SILENCE_NANOS_MAX : CONNECT_NANOS_MAX;
      if (client.silentNanos() > patience && goneNanos == 0) {
        client.cut();
        gone("silent");
      } else {
        client.ping();
      }
    }

    @Override
    public synchronized void settled(boolean sessionResumed, boolean whole, String node) {
      backoffMillis = 0;
      if (wasSettled) {
        (sessionResumed ? resumed : fresh).incrementAndGet();
        resumeMicros.recordValue(Math.min(600_000_000L, (System.nanoTime() - cutNanos) / 1000));
      }
      wasSettled = true;
      cutNanos = 0;
      goneNanos = 0;
    }

    private long cutNanos;

    @Override
    public synchronized void gone(String why) {
      if (over || goneNanos != 0) {
        return;
      }
      goneNanos = System.nanoTime();
      if (wasSettled && cutNanos == 0) {
        cutNanos = goneNanos;
        cut.incrementAndGet();
      }
      backoffMillis = Math.min(BACKOFF_MILLIS_MAX, Math.max(JITTER_MILLIS, backoffMillis * 2));
      loops
          .group()
          .schedule(
              () -> {
                if (!over) {
                  again();
                }
              },
              ThreadLocalRandom.current().nextLong(backoffMillis),
              TimeUnit.MILLISECONDS);
    }

    private void again() {
      synchronized (this) {
        goneNanos = 0;
      }
      client.connect(target);
    }
  }
}

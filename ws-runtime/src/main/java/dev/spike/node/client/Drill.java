package dev.spike.node.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.config.Endpoint;
import dev.spike.node.config.Failure;
import dev.spike.node.config.FleetSecret;
import dev.spike.node.config.FleetSecret.Grant;
import dev.spike.node.config.Json;
import dev.spike.node.tls.TlsClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Sessions that stay while somebody breaks the tier: a publisher sends numbered messages all the
 * time, and at the end every session is asked for each number that its channel took.
 */
public final class Drill {
  private static final Duration CONNECT_TIME = Duration.ofSeconds(30);
  private static final Duration ACCEPT_TIME = Duration.ofSeconds(15);
  private static final Duration DELIVERY_TIME = Duration.ofSeconds(15);
  private static final Duration QUIET_END = Duration.ofSeconds(5);
  private static final long PUBLISH_EVERY_MILLIS = 50;

  private final ClientLoops loops;
  private final TlsClient tls;
  private final Endpoint target;
  private final String host;
  private final FleetSecret secret;

  public Drill(ClientLoops loops, TlsClient tls, Endpoint target, String host, FleetSecret secret) {
    this.loops = loops;
    this.tls = tls;
    this.target = target;
    this.host = host;
    this.secret = secret;
  }

  /**
   * Runs once.
   *
   * @throws Failure when the sessions did not all come up, so that nothing was drilled
   */
  public ObjectNode run(int sessions, int rate, Duration length, int channels)
      throws Failure, InterruptedException {
    String prefix = "drill/" + UUID.randomUUID() + "/";
    List<SessionClient> clients = connect(sessions, rate, channels, prefix);
    int[] published = new int[channels];
    String token =
        secret.issue(
            new Grant("drill", List.of("drill/*")), System.currentTimeMillis() / 1000 + 3600);
    int unconfirmed;
    try (Publisher publisher = new Publisher(loops, tls, target, host, token)) {
      long until = System.nanoTime() + length.minus(QUIET_END).toNanos();
      while (System.nanoTime() < until) {
        for (int channel = 0; channel < channels; channel++) {
          if (publisher.publish(prefix + channel, "{\"n\":" + published[channel] + "}")) {
            published[channel]++;
          }
        }
        Thread.sleep(PUBLISH_EVERY_MILLIS);
      }
      publisher.awaitAccepted(ACCEPT_TIME);
      unconfirmed = publisher.unconfirmed().size();
    }
    awaitDelivery(clients, published, channels);
    ObjectNode answer = report(clients, published, channels);
    clients.forEach(SessionClient::stop);
    return answer.put("unconfirmed", unconfirmed);
  }

  private List<SessionClient> connect(int sessions, int rate, int channels, String prefix)
      throws Failure, InterruptedException {
    List<SessionClient> clients = new ArrayList<>();
    long from = System.nanoTime();
    for (int i = 0; i < sessions; i++) {
      long wait = from + (long) (i * 1e9 / rate) - System.nanoTime();
      if (wait > 0) {
        TimeUnit.NANOSECONDS.sleep(wait);
      }
      SessionClient client = new SessionClient(loops, tls, target, host, prefix + i % channels);
      clients.add(client);
      client.start();
    }
    long until = System.nanoTime() + CONNECT_TIME.toNanos();
    while (!clients.stream().allMatch(SessionClient::isUp)) {
      if (System.nanoTime() > until) {
        long up = clients.stream().filter(SessionClient::isUp).count();
        clients.forEach(SessionClient::stop);
        throw new Failure(
            Failure.UNAVAILABLE,
            "only " + up + " of " + sessions + " sessions came up",
            "run spike warm --verify and mend what it names");
      }
      Thread.sleep(20);
    }
    return clients;
  }

  private static void awaitDelivery(List<SessionClient> clients, int[] published, int channels)
      throws InterruptedException {
    long until = System.nanoTime() + DELIVERY_TIME.toNanos();
    while (System.nanoTime() < until) {
      boolean all = true;
      for (int i = 0; i < clients.size() && all; i++) {
        int count = published[i % channels];
        all = clients.get(i).isUp() && clients.get(i).received(count) == count;
      }
      if (all) {
        return;
      }
      Thread.sleep(50);
    }
  }

  private static ObjectNode report(List<SessionClient> clients, int[] published, int channels) {
    Histogram micros = new Histogram(300_000_000L, 3);
    Tally nodes = Tally.ofNodes();
    int cut = 0;
    int resumed = 0;
    int fresh = 0;
    int refused = 0;
    long lost = 0;
    long repeated = 0;
    for (int i = 0; i < clients.size(); i++) {
      SessionClient client = clients.get(i);
      int count = published[i % channels];
      lost += count - client.received(count);
      repeated += client.repeated();
      fresh += client.fresh();
      refused += client.refusedRecoveries();
      nodes.add(client.node());
      if (client.cuts() > 0) {
        cut++;
        if (client.isResumed()) {
          resumed++;
          micros.recordValue(Math.min(300_000_000L, Math.max(0, client.resumeNanosMax() / 1000)));
        }
      }
    }
    long total = 0;
    for (int count : published) {
      total += count;
    }
    ObjectNode answer =
        Json.object()
            .put("sessions", clients.size())
            .put("cut", cut)
            .put("resumed", resumed)
            .put("fresh", fresh)
            .put("lost", lost)
            .put("repeated", repeated)
            .put("resumeP50Millis", micros.getValueAtPercentile(50) / 1000.0)
            .put("resumeP99Millis", micros.getValueAtPercentile(99) / 1000.0)
            .put("resumeMaxMillis", micros.getMaxValue() / 1000.0)
            .put("published", total)
            .put("refusedRecoveries", refused);
    answer.set("nodes", nodes.byName());
    return answer;
  }
}

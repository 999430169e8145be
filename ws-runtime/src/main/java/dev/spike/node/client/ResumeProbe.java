package dev.spike.node.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.config.Endpoint;
import dev.spike.node.config.Failure;
import dev.spike.node.config.FleetSecret;
import dev.spike.node.config.FleetSecret.Grant;
import dev.spike.node.config.Json;
import dev.spike.node.tls.TlsClient;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Cuts its own session on one node and resumes it on another, with messages all the while. */
public final class ResumeProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ClientLoops loops;
  private final TlsClient tls;
  private final String host;
  private final FleetSecret secret;

  public ResumeProbe(ClientLoops loops, TlsClient tls, String host, FleetSecret secret) {
    this.loops = loops;
    this.tls = tls;
    this.host = host;
    this.secret = secret;
  }

  /**
   * Runs once.
   *
   * @throws Failure when a node does not serve, so that nothing was probed
   */
  public ObjectNode run(Endpoint from, Endpoint to, int messages)
      throws Failure, InterruptedException {
    String channel = "probe/" + UUID.randomUUID();
    String token =
        secret.issue(
            new Grant("probe", java.util.List.of("probe/*")),
            System.currentTimeMillis() / 1000 + 600);
    SessionClient client = new SessionClient(loops, tls, from, host, channel);
    client.start();
    if (!await(client::isUp)) {
      client.stop();
      throw new Failure(
          Failure.UNAVAILABLE,
          "no session could be opened at " + from + " within " + PATIENCE.toSeconds() + " s",
          "run spike status: it says whether the node is ready");
    }
    try (Publisher publisher = new Publisher(loops, tls, to, host, token)) {
      int half = messages / 2;
      publish(publisher, channel, 0, half);
      publisher.awaitAccepted(PATIENCE);
      await(() -> client.received(half) == half);
      String fromNode = client.node();
      client.cutAndStayAway();
      publish(publisher, channel, half, messages);
      int accepted = publisher.awaitAccepted(PATIENCE);
      client.returnTo(to);
      boolean up = await(client::isUp);
      await(() -> client.received(messages) == accepted);
      int received = client.received(messages);
      ObjectNode answer =
          Json.object()
              .put("fromNode", fromNode)
              .put("toNode", client.node())
              .put("resumed", up && client.fresh() == 0)
              .put("recovered", up && client.refusedRecoveries() == 0)
              .put("expected", messages)
              .put("received", received)
              .put("lost", accepted - received)
              .put("repeated", client.repeated())
              .put("resumeMillis", Math.round(client.resumeNanosMax() / 1e5) / 10.0);
      client.stop();
      return answer;
    }
  }

  private static void publish(Publisher publisher, String channel, int from, int to) {
    for (int n = from; n < to; n++) {
      publisher.publish(channel, "{\"n\":" + n + "}");
    }
  }

  private static boolean await(BooleanSupplier condition) throws InterruptedException {
    long until = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        return false;
      }
      Thread.sleep(5);
    }
    return true;
  }
}

package dev.spike.node.client;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.config.Endpoint;
import dev.spike.node.config.Failure;
import dev.spike.node.config.FleetSecret;
import dev.spike.node.config.FleetSecret.Grant;
import dev.spike.node.config.Json;
import dev.spike.node.tls.TlsClient;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/** Cuts its own session on one node and resumes it on another, counting every message. */
public final class ResumeProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final ClientLoops loops;
  private final TlsClient tls;
  private final String host;
  private final FleetSecret secret;

  /** Probes nodes whose certificate carries {@code host}. */
  public ResumeProbe(ClientLoops loops, TlsClient tls, String host, FleetSecret secret) {
    this.loops = loops;
    this.tls = tls;
    this.host = host;
    this.secret = secret;
  }

  /** Runs once; the answer is the command's JSON. */
  public ObjectNode run(Endpoint from, Endpoint to, int messages)
      throws InterruptedException, Failure {
    String channel = "probe/" + UUID.randomUUID();
    Settled settled = new Settled();
    SessionClient client = new SessionClient(loops, tls, host, List.of(channel), settled);
    String token =
        secret.issue(
            new Grant("probe", List.of("probe/*")), System.currentTimeMillis() / 1000 + 600);
    try (Publisher publisher = new Publisher(loops, tls, to, host, token)) {
      client.connect(from);
      await(client::isSettled, "the session was not opened on " + from);
      String fromNode = client.node();
      int half = messages / 2;
      publish(publisher, channel, 0, half);
      await(() -> client.received(channel) >= half, "the first half did not arrive on " + from);
      client.cut();
      publish(publisher, channel, half, messages);
      long resumeStarted = System.nanoTime();
      client.connect(to);
      await(client::isSettled, "the session was not resumed on " + to);
      double resumeMillis = (System.nanoTime() - resumeStarted) / 1e6;
      long deadline = System.nanoTime() + Duration.ofSeconds(5).toNanos();
      while (client.received(channel) < messages && System.nanoTime() < deadline) {
        Thread.sleep(5);
      }
      Thread.sleep(100);
      int received = client.received(channel);
      client.cut();
      return Json.object()
          .put("fromNode", fromNode)
          .put("toNode", client.node())
          .put("resumed", settled.resumed)
          .put("recovered", settled.recovered)
          .put("expected", messages)
          .put("received", received)
          .put("lost", messages - received)
          .put("repeated", client.repeated())
          .put("resumeMillis", Math.round(resumeMillis * 100) / 100.0);
    }
  }

  private static void publish(Publisher publisher, String channel, int first, int end)
      throws InterruptedException, Failure {
    for (int n = first; n < end; n++) {
      publisher.publish(channel, "{\"n\":" + n + "}");
    }
    if (publisher.awaitAccepted(PATIENCE) < end) {
      throw new Failure(
          Failure.FAILED,
          "only part of the probe's messages was acknowledged",
          "check the cache and the fleet secret, then probe again");
    }
  }

  private static void await(BooleanSupplier condition, String otherwise)
      throws InterruptedException, Failure {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new Failure(
            Failure.FAILED, otherwise, "check that the node is ready: spike-node status");
      }
      Thread.sleep(1);
    }
  }

  private static final class Settled implements SessionClient.Watcher {
    volatile boolean resumed;
    volatile boolean recovered;

    @Override
    public void settled(boolean sessionResumed, boolean whole, String node) {
      resumed = sessionResumed;
      recovered = whole;
    }

    @Override
    public void gone(String why) {
      dev.spike.node.config.Log.warn("the probe's connection ended: " + why);
    }
  }
}

package dev.spike.node.serve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.cache.ChannelStore;
import dev.spike.node.config.Json;
import dev.spike.node.config.Limits;
import dev.spike.node.config.Log;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/** What the admin port can say and do. */
final class AdminActions {
  /** Version of the bundle, reported by status. */
  static final String VERSION = "0.1.0";

  private final NodeContext node;
  private final SelfWarm selfWarm;
  private final BooleanSupplier loadMapped;
  private final long startedNanos = System.nanoTime();

  AdminActions(NodeContext node, SelfWarm selfWarm, BooleanSupplier loadMapped) {
    this.node = node;
    this.selfWarm = selfWarm;
    this.loadMapped = loadMapped;
  }

  boolean isAdmin(String authorization) {
    return node.secret().isAdmin(authorization);
  }

  AdminPort.Answer health() {
    return AdminPort.Answer.json(
        HttpResponseStatus.OK,
        Json.object().put("node", node.config().node()).put("healthy", true));
  }

  AdminPort.Answer readiness() {
    boolean ready = node.life().isReady();
    return AdminPort.Answer.json(
        ready ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
        Json.object()
            .put("node", node.config().node())
            .put("ready", ready)
            .put("reason", node.life().reason()));
  }

  ObjectNode status() {
    Counters counters = node.counters();
    Limits limits = node.config().limits();
    ObjectNode status =
        Json.object()
            .put("node", node.config().node())
            .put("zone", node.config().zone())
            .put("ready", node.life().isReady())
            .put("reason", node.life().reason())
            .put("warm", node.life().isWarm())
            .put("draining", node.life().isDraining())
            .put("connections", counters.connections.get())
            .put("sessions", counters.sessions.get())
            .put("handshakesPending", counters.handshakesPending.get());
    status.putObject("cache").put("reachable", node.cache().reachable());
    status.putObject("router").put("loadMapped", loadMapped.getAsBoolean());
    status
        .putObject("profile")
        .put("connections", limits.connections())
        .put("handshakesPending", limits.handshakesPending())
        .put("framePayloadBytes", limits.framePayloadBytes())
        .put("outboundBytes", limits.outboundBytes());
    return status
        .put("tls", node.tls().engine())
        .put("version", VERSION)
        .put("uptimeSeconds", (System.nanoTime() - startedNanos) / 1_000_000_000L);
  }

  CompletableFuture<AdminPort.Answer> warm() {
    return selfWarm
        .run()
        .thenApply(
            report ->
                AdminPort.Answer.json(
                    HttpResponseStatus.OK,
                    Json.object()
                        .put("node", node.config().node())
                        .put("warm", true)
                        .put("handshakes", report.handshakes())
                        .put("firstMicros", report.firstMicros())
                        .put("lastMicros", report.lastMicros())));
  }

  /** Appends one message to a channel: {channel, data, id?, retry?}. */
  CompletableFuture<AdminPort.Answer> publish(byte[] body) {
    JsonNode message;
    try {
      message = Json.parse(body);
    } catch (IOException malformed) {
      return badPublish("the body is not one JSON object");
    }
    String channel = message.path("channel").asText("");
    String id = message.path("id").asText("");
    if (!ChannelStore.isName(channel)) {
      return badPublish("the channel is missing or not a channel's name");
    }
    if (!message.has("data")) {
      return badPublish("the data is missing");
    }
    if (id.length() > ClientConnection.PUBLISH_ID_MAX) {
      return badPublish("the id has more than " + ClientConnection.PUBLISH_ID_MAX + " characters");
    }
    String data = Json.line(message.path("data"));
    int bytesMax = node.config().limits().framePayloadBytes();
    if (data.getBytes(StandardCharsets.UTF_8).length > bytesMax) {
      return badPublish("the data has more than " + bytesMax + " bytes");
    }
    return node.channelStore()
        .publish(
            channel,
            data,
            new ChannelStore.Publisher.Admin(),
            id,
            message.path("retry").asBoolean())
        .handle(
            (position, failed) -> {
              if (position == null) {
                return AdminPort.Answer.refused(
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "the channel " + channel + " cannot be written: " + Log.words(failed),
                    "send it again with the same id and retry true");
              }
              node.counters().published.increment();
              return AdminPort.Answer.json(
                  HttpResponseStatus.OK,
                  Json.object()
                      .put("channel", channel)
                      .put("epoch", position.epoch())
                      .put("offset", position.offset()));
            });
  }

  private static CompletableFuture<AdminPort.Answer> badPublish(String error) {
    return CompletableFuture.completedFuture(
        AdminPort.Answer.refused(
            HttpResponseStatus.BAD_REQUEST,
            error,
            "send {\"channel\": NAME, \"data\": JSON} and, to be able to repeat it, an id"));
  }

  AdminPort.Answer metrics() {
    Counters c = node.counters();
    StringBuilder text = new StringBuilder(2048);
    gauge(text, "spike_connections", "Upgraded WebSockets", c.connections.get());
    gauge(text, "spike_sessions", "Sessions whose client is connected", c.sessions.get());
    gauge(
        text,
        "spike_handshakes_pending",
        "TLS handshakes in progress or waiting",
        c.handshakesPending.get());
    gauge(text, "spike_ready", "1 when the node takes traffic", node.life().isReady() ? 1 : 0);
    gauge(text, "spike_warm", "1 after the self-warm", node.life().isWarm() ? 1 : 0);
    gauge(text, "spike_draining", "1 while draining", node.life().isDraining() ? 1 : 0);
    gauge(
        text,
        "spike_cache_reachable",
        "1 while the cache answers",
        node.cache().reachable() ? 1 : 0);
    total(text, "spike_accepted_total", "TCP connections accepted", c.accepted);
    total(text, "spike_handshakes_total", "TLS handshakes finished", c.handshakes);
    total(text, "spike_handshakes_failed_total", "TLS handshakes failed", c.handshakesFailed);
    total(
        text, "spike_handshakes_dropped_total", "Dropped for want of a slot", c.handshakesDropped);
    total(text, "spike_upgrades_total", "WebSocket upgrades", c.upgrades);
    total(text, "spike_upgrades_refused_total", "Upgrades refused", c.upgradesRefused);
    total(text, "spike_sessions_opened_total", "Sessions started", c.sessionsOpened);
    total(text, "spike_sessions_resumed_total", "Sessions resumed", c.sessionsResumed);
    total(text, "spike_sessions_refused_total", "Hellos refused", c.sessionsRefused);
    total(text, "spike_sessions_fenced_total", "Sessions taken over by others", c.sessionsFenced);
    total(text, "spike_messages_in_total", "Messages from clients", c.messagesIn);
    total(text, "spike_messages_out_total", "Channel messages to clients", c.messagesOut);
    total(text, "spike_published_total", "Messages published through this node", c.published);
    total(text, "spike_recoveries_total", "Channels recovered whole", c.recoveries);
    total(text, "spike_recoveries_refused_total", "Recoveries refused", c.recoveriesRefused);
    total(text, "spike_slow_consumers_total", "Clients that fell behind", c.slowConsumers);
    total(text, "spike_violations_total", "Protocol violations", c.violations);
    return new AdminPort.Answer(
        HttpResponseStatus.OK, "text/plain; version=0.0.4; charset=utf-8", text.toString());
  }

  private static void gauge(StringBuilder text, String name, String help, long value) {
    metric(text, name, help, "gauge", value);
  }

  private static void total(StringBuilder text, String name, String help, LongAdder value) {
    metric(text, name, help, "counter", value.sum());
  }

  private static void metric(
      StringBuilder text, String name, String help, String type, long value) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    text.append(name).append(' ').append(value).append('\n');
  }
}

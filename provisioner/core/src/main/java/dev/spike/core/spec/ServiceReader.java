package dev.spike.core.spec;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.function.Function;

/**
 * The sections {@code clients} and {@code service}: how clients behave and what they are promised.
 */
final class ServiceReader {
  private static final String SERVICE_DEFAULT = "the service level of the reference event";

  private static final Duration HANDSHAKE_TIMEOUT_MIN = Duration.ofSeconds(1);
  private static final Duration HANDSHAKE_TIMEOUT_MAX = Duration.ofMinutes(10);
  private static final Duration TIME_MIN = Duration.ofMillis(1);
  private static final Duration TIME_MAX = Duration.ofDays(1);
  private static final Duration HEARTBEAT_MIN = Duration.ofSeconds(1);
  private static final Duration HEARTBEAT_MAX = Duration.ofMinutes(5);

  private final Section clients;
  private final Section service;
  private final EventSpec.Event event;

  ServiceReader(Section root, EventSpec.Event event) {
    this.clients = root.at("clients");
    this.service = root.at("service");
    this.event = event;
  }

  EventSpec.Clients clients() {
    return new EventSpec.Clients(
        bounded(
            "handshakeTimeout",
            "10s",
            "usual in WebSocket clients",
            HANDSHAKE_TIMEOUT_MIN,
            HANDSHAKE_TIMEOUT_MAX,
            "since TCP, TLS and the upgrade take a phone three round trips"),
        bounded(
            "reconnectJitter",
            "30s",
            "what the bundled client protocol asks for",
            TIME_MIN,
            TIME_MAX,
            "so that clients are back within a day"),
        bounded(
            "heartbeat",
            "25s",
            "below the idle time-outs of common proxies",
            HEARTBEAT_MIN,
            HEARTBEAT_MAX,
            "since balancers forget a flow that is silent for 350 s"),
        bounded(
            "acknowledgeEvery",
            "25s",
            "no recorded source: a guess that a client acknowledges with its heartbeat",
            TIME_MIN,
            TIME_MAX,
            "since the cache forgets a session after a day"));
  }

  private Duration bounded(
      String key, String fallback, String source, Duration min, Duration max, String why) {
    Section at = clients.at(key);
    return at.bounded(positive(at, fallback, source), min, max, why);
  }

  EventSpec.Service service() {
    String host =
        service
            .at("host")
            .take(
                JsonNode::asText,
                event.name() + ".spike.test",
                Function.identity(),
                "a name that never resolves; the local provider makes its certificate");
    return new EventSpec.Service(
        host,
        service
            .at("port")
            .take(JsonNode::asInt, 443, String::valueOf, "the port of wss (RFC 6455)"),
        positive(service.at("handshakeP99"), "1s", SERVICE_DEFAULT),
        positive(service.at("connectWithin"), "180s", SERVICE_DEFAULT),
        service
            .at("survive")
            .take(node -> Survive.of(node.asText()), Survive.ZONE, Survive::text, SERVICE_DEFAULT),
        service
            .at("cacheReplicas")
            .take(
                JsonNode::asInt,
                1,
                String::valueOf,
                "a cache node that is lost takes no session along"),
        messages());
  }

  /** No time at all would ask for a tier without end. */
  private static Duration positive(Section at, String fallback, String why) {
    return at.take(
        node -> Texts.positive(node.asText()), Texts.duration(fallback), Texts::text, why);
  }

  private EventSpec.Messages messages() {
    Section messages = service.at("messages");
    double perSecond =
        messages
            .at("ratePerSecond")
            .take(JsonNode::asDouble, 0.2, String::valueOf, SERVICE_DEFAULT);
    int bytes = messages.at("bytes").take(JsonNode::asInt, 512, String::valueOf, SERVICE_DEFAULT);
    int channels =
        messages
            .at("channels")
            .take(JsonNode::asInt, 1, String::valueOf, "one channel that everybody follows");
    double each =
        messages
            .at("channelsPerConnection")
            .take(JsonNode::asDouble, 1.0, String::valueOf, "one channel that everybody follows");
    boolean skipMissed =
        messages
            .at("skipMissed")
            .take(
                JsonNode::asBoolean,
                false,
                String::valueOf,
                "clients that come back ask for what they missed");
    if (each > channels) {
      messages
          .at("channelsPerConnection")
          .problem(
              messages.at("channelsPerConnection").path()
                  + " is "
                  + each
                  + ", more than there are channels ("
                  + channels
                  + ")");
      return new EventSpec.Messages(perSecond, bytes, channels, channels, skipMissed);
    }
    return new EventSpec.Messages(perSecond, bytes, channels, each, skipMissed);
  }
}

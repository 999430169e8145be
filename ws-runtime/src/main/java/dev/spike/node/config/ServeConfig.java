package dev.spike.node.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of {@code spike-node serve}.
 *
 * @param host the name in the certificate that clients ask for
 * @param origins allowed {@code Origin} headers; empty allows all
 * @param routerPins directory of the router's pinned maps, or null without a router
 * @param warmAtStart self-warm at start rather than when {@code spike-node warm} asks
 */
public record ServeConfig(
    String event,
    String node,
    String zone,
    Endpoint service,
    String host,
    List<String> origins,
    Endpoint admin,
    Path certificate,
    Path key,
    CacheConfig cache,
    Path fleetSecretFile,
    @Nullable Path routerPins,
    Limits limits,
    Duration heartbeat,
    Duration drain,
    boolean warmAtStart) {

  /**
   * Where the Redis Cluster is.
   *
   * @param tls whether it speaks TLS; its certificate must then be of an authority that Java trusts
   */
  public record CacheConfig(List<Endpoint> nodes, @Nullable Path passwordFile, boolean tls) {
    /** A cache without TLS. */
    public CacheConfig(List<Endpoint> nodes, @Nullable Path passwordFile) {
      this(nodes, passwordFile, false);
    }

    /** The password, or null when the cache has none. */
    public @Nullable String password() throws IOException {
      return passwordFile == null ? null : Files.readString(passwordFile).strip();
    }
  }

  /**
   * Reads and checks the file.
   *
   * @throws Failure with every mistake in one sentence each, exit code 64
   */
  public static ServeConfig read(Path file) throws Failure {
    JsonNode root;
    try {
      root = Json.parse(Files.readAllBytes(file));
    } catch (IOException unreadable) {
      throw new Failure(
          Failure.USAGE,
          "the configuration " + file + " cannot be read: " + Log.words(unreadable),
          "give --config a readable JSON file");
    }
    Reader reader = new Reader(root);
    ServeConfig config = reader.serve();
    if (!reader.mistakes.isEmpty()) {
      throw new Failure(
          Failure.USAGE,
          "the configuration " + file + " has mistakes: " + String.join("; ", reader.mistakes),
          "correct the file and start again");
    }
    return config;
  }

  private static final class Reader {
    private static final Path NOWHERE = Path.of("/nonexistent");
    private final JsonNode root;
    private final List<String> mistakes = new ArrayList<>();

    Reader(JsonNode root) {
      this.root = root;
    }

    ServeConfig serve() {
      return new ServeConfig(
          text("/event"),
          text("/node"),
          text("/zone"),
          endpoint("/service"),
          text("/service/host"),
          texts("/service/origins"),
          endpoint("/admin"),
          file("/tls/certificate"),
          file("/tls/key"),
          new CacheConfig(
              cacheNodes(),
              optionalPath("/cache/passwordFile"),
              root.at("/cache/tls").asBoolean(false)),
          file("/fleetSecretFile"),
          optionalPath("/router/pins"),
          limits(),
          millis("/heartbeatMillis", 25_000, 100, 600_000),
          millis("/drainMillis", 30_000, 0, 3_600_000),
          root.at("/warm/atStart").asBoolean(false));
    }

    private String text(String pointer) {
      JsonNode value = root.at(pointer);
      if (!value.isTextual() || value.asText().isBlank()) {
        mistakes.add(pointer + " must be a non-empty string");
        return "";
      }
      return value.asText();
    }

    private List<String> texts(String pointer) {
      List<String> values = new ArrayList<>();
      for (JsonNode value : root.at(pointer)) {
        values.add(value.asText());
      }
      return List.copyOf(values);
    }

    private Endpoint endpoint(String pointer) {
      JsonNode port = root.at(pointer + "/port");
      String address = text(pointer + "/address");
      if (!port.isInt() || port.asInt() < 0 || port.asInt() > 65535) {
        mistakes.add(pointer + "/port must be a number from 0 to 65535");
        return new Endpoint("0.0.0.0", 0);
      }
      return new Endpoint(address.isEmpty() ? "0.0.0.0" : address, port.asInt());
    }

    private Path file(String pointer) {
      String value = text(pointer);
      if (value.isEmpty()) {
        return NOWHERE;
      }
      Path path = Path.of(value);
      if (!Files.isReadable(path)) {
        mistakes.add(pointer + " names " + path + ", which this user cannot read");
      }
      return path;
    }

    private @Nullable Path optionalPath(String pointer) {
      JsonNode value = root.at(pointer);
      return value.isTextual() && !value.asText().isBlank() ? Path.of(value.asText()) : null;
    }

    private List<Endpoint> cacheNodes() {
      List<Endpoint> nodes = new ArrayList<>();
      for (JsonNode node : root.at("/cache/nodes")) {
        try {
          nodes.add(Endpoint.parse(node.asText()));
        } catch (IllegalArgumentException wrong) {
          mistakes.add("/cache/nodes: " + wrong.getMessage());
        }
      }
      if (nodes.isEmpty()) {
        mistakes.add("/cache/nodes must list at least one HOST:PORT");
      }
      return List.copyOf(nodes);
    }

    private Limits limits() {
      Limits standard = Limits.DEFAULT;
      try {
        return new Limits(
            root.at("/limits/connections").asInt(standard.connections()),
            root.at("/limits/handshakesPending").asInt(standard.handshakesPending()),
            root.at("/limits/framePayloadBytes").asInt(standard.framePayloadBytes()),
            root.at("/limits/outboundBytes").asInt(standard.outboundBytes()));
      } catch (IllegalArgumentException wrong) {
        mistakes.add("/limits: " + wrong.getMessage());
        return standard;
      }
    }

    private Duration millis(String pointer, long standard, long least, long most) {
      long value = root.at(pointer).asLong(standard);
      if (value < least || value > most) {
        mistakes.add(pointer + " must be from " + least + " to " + most);
        return Duration.ofMillis(standard);
      }
      return Duration.ofMillis(value);
    }
  }
}

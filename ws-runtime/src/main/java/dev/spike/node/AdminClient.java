package dev.spike.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spike.node.config.Endpoint;
import dev.spike.node.config.Failure;
import dev.spike.node.config.FleetSecret;
import dev.spike.node.config.Json;
import dev.spike.node.config.Log;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the commands reach a running server's admin port. */
final class AdminClient {
  private static final int ANSWER_BYTES_MAX = 1 << 20;

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:9443",
      description = "Admin port of the server (${DEFAULT-VALUE}).")
  private String admin = "";

  @Option(
      names = "--fleet-secret",
      paramLabel = "FILE",
      description = "File with the event's fleet secret.")
  private @Nullable Path fleetSecret;

  boolean hasSecret() {
    return fleetSecret != null;
  }

  /** The JSON object at {@code path}; any status that carries one is an answer when {@code any}. */
  ObjectNode ask(String method, String path, int timeoutMillis, boolean any) throws Failure {
    Endpoint endpoint;
    try {
      endpoint = Endpoint.parse(admin);
    } catch (IllegalArgumentException wrong) {
      throw new Failure(Failure.USAGE, "--admin: " + wrong.getMessage(), "give HOST:PORT");
    }
    int status;
    JsonNode body;
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              URI.create("http://" + endpoint + path).toURL().openConnection(Proxy.NO_PROXY);
      connection.setRequestMethod(method);
      connection.setConnectTimeout(2000);
      connection.setReadTimeout(timeoutMillis);
      if (fleetSecret != null) {
        connection.setRequestProperty(
            "Authorization", "Bearer " + FleetSecret.read(fleetSecret).adminToken());
      }
      if (method.equals("POST")) {
        connection.setDoOutput(true);
        connection.getOutputStream().close();
      }
      status = connection.getResponseCode();
      InputStream stream =
          status >= 400 ? connection.getErrorStream() : connection.getInputStream();
      byte[] bytes = new byte[0];
      if (stream != null) {
        try (stream) {
          bytes = stream.readNBytes(ANSWER_BYTES_MAX);
        }
      }
      connection.disconnect();
      body = Json.parse(bytes);
      if (!(body instanceof ObjectNode)) {
        throw new IOException("not a JSON object: " + new String(bytes, StandardCharsets.UTF_8));
      }
    } catch (IOException silent) {
      throw new Failure(
          Failure.UNAVAILABLE,
          "the server's admin port " + endpoint + " does not answer: " + Log.words(silent),
          "check that spike-node serve runs here and reads its log");
    }
    if (status != 200 && !any) {
      throw new Failure(
          status == 401 ? Failure.USAGE : Failure.FAILED,
          path + " was answered with " + status + ": " + body.path("error").asText(""),
          body.path("next").asText("read the node's log"));
    }
    return (ObjectNode) body;
  }
}

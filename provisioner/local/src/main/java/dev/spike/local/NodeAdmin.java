package dev.spike.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.spike.local.linux.HttpGet;
import dev.spike.local.linux.LinuxException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A node's admin port, asked from within the node's own host. */
final class NodeAdmin {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final EventTier tier;

  NodeAdmin(EventTier tier) {
    this.tier = tier;
  }

  /** The answer to one GET on the node's own loopback. */
  HttpGet.Answer get(String node, String path, String token, Duration patience)
      throws IOException, InterruptedException {
    try (Socket socket =
        tier.hosts()
            .connect(NodeFleets.HOSTS + node, "127.0.0.1", AddressPlan.ADMIN_PORT, patience)) {
      return HttpGet.over(socket, "127.0.0.1", path, token);
    }
  }

  /** All that the node says of itself. */
  JsonNode status(String node, Duration patience) throws IOException, InterruptedException {
    HttpGet.Answer answer = get(node, "/v1/status", token(), patience);
    try {
      JsonNode json = JSON.readTree(answer.body());
      if (answer.status() != 200 || !json.isObject()) {
        throw new LinuxException(
            "node " + node + " answers its status with HTTP " + answer.status(), 0);
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new LinuxException("node " + node + " answers its status with no JSON", 0);
    }
  }

  private String token() throws IOException {
    String secret = Files.readString(tier.folder().fleetSecret()).strip();
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal("admin".getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}

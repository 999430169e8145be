package dev.spike.node.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secret shared by all nodes of an event; admin tokens, client tokens and ticket keys derive
 * from it.
 */
public final class FleetSecret {
  private final SecretKeySpec key;

  /** Uses the secret's UTF-8 bytes. */
  public FleetSecret(String secret) {
    this.key = new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256");
  }

  /**
   * Reads a file of raw text; white space around the secret does not belong to it.
   *
   * @throws Failure when it cannot be read or holds fewer than 16 characters
   */
  public static FleetSecret read(Path file) throws Failure {
    String text;
    try {
      text = Files.readString(file).strip();
    } catch (IOException unreadable) {
      throw new Failure(
          Failure.USAGE,
          "the fleet secret " + file + " cannot be read: " + Log.words(unreadable),
          "give the path of the event's fleet secret file, readable by this user");
    }
    if (text.length() < 16) {
      throw new Failure(
          Failure.USAGE,
          "the fleet secret in " + file + " is shorter than 16 characters",
          "write at least 16 random characters into it");
    }
    return new FleetSecret(text);
  }

  /** The bearer token of the admin port: hex HMAC-SHA256 of {@code admin}. */
  public String adminToken() {
    return HexFormat.of().formatHex(hmac("admin".getBytes(StandardCharsets.UTF_8)));
  }

  /** True when {@code authorization} is {@code Bearer} with the admin token. */
  public boolean isAdmin(String authorization) {
    return MessageDigest.isEqual(
        ("Bearer " + adminToken()).getBytes(StandardCharsets.UTF_8),
        authorization.getBytes(StandardCharsets.UTF_8));
  }

  /** 48 bytes for a TLS ticket key of the given key epoch: name, HMAC key, AES key, 16 each. */
  public byte[] ticketKey(long epoch) {
    byte[] first = hmac(("ticket-key/1/" + epoch).getBytes(StandardCharsets.UTF_8));
    byte[] second = hmac(("ticket-key/2/" + epoch).getBytes(StandardCharsets.UTF_8));
    byte[] bytes = new byte[48];
    System.arraycopy(first, 0, bytes, 0, 32);
    System.arraycopy(second, 0, bytes, 32, 16);
    return bytes;
  }

  /** What a valid client token allows. */
  public record Grant(String subject, List<String> publish) {
    /** A client without a token may subscribe but not publish. */
    public static final Grant ANONYMOUS = new Grant("", List.of());

    /** True when one of the patterns ({@code name} or {@code prefix*}) matches the channel. */
    public boolean mayPublish(String channel) {
      for (String pattern : publish) {
        if (pattern.endsWith("*")
            ? channel.startsWith(pattern.substring(0, pattern.length() - 1))
            : channel.equals(pattern)) {
          return true;
        }
      }
      return false;
    }
  }

  /** Makes a client token that ends at {@code expiresEpochSeconds}. */
  public String issue(Grant grant, long expiresEpochSeconds) {
    ObjectNode claims = Json.object().put("sub", grant.subject());
    grant.publish().forEach(claims.putArray("publish")::add);
    claims.put("exp", expiresEpochSeconds);
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String payload = base64.encodeToString(Json.line(claims).getBytes(StandardCharsets.UTF_8));
    return payload + "." + base64.encodeToString(hmac(payload.getBytes(StandardCharsets.US_ASCII)));
  }

  /** The token's grant; empty when its signature is wrong, it has ended, or it is malformed. */
  public Optional<Grant> verify(String token, long nowEpochSeconds) {
    int dot = token.indexOf('.');
    if (dot <= 0 || token.length() > 4096) {
      return Optional.empty();
    }
    try {
      String payload = token.substring(0, dot);
      byte[] signature = Base64.getUrlDecoder().decode(token.substring(dot + 1));
      if (!MessageDigest.isEqual(signature, hmac(payload.getBytes(StandardCharsets.US_ASCII)))) {
        return Optional.empty();
      }
      JsonNode claims = Json.parse(Base64.getUrlDecoder().decode(payload));
      if (!claims.path("exp").isIntegralNumber()
          || claims.path("exp").asLong() <= nowEpochSeconds) {
        return Optional.empty();
      }
      List<String> publish = new ArrayList<>();
      for (JsonNode pattern : claims.path("publish")) {
        publish.add(pattern.asText());
      }
      return Optional.of(new Grant(claims.path("sub").asText(""), List.copyOf(publish)));
    } catch (IllegalArgumentException | IOException malformed) {
      return Optional.empty();
    }
  }

  private byte[] hmac(byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      return mac.doFinal(message);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("this JDK has no HmacSHA256", missing);
    }
  }
}

package dev.spike.node.ws;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The constants of the opening handshake, RFC 6455 section 4. */
public final class Handshake {
  /** The WebSocket subprotocol that is spoken. */
  public static final String SUBPROTOCOL = "spike.v1";

  private static final byte[] GUID =
      "258EAFA5-E914-47DA-95CA-C5AB0DC85B11".getBytes(StandardCharsets.US_ASCII);

  private Handshake() {}

  /** The value of {@code Sec-WebSocket-Accept} for a {@code Sec-WebSocket-Key}. */
  public static String accept(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(key.getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(sha1.digest(GUID));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("this JDK has no SHA-1", missing);
    }
  }
}

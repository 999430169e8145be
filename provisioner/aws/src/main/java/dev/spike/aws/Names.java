package dev.spike.aws;

import dev.spike.core.resource.EventName;
import dev.spike.core.resource.ResourceId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The names of things at AWS: a readable prefix and a hash of event and logical id, within each
 * service's limit. They never derive from a plan, so that a new plan finds what an old one made.
 */
public final class Names {
  static final int BALANCER_CHARS_MAX = 32;
  static final int CACHE_CHARS_MAX = 40;
  static final int TEMPLATE_CHARS_MAX = 128;
  static final int GROUP_CHARS_MAX = 255;
  private static final String PREFIX = "spike-";
  private static final int HASH_CHARS = 10;
  private static final int TOKEN_CHARS = 40;

  private Names() {}

  /** A name of lower-case letters, digits and single hyphens that starts with a letter. */
  public static String of(EventName event, ResourceId id, int charsMax) {
    String hash = hash(event.value() + "\n" + id.value()).substring(0, HASH_CHARS);
    String readable =
        (PREFIX + event.value() + "-" + id.value().replace('/', '-')).replaceAll("-+", "-");
    int room = charsMax - HASH_CHARS - 1;
    String head = readable.length() > room ? readable.substring(0, room) : readable;
    return (head + "-" + hash).replaceAll("-+", "-");
  }

  /** A client token: the same words give the same token, within 64 characters of ASCII. */
  public static String token(String... words) {
    return hash(String.join("\n", words)).substring(0, TOKEN_CHARS);
  }

  /** The SHA-256 of a text, in hexadecimal. */
  static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}

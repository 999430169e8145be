package dev.spike.node.ws;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The first line and the headers of one HTTP/1.1 message, as far as the WebSocket handshake needs
 * them. Header names are lower case; repeated headers are joined with a comma (RFC 9110, 5.3).
 */
public record HttpHead(String firstLine, Map<String, String> headers) {
  /** The most bytes a head may have. */
  public static final int BYTES_MAX = 8192;

  /** Length of the head in {@code in} with its empty line, or -1 when it is not whole yet. */
  public static int length(ByteBuf in) {
    int end = in.writerIndex() - 3;
    for (int i = in.readerIndex(); i < end; i++) {
      if (in.getByte(i) == '\r'
          && in.getByte(i + 1) == '\n'
          && in.getByte(i + 2) == '\r'
          && in.getByte(i + 3) == '\n') {
        return i + 4 - in.readerIndex();
      }
    }
    return -1;
  }

  /** Parses and consumes {@code length} bytes; null when a line is malformed. */
  public static @Nullable HttpHead read(ByteBuf in, int length) {
    String text = in.readCharSequence(length, StandardCharsets.ISO_8859_1).toString();
    Map<String, String> headers = new HashMap<>();
    int lineEnd = text.indexOf("\r\n");
    String firstLine = text.substring(0, lineEnd);
    int position = lineEnd + 2;
    while (position < text.length() - 2) {
      lineEnd = text.indexOf("\r\n", position);
      int colon = text.indexOf(':', position);
      if (colon <= position || colon > lineEnd || !isToken(text, position, colon)) {
        return null;
      }
      String name = text.substring(position, colon).toLowerCase(Locale.ROOT);
      String value = text.substring(colon + 1, lineEnd).strip();
      headers.merge(name, value, (a, b) -> a + ", " + b);
      position = lineEnd + 2;
    }
    return new HttpHead(firstLine, headers);
  }

  private static boolean isToken(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 127 || c == '"' || c == '(' || c == ')' || c == ',' || c == '/') {
        return false;
      }
    }
    return true;
  }

  /** The header's value, or the empty string. */
  public String header(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, "");
  }

  /** True when the header's comma-separated list has {@code word}, ignoring case. */
  public boolean lists(String lowerCaseName, String word) {
    String value = header(lowerCaseName);
    int position = 0;
    while (position <= value.length()) {
      int comma = value.indexOf(',', position);
      int end = comma < 0 ? value.length() : comma;
      if (value.substring(position, end).strip().equalsIgnoreCase(word)) {
        return true;
      }
      position = end + 1;
    }
    return false;
  }
}

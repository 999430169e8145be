package dev.spike.local.linux;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The smallest HTTP client: one GET over a connection that is made elsewhere, so inside a host. */
public final class HttpGet {
  private static final int ANSWER_BYTES_MAX = 256 << 10;

  /** What came back. */
  public record Answer(int status, String body) {}

  private HttpGet() {}

  /**
   * Asks once, and reads until the server closes.
   *
   * @param token sent as bearer when not empty
   */
  public static Answer over(Socket socket, String host, String path, String token)
      throws IOException {
    String head = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n";
    String authorization = token.isEmpty() ? "" : "Authorization: Bearer " + token + "\r\n";
    socket
        .getOutputStream()
        .write((head + authorization + "\r\n").getBytes(StandardCharsets.US_ASCII));
    String text =
        new String(socket.getInputStream().readNBytes(ANSWER_BYTES_MAX), StandardCharsets.UTF_8);
    int end = text.indexOf("\r\n\r\n");
    if (!text.startsWith("HTTP/1.") || end < 12) {
      throw new LinuxException("the answer of " + host + path + " is no HTTP", 0);
    }
    return new Answer(Integer.parseInt(text.substring(9, 12)), text.substring(end + 4));
  }
}

package dev.spike.local.linux;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A connection to one redis-server, in RESP 2: one command, one reply; a list is given as lines.
 */
public final class RespConnection implements AutoCloseable {
  private static final int REPLY_BYTES_MAX = 4 << 20;
  private static final int LIST_LENGTH_MAX = 1024;
  private static final int LINE_BYTES_MAX = 64 << 10;

  private final Socket socket;
  private final InputStream in;

  /** Takes the socket over and proves who it is. */
  public RespConnection(Socket socket, String password) throws IOException {
    this.socket = socket;
    try {
      this.in = new BufferedInputStream(socket.getInputStream());
      send("AUTH", password);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /**
   * Sends a command and returns its reply as text.
   *
   * @throws LinuxException when redis-server answers with an error
   */
  public synchronized String send(String... words) throws IOException {
    ByteArrayOutputStream command = new ByteArrayOutputStream();
    command.writeBytes(("*" + words.length + "\r\n").getBytes(StandardCharsets.UTF_8));
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      command.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.UTF_8));
      command.writeBytes(bytes);
      command.writeBytes(new byte[] {'\r', '\n'});
    }
    socket.getOutputStream().write(command.toByteArray());
    return reply(words[0]);
  }

  private String reply(String command) throws IOException {
    String line = line();
    String rest = line.substring(1);
    return switch (line.charAt(0)) {
      case '+', ':' -> rest;
      case '-' -> throw new LinuxException("redis-server refused " + command + ": " + rest, 0);
      case '$' -> bulk(Integer.parseInt(rest));
      case '*' -> list(command, Integer.parseInt(rest));
      default -> throw new LinuxException("redis-server's answer to " + command + " is no RESP", 0);
    };
  }

  private String list(String command, int length) throws IOException {
    if (length > LIST_LENGTH_MAX) {
      throw new LinuxException("redis-server sent a list of " + length, 0);
    }
    List<String> items = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      items.add(reply(command));
    }
    return String.join("\n", items);
  }

  private String bulk(int length) throws IOException {
    if (length > REPLY_BYTES_MAX) {
      throw new LinuxException("redis-server sent a reply of " + length + " bytes", 0);
    }
    if (length < 0) {
      return "";
    }
    byte[] bytes = in.readNBytes(length + 2);
    if (bytes.length < length + 2) {
      throw new EOFException("redis-server closed the connection within a reply");
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private String line() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (bytes.size() < LINE_BYTES_MAX) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("redis-server closed the connection");
      }
      if (next == '\n' && bytes.size() > 1) {
        String text = bytes.toString(StandardCharsets.UTF_8);
        return text.substring(0, text.length() - 1);
      }
      bytes.write(next);
    }
    throw new LinuxException("redis-server sent a line without an end", 0);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

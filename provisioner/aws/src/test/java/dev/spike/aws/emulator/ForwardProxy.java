package dev.spike.aws.emulator;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The only way out of a network: an HTTP proxy on loopback that forwards requests of http and opens
 * tunnels (RFC 9110, CONNECT). Whatever host is asked for, it goes to one port of this machine, so
 * that a caller who does not use it finds nothing.
 */
public final class ForwardProxy implements AutoCloseable {
  /** A host that only the proxy can find; without a dot, since a dot would name a bucket. */
  public static final String HOST = "awsendpoint";

  private static final int REQUESTS_KEPT_MAX = 10_000;

  private final ServerSocket server;
  private final int target;
  private final String login;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<String> refused = new CopyOnWriteArrayList<>();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  /** Lets everybody through to a port of this machine. */
  public ForwardProxy(int target) throws IOException {
    this(target, "");
  }

  /**
   * As the other, for who knows a password.
   *
   * @param login {@code user:password}; empty for everybody
   */
  public ForwardProxy(int target, String login) throws IOException {
    this.target = target;
    this.login = login;
    this.server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return server.getLocalPort();
  }

  /** The first line of every request that was let through. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** The first line of every request that came without the right password. */
  public List<String> refused() {
    return List.copyOf(refused);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        open.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException closed) {
        return; // the test is over
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      String head = head(client.getInputStream());
      while (!head.isEmpty() && !permitted(head)) {
        keep(refused, head);
        answer(
            client,
            "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"");
        head = head(client.getInputStream());
      }
      if (!head.isEmpty()) {
        keep(requests, head);
        pass(client, head);
      }
    } catch (IOException ended) {
      // a side has closed its connection, as either may at any time
    } finally {
      open.remove(client);
    }
  }

  private boolean permitted(String head) {
    String right = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    return login.isEmpty()
        || head.lines()
            .anyMatch(
                line ->
                    line.toLowerCase(Locale.ROOT).startsWith("proxy-authorization: basic ")
                        && line.endsWith(right));
  }

  private static void keep(List<String> lines, String head) {
    if (lines.size() < REQUESTS_KEPT_MAX) {
      lines.add(head.lines().findFirst().orElse(""));
    }
  }

  private static void answer(Socket client, String statusAndHeaders) throws IOException {
    String text = "HTTP/1.1 " + statusAndHeaders + "\r\nContent-Length: 0\r\n\r\n";
    client.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** One request a connection, or whatever goes through a tunnel. */
  private void pass(Socket client, String head) throws IOException {
    String[] line = head.substring(0, head.indexOf("\r\n")).split(" ", 3);
    try (Socket to = new Socket(InetAddress.getLoopbackAddress(), target)) {
      open.add(to);
      OutputStream out = to.getOutputStream();
      if (line[0].equals("CONNECT")) {
        String opened = "HTTP/1.1 200 Connection established\r\n\r\n";
        client.getOutputStream().write(opened.getBytes(StandardCharsets.ISO_8859_1));
      } else {
        URI wanted = URI.create(line[1]);
        String query = wanted.getRawQuery() == null ? "" : "?" + wanted.getRawQuery();
        String path = wanted.getRawPath().isEmpty() ? "/" : wanted.getRawPath();
        String rest =
            head.substring(head.indexOf("\r\n"))
                .replaceAll("(?im)^proxy-[^\r]*\r\n", "")
                .replaceFirst("(?m)\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
        out.write(
            (line[0] + " " + path + query + " HTTP/1.1" + rest)
                .getBytes(StandardCharsets.ISO_8859_1));
      }
      Thread.ofVirtual().start(() -> copy(client, to));
      to.getInputStream().transferTo(client.getOutputStream());
      open.remove(to);
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException ended) {
      // a side has closed its connection, as either may at any time
    }
  }

  /** Up to and with the empty line; empty where the caller has nothing more to ask. */
  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int octet = in.read();
      if (octet < 0) {
        return "";
      }
      head.write(octet);
    }
    return head.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}

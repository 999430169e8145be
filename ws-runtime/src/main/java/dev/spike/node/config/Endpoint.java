package dev.spike.node.config;

import java.net.InetSocketAddress;

/** A host and a TCP port. */
public record Endpoint(String host, int port) {
  /** Rejects an empty host and a port outside 0..65535 (0 asks the kernel for a free one). */
  public Endpoint {
    if (host.isBlank()) {
      throw new IllegalArgumentException("the host is empty");
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is outside 0..65535");
    }
  }

  /**
   * Reads {@code HOST:PORT}; an IPv6 host stands in brackets.
   *
   * @throws IllegalArgumentException when it has another form
   */
  public static Endpoint parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("'" + text + "' is not HOST:PORT");
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      return new Endpoint(host, Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException notNumber) {
      throw new IllegalArgumentException(
          "'" + text + "' has no number after the colon; write HOST:PORT", notNumber);
    }
  }

  /** Resolves the host; the result is unresolved when the name is unknown. */
  public InetSocketAddress socketAddress() {
    return new InetSocketAddress(host, port);
  }

  @Override
  public String toString() {
    return host + ":" + port;
  }
}

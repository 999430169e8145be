package dev.spike.aws.api;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A proxy that the environment names. Its text never shows the password.
 *
 * @param variable that names it, such as {@code HTTPS_PROXY}
 * @param user empty where the proxy asks for none
 */
record NamedProxy(String variable, String host, int port, String user, String password) {

  boolean hasCredentials() {
    return !user.isEmpty();
  }

  /** The name is left to be looked up when a connection is made. */
  Proxy route() {
    return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port));
  }

  /** The value of {@code Proxy-Authorization}, RFC 7617. */
  String basic() {
    byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(both);
  }

  @Override
  public String toString() {
    return host + ":" + port + ", which " + variable + " names,";
  }
}

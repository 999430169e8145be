package dev.spike.aws.api;

import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The proxies that the environment names, as most command-line programs read it: {@code
 * HTTPS_PROXY} for endpoints of https, {@code HTTP_PROXY} for those of http, {@code NO_PROXY} for
 * hosts that are reached directly; the names in lower case go before those in upper case. What is
 * on this machine is always reached directly.
 *
 * <p>The SDK's own reading is not used: it takes one proxy for both schemes, passes over a value
 * without {@code http://} in silence, does not know {@code .example.com}, and sends a password to
 * the endpoint instead of to the proxy.
 *
 * @param https for endpoints of https
 * @param http for endpoints of http
 * @param direct lower-case hosts, with {@code :port} where only that port is meant; {@code *} is
 *     all hosts; those below a host are meant too
 */
public record ProxyEnvironment(
    Optional<NamedProxy> https, Optional<NamedProxy> http, List<String> direct) {
  /** Every call goes directly. */
  public static final ProxyEnvironment NONE =
      new ProxyEnvironment(Optional.empty(), Optional.empty(), List.of());

  private static final int PORT = 80;
  private static final String FORM = "http://HOST:PORT or http://USER:PASSWORD@HOST:PORT";

  public ProxyEnvironment {
    direct = List.copyOf(direct);
  }

  /**
   * Reads the variables of an environment.
   *
   * @throws ProviderException UNAVAILABLE for a value that names no proxy that can be spoken to
   */
  public static ProxyEnvironment of(Map<String, String> variables) throws ProviderException {
    String direct = variables.getOrDefault(named(variables, "NO_PROXY"), "");
    return new ProxyEnvironment(
        proxy(variables, "HTTPS_PROXY"),
        proxy(variables, "HTTP_PROXY"),
        Stream.of(direct.split("[,\\s|]+"))
            .filter(host -> !host.isEmpty())
            .map(host -> host.toLowerCase(Locale.ROOT).replaceFirst("^\\*?\\.", ""))
            .toList());
  }

  /** The proxy on the way to an endpoint; empty where it is reached directly. */
  Optional<NamedProxy> to(URI endpoint) {
    boolean secure = "https".equalsIgnoreCase(endpoint.getScheme());
    Optional<NamedProxy> proxy = secure ? https : http;
    String host = String.valueOf(endpoint.getHost()).toLowerCase(Locale.ROOT);
    int port = endpoint.getPort() >= 0 ? endpoint.getPort() : secure ? 443 : 80;
    return proxy.filter(through -> !here(host)).filter(through -> !direct(host, port));
  }

  /** Whether a proxy asks for a password. */
  boolean hasCredentials() {
    return Stream.of(https, http).flatMap(Optional::stream).anyMatch(NamedProxy::hasCredentials);
  }

  private static boolean here(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.startsWith("127.")
        || host.equals("[::1]");
  }

  private boolean direct(String host, int port) {
    return direct.stream()
        .anyMatch(
            entry -> {
              String wanted = entry.endsWith(":" + port) ? entry.replaceFirst(":\\d+$", "") : entry;
              return wanted.equals("*") || host.equals(wanted) || host.endsWith("." + wanted);
            });
  }

  /** The name under which a variable is set: in lower case if that has a value. */
  private static String named(Map<String, String> variables, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return variables.getOrDefault(lower, "").isBlank() ? name : lower;
  }

  private static Optional<NamedProxy> proxy(Map<String, String> variables, String name)
      throws ProviderException {
    String variable = named(variables, name);
    String value = variables.getOrDefault(variable, "").strip();
    if (value.isEmpty()) {
      return Optional.empty();
    }
    URI uri;
    try {
      uri = new URI(value.contains("://") ? value : "http://" + value);
    } catch (URISyntaxException malformed) {
      throw unusable(variable, "is no address"); // the exception's own text holds the password
    }
    if (!"http".equalsIgnoreCase(uri.getScheme())) {
      throw unusable(
          variable,
          "names a proxy that is spoken to by "
              + uri.getScheme()
              + "; spike speaks HTTP to proxies, with TLS to the endpoint inside it");
    }
    if (uri.getHost() == null) {
      throw unusable(variable, "names no host");
    }
    String[] login =
        uri.getRawUserInfo() == null ? new String[0] : uri.getRawUserInfo().split(":", 2);
    return Optional.of(
        new NamedProxy(
            variable,
            uri.getHost(),
            uri.getPort() < 0 ? PORT : uri.getPort(),
            login.length > 0 ? decoded(login[0]) : "",
            login.length > 1 ? decoded(login[1]) : ""));
  }

  private static ProviderException unusable(String variable, String why) {
    return new ProviderException(
        Kind.UNAVAILABLE,
        variable + " " + why,
        "Give it as " + FORM + ", special characters of the password as %XX; or unset it.");
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}

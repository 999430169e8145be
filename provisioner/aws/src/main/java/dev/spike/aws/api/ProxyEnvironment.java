package dev.spike.aws.api;

import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The proxies that the environment names, as most command-line programs read it: {@code
 * HTTPS_PROXY} for endpoints of https, {@code HTTP_PROXY} for those of http, {@code ALL_PROXY} for
 * those whose own is not set, {@code NO_PROXY} for what is reached directly; the names in lower
 * case go before those in upper case. What is on this machine is always reached directly.
 *
 * <p>The SDK's own reading is not used: it takes one proxy for both schemes, passes over a value
 * without {@code http://} in silence, does not know {@code .example.com}, and sends a password to
 * the endpoint instead of to the proxy.
 *
 * @param https for endpoints of https
 * @param http for endpoints of http
 * @param direct what is reached without any
 */
public record ProxyEnvironment(
    Optional<NamedProxy> https, Optional<NamedProxy> http, DirectHosts direct) {
  /** Every call goes directly. */
  public static final ProxyEnvironment NONE =
      new ProxyEnvironment(Optional.empty(), Optional.empty(), DirectHosts.NONE);

  private static final int PORT = 80;
  private static final String FORM = "http://HOST:PORT or http://USER:PASSWORD@HOST:PORT";

  /**
   * Reads the variables of an environment.
   *
   * @throws ProviderException UNAVAILABLE for a value that names no proxy that can be spoken to
   */
  public static ProxyEnvironment of(Map<String, String> variables) throws ProviderException {
    return new ProxyEnvironment(
        proxy(variables, "HTTPS_PROXY"),
        proxy(variables, "HTTP_PROXY"),
        DirectHosts.of(variables.getOrDefault(named(variables, "NO_PROXY"), "")));
  }

  /** The proxy on the way to an endpoint; empty where it is reached directly. */
  Optional<NamedProxy> to(URI endpoint) {
    boolean secure = "https".equalsIgnoreCase(endpoint.getScheme());
    Optional<NamedProxy> proxy = secure ? https : http;
    int port = endpoint.getPort() >= 0 ? endpoint.getPort() : secure ? 443 : 80;
    return proxy.filter(through -> !direct.has(String.valueOf(endpoint.getHost()), port));
  }

  /** Whether a proxy asks for a password. */
  boolean hasCredentials() {
    return Stream.of(https, http).flatMap(Optional::stream).anyMatch(NamedProxy::hasCredentials);
  }

  /** The name under which a variable is set: in lower case if that has a value. */
  private static String named(Map<String, String> variables, String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return variables.getOrDefault(lower, "").isBlank() ? name : lower;
  }

  private static Optional<NamedProxy> proxy(Map<String, String> variables, String name)
      throws ProviderException {
    String own = named(variables, name);
    String variable =
        variables.getOrDefault(own, "").isBlank() ? named(variables, "ALL_PROXY") : own;
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

package dev.spike.aws.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.URLConnection;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/**
 * The HTTP client of every SDK client: directly, or through the proxy that the environment names
 * for an endpoint. A proxy of Java's own properties ({@code https.proxyHost}) goes before it.
 */
final class ProxiedHttpClient implements SdkHttpClient {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration READ = Duration.ofSeconds(50);
  private static final int AUTHENTICATION = 407;

  /**
   * Java sends no password through which a tunnel is opened unless this is emptied before its first
   * connection. Who writes one into the variable means it to be sent, as to every other program.
   */
  private static final String TUNNELS_WITHOUT_PASSWORD = "jdk.http.auth.tunneling.disabledSchemes";

  private final ProxyEnvironment environment;
  private final SdkHttpClient client;
  private final Login login = new Login();

  ProxiedHttpClient(ProxyEnvironment environment) {
    this.environment = environment;
    if (environment.hasCredentials() && System.getProperty(TUNNELS_WITHOUT_PASSWORD) == null) {
      System.setProperty(TUNNELS_WITHOUT_PASSWORD, "");
    }
    this.client = UrlConnectionHttpClient.create(this::connection);
  }

  private HttpURLConnection connection(URI endpoint) {
    Optional<NamedProxy> proxy = proxy(endpoint);
    try {
      URLConnection opened =
          proxy.isPresent()
              ? endpoint.toURL().openConnection(proxy.get().route())
              : endpoint.toURL().openConnection();
      HttpURLConnection connection = (HttpURLConnection) opened;
      connection.setConnectTimeout((int) CONNECT.toMillis());
      connection.setReadTimeout((int) READ.toMillis());
      proxy
          .filter(NamedProxy::hasCredentials)
          .ifPresent(
              asking -> {
                if ("https".equals(endpoint.getScheme())) {
                  connection.setAuthenticator(login); // a header would go to the endpoint
                } else {
                  connection.setRequestProperty("Proxy-Authorization", asking.basic());
                }
              });
      return connection;
    } catch (IOException notOpened) {
      throw new UncheckedIOException(notOpened);
    }
  }

  private Optional<NamedProxy> proxy(URI endpoint) {
    return System.getProperty(endpoint.getScheme() + ".proxyHost", "").isEmpty()
        ? environment.to(endpoint)
        : Optional.empty();
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    ExecutableHttpRequest prepared = client.prepareRequest(request);
    URI endpoint = request.httpRequest().getUri();
    Optional<NamedProxy> proxy = proxy(endpoint);
    return proxy.isEmpty() ? prepared : new Through(proxy.get(), endpoint.getHost(), prepared);
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    client.close();
  }

  /** A call through a proxy. */
  private final class Through implements ExecutableHttpRequest {
    private final NamedProxy proxy;
    private final String endpoint;
    private final ExecutableHttpRequest request;

    Through(NamedProxy proxy, String endpoint, ExecutableHttpRequest request) {
      this.proxy = proxy;
      this.endpoint = endpoint;
      this.request = request;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      login.begin(proxy);
      try {
        HttpExecuteResponse response = request.call();
        if (response.httpResponse().statusCode() == AUTHENTICATION) {
          ProxyFailure.unknownUser(proxy).raise();
        }
        return response;
      } catch (IOException error) {
        Optional<ProxyFailure> failure = ProxyFailure.of(proxy, endpoint, error);
        if (failure.isPresent()) {
          failure.get().raise();
        }
        throw error;
      } finally {
        login.end();
      }
    }

    @Override
    public void abort() {
      request.abort();
    }
  }

  /**
   * Tells a proxy the password at most once a call: Java would ask twenty times for one that the
   * proxy does not take, and accounts are locked for less.
   */
  private static final class Login extends Authenticator {
    private static final ThreadLocal<@Nullable NamedProxy> UNTOLD = new ThreadLocal<>();

    void begin(NamedProxy proxy) {
      UNTOLD.set(proxy);
    }

    void end() {
      UNTOLD.remove();
    }

    @Override
    protected @Nullable PasswordAuthentication getPasswordAuthentication() {
      NamedProxy proxy = UNTOLD.get();
      UNTOLD.remove();
      return proxy == null || getRequestorType() != RequestorType.PROXY
          ? null
          : new PasswordAuthentication(proxy.user(), proxy.password().toCharArray());
    }
  }
}

package dev.spike.aws.api;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.exception.SdkClientException;

/** What went wrong at a proxy, so that nobody looks for it at AWS. */
final class ProxyFailure extends Exception {
  private static final long serialVersionUID = 1L;
  private static final int AUTHENTICATION = 407;

  /** How Java quotes the proxy's answer to a CONNECT that it refused. */
  private static final Pattern ANSWER = Pattern.compile("\"HTTP/\\S+ (\\d{3})([^\"]*)\"");

  private final boolean forGood;
  private final String next;

  private ProxyFailure(String message, boolean forGood, String next) {
    super(message);
    this.forGood = forGood;
    this.next = next;
  }

  private static Optional<ProxyFailure> failure(String message, boolean forGood, String next) {
    return Optional.of(new ProxyFailure(message, forGood, next));
  }

  /** What the failure of a call through a proxy says about the proxy; empty for nothing. */
  static Optional<ProxyFailure> of(NamedProxy proxy, String endpoint, IOException error) {
    if (error instanceof ConnectException
        || error instanceof NoRouteToHostException
        || error instanceof UnknownHostException
        || (error instanceof SocketTimeoutException && said(error).contains("Connect"))) {
      return failure(
          "the proxy " + proxy + " does not answer: " + said(error),
          false,
          "Correct "
              + proxy.variable()
              + ", or name "
              + endpoint
              + " in NO_PROXY if it is to be reached directly.");
    }
    Matcher answer = ANSWER.matcher(String.valueOf(error.getMessage()));
    if (!answer.find()) {
      return Optional.empty();
    }
    int status = Integer.parseInt(answer.group(1));
    return status == AUTHENTICATION
        ? Optional.of(unknownUser(proxy))
        : failure(
            "the proxy "
                + proxy
                + " does not let through to "
                + endpoint
                + ": "
                + status
                + answer.group(2),
            status < 500,
            "Have the proxy permit "
                + endpoint
                + ", or name it in NO_PROXY if it is to be reached directly.");
  }

  /** The proxy asked for a name and a password, or did not take those that it was given. */
  static ProxyFailure unknownUser(NamedProxy proxy) {
    return new ProxyFailure(
        "the proxy "
            + proxy
            + (proxy.hasCredentials()
                ? " does not take its user and password"
                : " asks for a user and password"),
        true,
        "Give them as "
            + proxy.variable()
            + "=http://USER:PASSWORD@HOST:PORT, special characters as %XX.");
  }

  private static String said(IOException error) {
    return error instanceof UnknownHostException
        ? "there is no host " + error.getMessage()
        : String.valueOf(error.getMessage());
  }

  /** As the SDK has to see it: only an {@link IOException} makes it try again. */
  void raise() throws IOException {
    if (forGood) {
      throw SdkClientException.create(String.valueOf(getMessage()), this);
    }
    throw new IOException(getMessage(), this);
  }

  /** What to do about it. */
  String next() {
    return next;
  }
}

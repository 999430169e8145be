package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.aws.api.AccountApi;
import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.ProxyEnvironment;
import dev.spike.aws.emulator.ForwardProxy;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Where the only way to an endpoint of http is a proxy; AwsDoctorIT has the one to https. */
class ProxyTest {
  @RegisterExtension static final MotoServer AWS = MotoServer.extended();

  private static final URI BEHIND = URI.create("http://" + ForwardProxy.HOST + ":5000");
  private static final String LOGIN = "ci:p%40ssword";

  @Test
  void callsGoThroughTheProxyThatTheEnvironmentNames() throws Exception {
    try (ForwardProxy proxy = new ForwardProxy(AWS.endpoint().getPort())) {
      String account = account(BEHIND, Map.of("HTTP_PROXY", at(proxy, "")));

      assertThat(account).isEqualTo(MotoServer.ACCOUNT);
      assertThat(proxy.requests()).containsExactly("POST " + BEHIND + " HTTP/1.1");
    }
  }

  @Test
  void whatIsLeftOutAndThisMachineIsReachedDirectly() throws Exception {
    try (ForwardProxy proxy = new ForwardProxy(AWS.endpoint().getPort())) {
      String here = account(AWS.endpoint(), Map.of("HTTP_PROXY", at(proxy, "")));
      Map<String, String> leftOut =
          Map.of("HTTP_PROXY", at(proxy, ""), "NO_PROXY", ForwardProxy.HOST);

      assertThat(here).isEqualTo(MotoServer.ACCOUNT);
      assertThat(failure(BEHIND, leftOut)).hasMessageContaining("there is no host awsendpoint");
      assertThat(proxy.requests()).isEmpty();
    }
  }

  @Test
  void aPasswordIsGivenToTheProxyAtTheFirstCall() throws Exception {
    try (ForwardProxy proxy = new ForwardProxy(AWS.endpoint().getPort(), "ci:p@ssword")) {
      String account = account(BEHIND, Map.of("http_proxy", at(proxy, LOGIN + "@")));

      assertThat(account).isEqualTo(MotoServer.ACCOUNT);
      assertThat(proxy.refused()).isEmpty();
    }
  }

  @Test
  void aPasswordThatTheProxyDoesNotTakeIsTriedOnceAndNamedWithoutItsText() throws Exception {
    try (ForwardProxy proxy = new ForwardProxy(AWS.endpoint().getPort(), "ci:another")) {
      ProviderException failure = failure(BEHIND, Map.of("HTTP_PROXY", at(proxy, LOGIN + "@")));

      assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
      assertThat(failure)
          .hasMessage(
              "GetCallerIdentity did not reach AWS: the proxy 127.0.0.1:"
                  + proxy.port()
                  + ", which HTTP_PROXY names, does not take its user and password");
      assertThat(failure.next()).contains("HTTP_PROXY=http://USER:PASSWORD@HOST:PORT");
      assertThat(proxy.refused()).hasSize(1);
      assertThat(proxy.requests()).isEmpty();
    }
  }

  @Test
  void aProxyThatDoesNotAnswerIsNamedAsTheReason() throws Exception {
    int port;
    try (ForwardProxy gone = new ForwardProxy(AWS.endpoint().getPort())) {
      port = gone.port();
    }
    ProviderException failure =
        failure(BEHIND, Map.of("HTTP_PROXY", "http://" + LOGIN + "@127.0.0.1:" + port));

    assertThat(failure.kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(failure)
        .hasMessage(
            "GetCallerIdentity did not reach AWS: the proxy 127.0.0.1:"
                + port
                + ", which HTTP_PROXY names, does not answer: Connection refused");
    assertThat(failure.next())
        .isEqualTo(
            "Correct HTTP_PROXY, or name awsendpoint in NO_PROXY if it is to be reached directly.");
  }

  private static String at(ForwardProxy proxy, String login) {
    return "http://" + login + "127.0.0.1:" + proxy.port();
  }

  private static ProviderException failure(URI endpoint, Map<String, String> variables) {
    try {
      throw new AssertionError("it went through, to " + account(endpoint, variables));
    } catch (ProviderException failure) {
      return failure;
    } catch (Exception other) {
      throw new AssertionError(other);
    }
  }

  private static String account(URI endpoint, Map<String, String> variables) throws Exception {
    try (AwsClients clients =
        new AwsClients(
            MotoServer.REGION,
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create("AKIAEXAMPLE000000000", "secret")),
            Optional.of(endpoint),
            EmulatedAws.hurried(),
            ProxyEnvironment.of(variables))) {
      return new AccountApi(clients).caller(Rig.soon()).account();
    }
  }
}

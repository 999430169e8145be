package dev.spike.aws.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spike.core.provider.ProviderException;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The variables as people and pipelines write them. */
class ProxyEnvironmentTest {
  private static final URI SECURE = URI.create("https://sts.us-east-1.amazonaws.com/");
  private static final URI PLAIN = URI.create("http://emulator.example.com:5000/");

  @Test
  void eachSchemeHasItsProxyAndLowerCaseGoesFirst() throws Exception {
    ProxyEnvironment both =
        ProxyEnvironment.of(
            Map.of(
                "HTTPS_PROXY", "http://upper:1",
                "https_proxy", "http://secure:3128",
                "HTTP_PROXY", "http://plain:8080"));

    assertThat(both.to(SECURE)).get().hasToString("secure:3128, which https_proxy names,");
    assertThat(both.to(PLAIN)).get().hasToString("plain:8080, which HTTP_PROXY names,");
  }

  @Test
  void withoutAValueEverythingGoesDirectly() throws Exception {
    ProxyEnvironment none = ProxyEnvironment.of(Map.of("HTTPS_PROXY", " ", "https_proxy", ""));

    assertThat(none.to(SECURE)).isEmpty();
    assertThat(none.to(PLAIN)).isEmpty();
  }

  @Test
  void aProxyWithoutSchemeOrPortIsOneAllTheSame() throws Exception {
    NamedProxy short_ =
        ProxyEnvironment.of(Map.of("HTTPS_PROXY", "proxy.example.com:3128")).to(SECURE).get();
    NamedProxy shorter =
        ProxyEnvironment.of(Map.of("HTTPS_PROXY", "http://proxy")).to(SECURE).get();

    assertThat(short_.host() + " " + short_.port()).isEqualTo("proxy.example.com 3128");
    assertThat(shorter.host() + " " + shorter.port()).isEqualTo("proxy 80");
  }

  @Test
  void thePasswordIsDecodedAndNotPartOfAnyText() throws Exception {
    ProxyEnvironment environment =
        ProxyEnvironment.of(Map.of("HTTPS_PROXY", "http://ci:p%40ss%3Aw+rd@proxy:3128"));
    NamedProxy proxy = environment.to(SECURE).get();

    assertThat(proxy.user()).isEqualTo("ci");
    assertThat(proxy.password()).isEqualTo("p@ss:w+rd");
    assertThat(environment.toString()).doesNotContain("p@ss").contains("proxy:3128");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://ci:secret@proxy:3128",
        "socks5://ci:secret@proxy:1080",
        "http://ci:sec#ret @proxy",
        "http://:secret"
      })
  void whatNamesNoProxyThatCanBeSpokenToIsRefusedWithoutItsPassword(String value) {
    assertThatThrownBy(() -> ProxyEnvironment.of(Map.of("HTTPS_PROXY", value)))
        .isInstanceOfSatisfying(
            ProviderException.class,
            failure -> {
              assertThat(failure).hasMessageStartingWith("HTTPS_PROXY ");
              assertThat(failure.next()).contains("http://HOST:PORT");
              assertThat(failure.toString() + failure.getCause()).doesNotContain("sec");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "* https://sts.amazonaws.com/ true",
        "amazonaws.com https://sts.us-east-1.amazonaws.com/ true",
        ".amazonaws.com https://sts.us-east-1.amazonaws.com/ true",
        "*.amazonaws.com https://sts.us-east-1.amazonaws.com/ true",
        "AmazonAWS.com https://sts.us-east-1.amazonaws.com/ true",
        "sts.us-east-1.amazonaws.com https://sts.us-east-1.amazonaws.com/ true",
        "10.0.0.7 https://10.0.0.7:8443/ true",
        "emulator:5000 http://emulator:5000/ true",
        "emulator:5000 http://emulator:5001/ false",
        "vpce.example.com:443 https://vpce.example.com/ true",
        "zonaws.com https://sts.us-east-1.amazonaws.com/ false",
        "a.sts.amazonaws.com https://sts.amazonaws.com/ false",
        "none http://localhost:4566/ true",
        "none http://127.0.0.1:4566/ true",
        "none http://[::1]:4566/ true"
      })
  void hostsThatAreLeftOutAndThisMachineAreReachedDirectly(
      String left, URI endpoint, boolean direct) throws Exception {
    ProxyEnvironment environment =
        ProxyEnvironment.of(
            Map.of(
                "HTTPS_PROXY", "http://proxy:3128",
                "HTTP_PROXY", "http://proxy:3128",
                "NO_PROXY", "first.example, " + left + ",last.example"));

    assertThat(environment.to(endpoint).isEmpty()).isEqualTo(direct);
  }
}

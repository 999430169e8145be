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
  void theProxyForAllIsTheOneOfASchemeThatHasNoneItself() throws Exception {
    ProxyEnvironment one = ProxyEnvironment.of(Map.of("ALL_PROXY", "http://all:3128"));
    ProxyEnvironment both =
        ProxyEnvironment.of(
            Map.of(
                "all_proxy", "http://lower:1",
                "ALL_PROXY", "socks5://upper:2",
                "HTTP_PROXY", " ",
                "HTTPS_PROXY", "http://secure:3128"));

    assertThat(one.to(SECURE)).get().hasToString("all:3128, which ALL_PROXY names,");
    assertThat(one.to(PLAIN)).get().hasToString("all:3128, which ALL_PROXY names,");
    assertThat(both.to(SECURE)).get().hasToString("secure:3128, which HTTPS_PROXY names,");
    assertThat(both.to(PLAIN)).get().hasToString("lower:1, which all_proxy names,");
  }

  @Test
  void aProxyForAllThatIsSpokenToOtherwiseMattersOnlyWhereItWouldBeUsed() throws Exception {
    Map<String, String> both =
        Map.of(
            "ALL_PROXY", "socks5://ci:secret@proxy:1080",
            "HTTPS_PROXY", "http://secure:3128",
            "HTTP_PROXY", "http://plain:8080");

    assertThat(ProxyEnvironment.of(both).to(SECURE))
        .get()
        .hasToString("secure:3128, which HTTPS_PROXY names,");
    assertThatThrownBy(() -> ProxyEnvironment.of(Map.of("ALL_PROXY", "socks5://proxy:1080")))
        .hasMessageStartingWith("ALL_PROXY names a proxy that is spoken to by socks5");
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
        "none http://[::1]:4566/ true",
        "10.0.0.0/8 https://10.200.3.4/ true",
        "10.0.0.0/8 https://11.0.0.1/ false",
        "10.1.2.3/8 https://10.200.3.4/ true",
        "10.16.0.0/12 https://10.31.255.255/ true",
        "10.16.0.0/12 https://10.32.0.0/ false",
        "0.0.0.0/0 https://192.0.2.1/ true",
        "10.0.0.7/32 https://10.0.0.7/ true",
        "10.0.0.7/32 https://10.0.0.8/ false",
        "10.0.0.0/8 https://10.example.com/ false",
        "10.0.0.0/33 https://10.0.0.1/ false",
        "10.0.0.0/x https://10.0.0.1/ false",
        "fd00::/8 https://[fd12:3456::1]/ true",
        "fd00::/8 https://[fe80::1]/ false",
        "10.0.0.0/8 https://[fd12::1]/ false",
        "fd00::1 https://[fd00:0:0::1]/ true",
        "[fd00::1] https://[fd00::1]/ true",
        "[fd00::1]:443 https://[fd00::1]/ true",
        "[fd00::1]:443 https://[fd00::1]:8443/ false",
        "fd00::443 https://[fd00::443]/ true",
        "10.0.0.7:8443 https://10.0.0.7:8443/ true",
        "10.0.0.7:8443 https://10.0.0.7/ false",
        "0.0.7 https://10.0.0.7/ false",
        "none https://127.example.com/ false"
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

package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderFactory;
import java.time.Clock;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/** The command line finds the provider, which opens without a call and asks for its Region. */
class OfferedTest {
  private static ProviderFactory factory() {
    return ServiceLoader.load(ProviderFactory.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(found -> found.name().equals(AwsProvider.NAME))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no provider aws is registered"));
  }

  @Test
  void theProviderIsFoundByItsNameAndOpensWithoutCredentials() throws Exception {
    try (var provider = factory().open(Map.of("region", "us-east-1"), Clock.systemUTC())) {
      assertThat(provider.name()).isEqualTo("aws");
    }
  }

  @Test
  void withoutARegionItSaysWhereToGiveOne() {
    assertThatThrownBy(() -> factory().open(Map.of(), Clock.systemUTC()))
        .isInstanceOfSatisfying(
            ProviderException.class, failure -> assertThat(failure.next()).contains("--region"));
  }
}

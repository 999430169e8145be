package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.provider.ProviderFactory;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

/**
 * An adapter that rents machines without looking first, and cannot warm them, must not be reachable
 * from the command line. This test goes with the day preflight and the warm stage are there.
 */
class NotOfferedYetTest {
  @Test
  void theCommandLineFindsNoProviderAws() {
    assertThat(ServiceLoader.load(ProviderFactory.class))
        .extracting(ProviderFactory::name)
        .doesNotContain(AwsProvider.NAME);
  }
}

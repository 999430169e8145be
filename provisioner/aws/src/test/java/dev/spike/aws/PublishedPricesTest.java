package dev.spike.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.emulator.MotoServer;
import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.PriceList;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Against documents in the shape of the real list, with what stands beside the wanted entries. */
class PublishedPricesTest {
  @RegisterExtension static final MotoServer AWS = MotoServer.extended();

  @Test
  void theListOfARegionHasItsOwnPricesOfWhatATierIsMadeOf() throws Exception {
    PriceList prices = asked("eu-west-1");

    assertThat(prices.nodeHour())
        .containsOnlyKeys("c8gn.4xlarge", "c8gn.2xlarge", "c8g.4xlarge", "c8g.2xlarge")
        .hasEntrySatisfying(
            "c8gn.4xlarge", hour -> assertThat(hour).isCloseTo(0.948 * 1.12, within(1e-9)));
    assertThat(prices.cacheNodeHour()).isCloseTo(0.3496 * 1.12, within(1e-9));
    assertThat(prices.balancerHour()).isCloseTo(0.0225 * 1.12, within(1e-9));
    assertThat(prices.balancerUnitHour()).isCloseTo(0.006 * 1.12, within(1e-9));
    assertThat(prices.egressGigabyte()).isCloseTo(0.09 * 1.12, within(1e-9));
    assertThat(LocalDate.parse(prices.date()))
        .isBetween(
            LocalDate.now(ZoneOffset.UTC).minusDays(1), LocalDate.now(ZoneOffset.UTC).plusDays(1));
  }

  @Test
  void aRegionWithoutTheListsNamesItsOwnUsageWithoutAPrefix() throws Exception {
    assertThat(asked("us-east-1").nodeHour()).containsEntry("m8gn.8xlarge", 2.328);
  }

  @Test
  void aRegionThatNobodyKnowsIsSaidToHaveNoPrices() {
    ProviderException refused =
        catchThrowableOfType(ProviderException.class, () -> asked("xx-nowhere-9"));

    assertThat(refused.kind()).isEqualTo(ProviderException.Kind.NOT_FOUND);
    assertThat(refused).hasMessageContaining("xx-nowhere-9");
  }

  private static PriceList asked(String region) throws Exception {
    AwsClients clients =
        new AwsClients(
            region,
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIAEXAMPLE", "secret")),
            Optional.of(AWS.endpoint()),
            EmulatedAws.hurried());
    try (Provider provider = new AwsProvider(AwsSettings.of(Map.of("region", region)), clients)) {
      return provider.prices(
          Catalog.shipped("aws"), Deadline.in(Clock.systemUTC(), Duration.ofMinutes(1)));
    }
  }
}

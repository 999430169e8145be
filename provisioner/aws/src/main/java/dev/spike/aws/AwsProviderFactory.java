package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.Pace;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderFactory;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/** Opens the provider {@code aws}, with the credentials that the SDK finds by itself. */
public final class AwsProviderFactory implements ProviderFactory {
  @Override
  public String name() {
    return AwsProvider.NAME;
  }

  @Override
  public Provider open(Map<String, String> settings, Clock clock) throws ProviderException {
    AwsSettings read = AwsSettings.of(settings);
    return new AwsProvider(
        read,
        new AwsClients(
            read.region(),
            DefaultCredentialsProvider.builder().build(),
            Optional.empty(),
            Pace.real(clock)));
  }
}

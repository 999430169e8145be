package dev.spike.aws;

import dev.spike.aws.api.AwsClients;
import dev.spike.aws.api.NamedProfile;
import dev.spike.aws.api.Pace;
import dev.spike.aws.api.ProxiedHttpService;
import dev.spike.aws.api.ProxyEnvironment;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderFactory;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;

/** Opens the provider {@code aws}, with the credentials that the SDK finds by itself. */
public final class AwsProviderFactory implements ProviderFactory {
  @Override
  public String name() {
    return AwsProvider.NAME;
  }

  @Override
  public Provider open(Map<String, String> settings, Clock clock) throws ProviderException {
    AwsSettings read = AwsSettings.of(settings);
    ProxyEnvironment proxies = ProxyEnvironment.of(System.getenv());
    ProxiedHttpService.install();
    return new AwsProvider(
        read,
        new AwsClients(
            read.region(),
            credentials(System.getenv()),
            Optional.empty(),
            Pace.real(clock),
            proxies));
  }

  /**
   * As the SDK looks for them; but where there are no keys, and a pipeline has a token or a person
   * names a profile, that alone: one which is not taken is named, instead of another identity, such
   * as the machine's, being tried.
   */
  private static AwsCredentialsProvider credentials(Map<String, String> variables) {
    boolean keys =
        variables.containsKey("AWS_ACCESS_KEY_ID") || System.getProperty("aws.accessKeyId") != null;
    if (!keys && variables.containsKey("AWS_WEB_IDENTITY_TOKEN_FILE")) {
      return WebIdentityTokenFileCredentialsProvider.create();
    }
    String profile = variables.get("AWS_PROFILE");
    return keys || profile == null || profile.isBlank()
        ? DefaultCredentialsProvider.builder().build()
        : new NamedProfile(profile.strip());
  }
}

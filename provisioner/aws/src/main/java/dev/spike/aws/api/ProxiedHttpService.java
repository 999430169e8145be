package dev.spike.aws.api;

import dev.spike.core.provider.ProviderException;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpService;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * The HTTP client of those SDK clients that the SDK makes by itself, as to exchange a pipeline's
 * token or a profile's role for credentials: the same as that of all others.
 */
public final class ProxiedHttpService implements SdkHttpService {

  /** Makes it the SDK's own, unless somebody named another. */
  public static void install() {
    String setting = SdkSystemSetting.SYNC_HTTP_SERVICE_IMPL.property();
    if (System.getProperty(setting) == null) {
      System.setProperty(setting, ProxiedHttpService.class.getName());
    }
  }

  @Override
  public SdkHttpClient.Builder<?> createHttpClientBuilder() {
    return new Builder();
  }

  private static final class Builder implements SdkHttpClient.Builder<Builder> {
    @Override
    public SdkHttpClient buildWithDefaults(AttributeMap defaults) {
      try {
        return new ProxiedHttpClient(ProxyEnvironment.of(System.getenv()));
      } catch (ProviderException unusable) {
        throw new IllegalStateException(unusable.getMessage(), unusable);
      }
    }
  }
}

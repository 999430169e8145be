package dev.spike.aws.api;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.pricing.PricingClient;
import software.amazon.awssdk.services.resourcegroupstaggingapi.ResourceGroupsTaggingApiClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.servicequotas.ServiceQuotasClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The SDK's clients, each made when it is first used, all with the same Region, credentials,
 * retries, pacing and HTTP client. Only this package sees them.
 */
public final class AwsClients implements AutoCloseable {
  private static final Duration ATTEMPT = Duration.ofSeconds(55);
  private static final Duration REPEAT_FIRST = Duration.ofMillis(200);
  private static final Duration REPEAT_MAX = Duration.ofSeconds(10);
  private static final Duration THROTTLED_FIRST = Duration.ofSeconds(1);
  private static final Duration THROTTLED_MAX = Duration.ofSeconds(20);
  private static final int ATTEMPTS_MAX = 6;

  private final Region region;
  private final AwsCredentialsProvider credentials;
  private final Optional<URI> endpoint;
  private final Pacing pacing;
  private final Calls calls;
  private final SdkHttpClient http;
  private static final String ONCE = "ec2 once";

  private final Map<Object, SdkAutoCloseable> clients = new ConcurrentHashMap<>();

  /**
   * @param endpoint of every service; empty for AWS itself or what {@code AWS_ENDPOINT_URL} names,
   *     which the SDK reads by itself
   */
  public AwsClients(
      String region, AwsCredentialsProvider credentials, Optional<URI> endpoint, Pace pace) {
    this(region, credentials, endpoint, pace, ProxyEnvironment.NONE);
  }

  /** As the other, through the proxies that an environment names. */
  public AwsClients(
      String region,
      AwsCredentialsProvider credentials,
      Optional<URI> endpoint,
      Pace pace,
      ProxyEnvironment proxies) {
    this.region = Region.of(region);
    this.credentials = credentials;
    this.endpoint = endpoint;
    this.pacing = new Pacing(pace);
    this.calls = new Calls(pace, pacing);
    this.http = new ProxiedHttpClient(proxies);
  }

  /** Such as {@code us-east-1}. */
  public String region() {
    return region.id();
  }

  /** How calls are made. */
  public Calls calls() {
    return calls;
  }

  /** What signs the calls. */
  AwsCredentialsProvider credentials() {
    return credentials;
  }

  Ec2Client ec2() {
    return client(Ec2Client.class, Ec2Client::builder);
  }

  /** For creations without a client token: it never repeats a call. */
  Ec2Client ec2Once() {
    return (Ec2Client)
        clients.computeIfAbsent(
            ONCE, key -> configured(Ec2Client.builder(), AwsRetryStrategy.doNotRetry(), region));
  }

  ElasticLoadBalancingV2Client balancing() {
    return client(ElasticLoadBalancingV2Client.class, ElasticLoadBalancingV2Client::builder);
  }

  ElastiCacheClient elastiCache() {
    return client(ElastiCacheClient.class, ElastiCacheClient::builder);
  }

  SsmClient ssm() {
    return client(SsmClient.class, SsmClient::builder);
  }

  /**
   * Paths, not host names, carry the bucket where the endpoint is not AWS's own. A bucket of
   * another Region is answered from there, so that it can be told.
   */
  S3Client s3() {
    return client(
        S3Client.class,
        () -> S3Client.builder().forcePathStyle(emulated()).crossRegionAccessEnabled(true));
  }

  SecretsManagerClient secrets() {
    return client(SecretsManagerClient.class, SecretsManagerClient::builder);
  }

  ServiceQuotasClient quotas() {
    return client(ServiceQuotasClient.class, ServiceQuotasClient::builder);
  }

  ResourceGroupsTaggingApiClient tagging() {
    return client(ResourceGroupsTaggingApiClient.class, ResourceGroupsTaggingApiClient::builder);
  }

  StsClient sts() {
    return client(StsClient.class, StsClient::builder);
  }

  IamClient iam() {
    return client(IamClient.class, IamClient::builder);
  }

  KmsClient kms() {
    return client(KmsClient.class, KmsClient::builder);
  }

  /** The price list is kept in three Regions, for all of them. */
  PricingClient pricing() {
    return client(
        PricingClient.class,
        PricingClient::builder,
        region.id().startsWith("eu-")
            ? Region.EU_CENTRAL_1
            : region.id().startsWith("ap-") ? Region.AP_SOUTH_1 : Region.US_EAST_1);
  }

  /** Whether the calls go to an endpoint that is not AWS's own, as an emulator's. */
  public boolean emulated() {
    return endpoint.isPresent()
        || System.getenv("AWS_ENDPOINT_URL") != null
        || System.getProperty("aws.endpointUrl") != null;
  }

  private <
          C extends SdkAutoCloseable, B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>>
      C client(Class<C> type, Supplier<B> builder) {
    return client(type, builder, region);
  }

  private <
          C extends SdkAutoCloseable, B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>>
      C client(Class<C> type, Supplier<B> builder, Region where) {
    return type.cast(
        clients.computeIfAbsent(
            type, key -> configured(builder.get(), repeating(calls.pace()), where)));
  }

  private static RetryStrategy repeating(Pace pace) {
    return new WordedFailures(
        AwsRetryStrategy.standardRetryStrategy().toBuilder()
            .maxAttempts(ATTEMPTS_MAX)
            .backoffStrategy(
                BackoffStrategy.exponentialDelay(
                    pace.onTheWall(REPEAT_FIRST), pace.onTheWall(REPEAT_MAX)))
            .throttlingBackoffStrategy(
                BackoffStrategy.exponentialDelay(
                    pace.onTheWall(THROTTLED_FIRST), pace.onTheWall(THROTTLED_MAX)))
            .build());
  }

  private <C, B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>> C configured(
      B builder, RetryStrategy retries, Region where) {
    endpoint.ifPresent(builder::endpointOverride);
    return builder
        .region(where)
        .credentialsProvider(credentials)
        .httpClient(http)
        .overrideConfiguration(
            ClientOverrideConfiguration.builder()
                .apiCallAttemptTimeout(ATTEMPT)
                .retryStrategy(retries)
                .addExecutionInterceptor(pacing)
                .build())
        .build();
  }

  @Override
  public void close() {
    List<SdkAutoCloseable> open = new ArrayList<>(clients.values());
    clients.clear();
    open.forEach(SdkAutoCloseable::close);
    http.close();
  }
}

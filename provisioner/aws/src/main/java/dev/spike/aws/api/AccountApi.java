package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.iam.model.GetInstanceProfileRequest;
import software.amazon.awssdk.services.kms.model.DescribeKeyRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/** Whose account the calls go to, for how long, and what its owners gave. */
public final class AccountApi {
  private final AwsClients clients;
  private final Calls calls;

  public AccountApi(AwsClients clients) {
    this.clients = clients;
    this.calls = clients.calls();
  }

  /**
   * Who calls.
   *
   * @param account twelve digits
   * @param arn of the user or of the assumed role
   */
  public record Caller(String account, String arn) {}

  /** Who the credentials belong to; it needs no permission. */
  public Caller caller(Deadline deadline) throws ProviderException, InterruptedException {
    GetCallerIdentityResponse identity =
        calls.of(
            deadline,
            GetCallerIdentityRequest.builder().build(),
            request -> clients.sts().getCallerIdentity(request));
    return new Caller(identity.account(), identity.arn());
  }

  /**
   * How long the credentials last.
   *
   * @param temporary whether they belong to a session that ends
   * @param until when it ends, where their source says so
   */
  public record Term(boolean temporary, Optional<Instant> until) {}

  /** The term of the credentials; UNAUTHORIZED when there are none. */
  public Term term() throws ProviderException {
    try {
      AwsCredentials credentials = clients.credentials().resolveCredentials();
      return new Term(credentials instanceof AwsSessionCredentials, credentials.expirationTime());
    } catch (SdkClientException none) {
      throw new ProviderException(
          Kind.UNAUTHORIZED,
          "no credentials for AWS were found",
          "Set AWS_PROFILE, or the variables of a session; in a pipeline assume the role first.",
          none);
    }
  }

  /** Whether the instance profile is there and has a role; by name or ARN. */
  public boolean hasRole(Deadline deadline, String profile)
      throws ProviderException, InterruptedException {
    String name = profile.substring(profile.lastIndexOf('/') + 1);
    return calls.of(
        deadline,
        GetInstanceProfileRequest.builder().instanceProfileName(name).build(),
        request -> clients.iam().getInstanceProfile(request).instanceProfile().hasRoles());
  }

  /** Whether the key can encrypt now. */
  public boolean keyIsEnabled(Deadline deadline, String key)
      throws ProviderException, InterruptedException {
    return calls.of(
        deadline,
        DescribeKeyRequest.builder().keyId(key).build(),
        request -> Boolean.TRUE.equals(clients.kms().describeKey(request).keyMetadata().enabled()));
  }
}

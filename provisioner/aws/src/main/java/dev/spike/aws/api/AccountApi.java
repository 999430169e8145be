package dev.spike.aws.api;

import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.WebIdentityTokenFileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.iam.model.GetInstanceProfileRequest;
import software.amazon.awssdk.services.kms.model.DescribeKeyRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityRequest;
import software.amazon.awssdk.services.sts.model.GetCallerIdentityResponse;

/** Whose account the calls go to, for how long, and what its owners gave. */
public final class AccountApi {
  private static final String EXCHANGE = "AssumeRoleWithWebIdentity";
  private static final String SIGN_IN = "the sign-in by profile";

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

  /**
   * The term of the credentials. UNAUTHORIZED when there are none; what kept a pipeline's token
   * from being exchanged for some, or a named profile from giving them.
   */
  public Term term() throws ProviderException, InterruptedException {
    try {
      AwsCredentials credentials = clients.credentials().resolveCredentials();
      return new Term(credentials instanceof AwsSessionCredentials, credentials.expirationTime());
    } catch (SdkException failure) {
      if (clients.credentials() instanceof WebIdentityTokenFileCredentialsProvider) {
        throw AwsErrors.failure(EXCHANGE, failure);
      }
      if (clients.credentials() instanceof NamedProfile) {
        throw AwsErrors.failure(SIGN_IN, failure);
      }
      throw new ProviderException(
          Kind.UNAUTHORIZED,
          "no credentials for AWS were found",
          "Set AWS_PROFILE, or the variables of a session; in a pipeline assume the role first.",
          failure);
    } catch (UncheckedIOException unreadable) {
      throw new ProviderException(
          Kind.UNAUTHORIZED,
          "the token that AWS_WEB_IDENTITY_TOKEN_FILE names cannot be read: "
              + unreadable.getMessage(),
          "Correct that variable; in a pipeline permit the job to ask for a token.",
          unreadable);
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

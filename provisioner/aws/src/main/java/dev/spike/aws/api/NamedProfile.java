package dev.spike.aws.api;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileProperty;

/**
 * The profile that a person names in {@code AWS_PROFILE}, and no other identity in its place. One
 * that signs in through IAM Identity Center has its token from {@code aws sso login}.
 */
public final class NamedProfile implements AwsCredentialsProvider {
  /** The SDK keeps this name to itself. */
  private static final String SESSION = "sso_session";

  /** How the SDK ends some reasons: with all profiles that it read. */
  private static final Pattern LISTING = Pattern.compile(": ProfileFile\\(.*", Pattern.DOTALL);

  private final String name;
  private final ProfileCredentialsProvider profile;

  /** By the name that {@code AWS_PROFILE} gives. */
  public NamedProfile(String name) {
    this.name = name;
    this.profile = ProfileCredentialsProvider.create(name);
  }

  /** Why a profile gives no credentials, and how to get them. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1L;

    private final String next;

    Refused(String message, String next, Throwable cause) {
      super(message, cause);
      this.next = next;
    }

    /** What to do about it. */
    String next() {
      return next;
    }
  }

  @Override
  public AwsCredentials resolveCredentials() {
    try {
      return profile.resolveCredentials();
    } catch (RuntimeException failure) {
      // Of any class: the SDK ends with NullPointerException on a sign-in without a client's name.
      if (outOfReach(failure)) {
        throw failure;
      }
      Refused refused = refused(failure);
      throw SdkClientException.create(String.valueOf(refused.getMessage()), refused);
    }
  }

  private Refused refused(RuntimeException failure) {
    Optional<Profile> known = ProfileFile.defaultProfileFile().profile(name);
    String reason = failure.getMessage() == null ? failure.toString() : failure.getMessage();
    return new Refused(
        "the profile "
            + name
            + ", which AWS_PROFILE names, gives no credentials: "
            + (known.isPresent()
                ? LISTING.matcher(reason).replaceFirst("")
                : "neither the AWS config file nor the credentials file has it"),
        known.filter(NamedProfile::signsIn).isPresent()
            ? "Sign in with: aws sso login --profile " + name
            : "Correct the profile or AWS_PROFILE until aws sts get-caller-identity answers.",
        failure);
  }

  private static boolean signsIn(Profile profile) {
    return profile.property(SESSION).isPresent()
        || profile.property(ProfileProperty.SSO_START_URL).isPresent();
  }

  /** Whether who would give the credentials did not answer at all. */
  private static boolean outOfReach(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProxyFailure
          || (cause instanceof IOException && !(cause instanceof FileSystemException))) {
        return true;
      }
    }
    return false;
  }
}

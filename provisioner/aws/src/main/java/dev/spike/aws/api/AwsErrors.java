package dev.spike.aws.api;

import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/** The one place that knows the error codes of AWS. */
public final class AwsErrors {
  private AwsErrors() {}

  /** What an error says beyond its kind, where a caller does something about it. */
  public enum Reason {
    /** Another pool (type or zone) may have what this one lacks. */
    POOL_EMPTY,
    /** Something still uses it; it may be free later. */
    IN_USE,
    /** The token's instances are gone: ask with another token. */
    TOKEN_SPENT,
    /** The token was used with other parameters. */
    TOKEN_MISMATCH,
    /** A condition on the object's state did not hold. */
    CONDITION_FAILED,
    /** The bucket itself is gone, not an object in it. */
    NO_BUCKET,
    /** The endpoint does not know the action, as an emulator may not. */
    NOT_OFFERED,
    /** Its kind says it all. */
    PLAIN
  }

  private static final Map<String, Reason> REASONS = new TreeMap<>();
  private static final Map<String, Kind> KINDS = new TreeMap<>();

  static {
    reasons(
        Reason.POOL_EMPTY,
        "InsufficientInstanceCapacity",
        "InsufficientHostCapacity",
        "InsufficientCapacity",
        "VcpuLimitExceeded",
        "UnfulfillableCapacity",
        "Unsupported",
        "UnsupportedOperation",
        "InsufficientFreeAddressesInSubnet",
        "MaxFleetCountExceeded",
        "ReservationCapacityExceeded");
    reasons(
        Reason.IN_USE,
        "DependencyViolation",
        "ResourceInUse",
        "InvalidGroup.InUse",
        "InvalidPlacementGroup.InUse",
        "InvalidNetworkInterface.InUse",
        "InvalidParameterValue.InUse",
        "CacheSubnetGroupInUse",
        "InvalidCacheParameterGroupState",
        "InvalidReplicationGroupState",
        "InvalidCacheClusterState",
        "OperationNotPermitted");
    reasons(Reason.TOKEN_SPENT, "IdempotentInstanceTerminated");
    reasons(
        Reason.TOKEN_MISMATCH,
        "IdempotentParameterMismatch",
        "IdempotentParameterMismatchException");
    reasons(Reason.CONDITION_FAILED, "PreconditionFailed", "ConditionalRequestConflict");
    reasons(Reason.NO_BUCKET, "NoSuchBucket");
    reasons(
        Reason.NOT_OFFERED,
        "InvalidAction",
        "NotImplemented",
        "UnknownOperationException",
        "UnknownAction",
        "NotYetImplemented");
    kinds(
        Kind.THROTTLED,
        "RequestLimitExceeded",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
        "TooManyUpdates",
        "RequestThrottled",
        "RequestThrottledException",
        "EC2ThrottledException",
        "BandwidthLimitExceeded",
        "PriorRequestNotComplete",
        "SlowDown");
    kinds(
        Kind.UNAUTHORIZED,
        "UnauthorizedOperation",
        "AccessDenied",
        "AccessDeniedException",
        "AuthFailure",
        "ExpiredToken",
        "ExpiredTokenException",
        "RequestExpired",
        "InvalidClientTokenId",
        "InvalidAccessKeyId",
        "UnrecognizedClientException",
        "SignatureDoesNotMatch",
        "InvalidIdentityToken",
        "IDPRejectedClaim",
        "MissingAuthenticationToken",
        "NotAuthorized",
        "OptInRequired",
        "PendingVerification");
    kinds(
        Kind.UNAVAILABLE,
        "InternalError",
        "InternalFailure",
        "InternalServerError",
        "InternalServiceError",
        "ServiceUnavailable",
        "ServiceUnavailableException",
        "Unavailable",
        "RequestTimeout",
        "RequestTimeoutException",
        "IncorrectState",
        "IncorrectInstanceState",
        "CapacityReservationPending");
    kinds(
        Kind.QUOTA_EXCEEDED,
        "VcpuLimitExceeded",
        "CapacityDecreaseRequestsLimitExceeded",
        "CapacityUnitsLimitExceeded",
        "TooManyLoadBalancers",
        "TooManyListeners",
        "TooManyTargets",
        "TooManyTargetGroups",
        "TooManyRegistrationsForTargetId");
    kinds(
        Kind.NOT_FOUND,
        "NoSuchKey",
        "NoSuchEntity",
        "NoSuchEntityException",
        "NoSuchResourceException",
        "InvocationDoesNotExist",
        "InvalidPlacementGroup.Unknown",
        "Gateway.NotAttached",
        "404");
    kinds(
        Kind.ALREADY_EXISTS,
        "BucketAlreadyOwnedByYou",
        "DuplicateLoadBalancerName",
        "DuplicateTargetGroupName",
        "DuplicateListener",
        "ResourceExistsException",
        "InvalidSubnet.Conflict",
        "RouteAlreadyExists",
        "Resource.AlreadyAssociated");
  }

  private static void reasons(Reason reason, String... codes) {
    for (String code : codes) {
      REASONS.put(code, reason);
    }
  }

  private static void kinds(Kind kind, String... codes) {
    for (String code : codes) {
      KINDS.put(code, kind);
    }
  }

  /** The reason within a failure that {@link #failure} made; PLAIN for every other. */
  public static Reason reason(ProviderException failure) {
    return failure.getCause() instanceof AwsServiceException service
        ? reason(code(service), service.statusCode())
        : Reason.PLAIN;
  }

  /** The reason of an error inside an answer that succeeded, as a fleet has them. */
  public static Reason reason(@Nullable String code) {
    return reason(code == null ? "" : code, 0);
  }

  private static Reason reason(String code, int status) {
    if (status == 412) {
      return Reason.CONDITION_FAILED;
    }
    if (status == 501 || (status == 500 && code.equals("500"))) {
      return Reason.NOT_OFFERED;
    }
    return REASONS.getOrDefault(stripped(code), Reason.PLAIN);
  }

  /**
   * The port's failure for one of the SDK.
   *
   * @param what the call and its subject, as in {@code CreateVpc}
   * @throws InterruptedException when that is what ended the call
   */
  static ProviderException failure(String what, RuntimeException error)
      throws InterruptedException {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof AbortedException || cause instanceof InterruptedException) {
        InterruptedException interrupted = new InterruptedException(what + " was cut off");
        interrupted.initCause(error);
        throw interrupted;
      }
      if (cause instanceof NamedProfile.Refused refused) {
        return new ProviderException(
            Kind.UNAUTHORIZED, String.valueOf(refused.getMessage()), refused.next(), error);
      }
      if (cause instanceof AwsServiceException service) {
        return failure(what, service);
      }
      if (cause instanceof ProxyFailure proxy) {
        return new ProviderException(
            Kind.UNAVAILABLE,
            what + " did not reach AWS: " + proxy.getMessage(),
            proxy.next(),
            error);
      }
      if (cause instanceof UnknownHostException unknown) {
        return new ProviderException(
            Kind.UNAVAILABLE,
            what + " did not reach AWS: there is no host " + unknown.getMessage(),
            "Correct the Region or AWS_ENDPOINT_URL; where a proxy is the only way out, name it in"
                + " HTTPS_PROXY.",
            error);
      }
      if (cause instanceof SSLHandshakeException untrusted) {
        return new ProviderException(
            Kind.UNAVAILABLE,
            what + " did not reach AWS: no trust in who answered: " + untrusted.getMessage(),
            "Where a proxy opens TLS, give Java its authority:"
                + " JAVA_TOOL_OPTIONS=-Djavax.net.ssl.trustStore=FILE.",
            error);
      }
      if (cause instanceof Pacing.TurnTooLate late) {
        return new ProviderException(
            Kind.UNAVAILABLE,
            String.valueOf(late.getMessage()),
            "Run the same command again, with a longer --deadline.",
            error);
      }
    }
    String text = String.valueOf(error.getMessage());
    if (text.toLowerCase(Locale.ROOT).contains("credentials")) {
      return new ProviderException(
          Kind.UNAUTHORIZED,
          what + ": no credentials: " + text,
          "Sign in (AWS_PROFILE, AWS_ACCESS_KEY_ID or the pipeline's OIDC role), then run the same"
              + " command again.",
          error);
    }
    boolean late =
        error instanceof ApiCallTimeoutException || error instanceof ApiCallAttemptTimeoutException;
    return new ProviderException(
        Kind.UNAVAILABLE,
        what + (late ? " did not end in its time: " : " did not reach AWS: ") + text,
        "Run the same command again; if it stays, check the network, HTTPS_PROXY and the Region.",
        error);
  }

  private static ProviderException failure(String what, AwsServiceException error) {
    String code = code(error);
    String text =
        error.awsErrorDetails() == null || error.awsErrorDetails().errorMessage() == null
            ? String.valueOf(error.getMessage())
            : error.awsErrorDetails().errorMessage();
    Kind kind = kind(code, error.statusCode());
    return new ProviderException(
        kind, what + " was refused with " + code + ": " + text, next(kind, code, what), error);
  }

  /** The error's code; its status where there is none. */
  private static String code(AwsServiceException error) {
    return error.awsErrorDetails() == null || error.awsErrorDetails().errorCode() == null
        ? Integer.toString(error.statusCode())
        : error.awsErrorDetails().errorCode();
  }

  /** An internal error without a code: no service of AWS's answers so. */
  static boolean withoutCode(AwsServiceException error) {
    return error.statusCode() == 500 && code(error).equals("500");
  }

  /** The failure for an error inside an answer that succeeded. */
  public static ProviderException failure(
      String what, @Nullable String code, @Nullable String text) {
    String known = code == null ? "no code" : code;
    Kind kind = kind(known, 0);
    return new ProviderException(
        kind, what + " was refused with " + known + ": " + text, next(kind, known, what));
  }

  private static String stripped(String code) {
    for (String ending : Set.of("Fault", "Exception")) {
      if (code.endsWith(ending) && !KINDS.containsKey(code) && !REASONS.containsKey(code)) {
        return code.substring(0, code.length() - ending.length());
      }
    }
    return code;
  }

  /** The kind of an error code; a code that is not listed is sorted by its shape and status. */
  static Kind kind(String code, int status) {
    String bare = stripped(code);
    Kind known = KINDS.get(bare);
    if (known != null) {
      return known;
    }
    return switch (reason(code, status)) {
      case POOL_EMPTY -> Kind.INSUFFICIENT_CAPACITY;
      case IN_USE -> Kind.UNAVAILABLE;
      case TOKEN_SPENT, CONDITION_FAILED -> Kind.ALREADY_EXISTS;
      case TOKEN_MISMATCH, NOT_OFFERED -> Kind.INVALID;
      case NO_BUCKET -> Kind.NOT_FOUND;
      case PLAIN -> shape(bare, status);
    };
  }

  private static Kind shape(String code, int status) {
    if (code.contains("NotFound") || code.endsWith("DoesNotExist")) {
      return Kind.NOT_FOUND;
    }
    if (code.contains("AlreadyExists") || code.endsWith(".Duplicate") || code.endsWith("Exists")) {
      return Kind.ALREADY_EXISTS;
    }
    if (code.contains("LimitExceeded") || (code.contains("Quota") && code.contains("Exceeded"))) {
      return Kind.QUOTA_EXCEEDED;
    }
    if (code.contains("InsufficientCapacity")) {
      return Kind.INSUFFICIENT_CAPACITY;
    }
    if (code.contains("Throttl")) {
      return Kind.THROTTLED;
    }
    if (status == 401 || status == 403) {
      return Kind.UNAUTHORIZED;
    }
    return status >= 500 ? Kind.UNAVAILABLE : Kind.INVALID;
  }

  private static String next(Kind kind, String code, String what) {
    return switch (kind) {
      case NOT_FOUND -> "Run spike provision with the same plan: it makes what is missing.";
      case ALREADY_EXISTS ->
          "Give the event another name, or remove what holds the name if it is not needed.";
      case INSUFFICIENT_CAPACITY ->
          "Add types to provider.aws.instanceTypes, or run the same command again later.";
      case QUOTA_EXCEEDED ->
          "Ask for a higher quota in Service Quotas; spike plan lists what is needed by when.";
      case THROTTLED -> "Run the same command again; another program may use the same API.";
      case UNAUTHORIZED ->
          code.contains("Expired")
              ? "Renew the credentials and run the same command again: it continues."
              : "Allow " + what + " to this role; templates/iam has the policies needed.";
      case UNAVAILABLE -> "Run the same command again: it continues where this one ended.";
      case INVALID ->
          reason(code, 0) == Reason.NOT_OFFERED
              ? "Give that thing instead of letting spike make it: see provider.aws in the"
                  + " reference."
              : "Correct provider.aws in the event file, then plan again.";
    };
  }
}

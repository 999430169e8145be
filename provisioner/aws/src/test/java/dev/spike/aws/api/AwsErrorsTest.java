package dev.spike.aws.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.core.provider.ProviderException.Kind;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AwsErrorsTest {
  @ParameterizedTest
  @CsvSource({
    "InvalidInstanceID.NotFound, 400, NOT_FOUND",
    "ReplicationGroupNotFoundFault, 404, NOT_FOUND",
    "LoadBalancerNotFound, 400, NOT_FOUND",
    "NoSuchBucket, 404, NOT_FOUND",
    "InvalidGroup.Duplicate, 400, ALREADY_EXISTS",
    "ReplicationGroupAlreadyExistsFault, 400, ALREADY_EXISTS",
    "InsufficientInstanceCapacity, 500, INSUFFICIENT_CAPACITY",
    "VcpuLimitExceeded, 400, QUOTA_EXCEEDED",
    "NodeQuotaForClusterExceededFault, 400, QUOTA_EXCEEDED",
    "ServiceQuotaExceededException, 400, QUOTA_EXCEEDED",
    "RequestLimitExceeded, 503, THROTTLED",
    "ThrottlingException, 400, THROTTLED",
    "ExpiredToken, 403, UNAUTHORIZED",
    "SomethingNew, 403, UNAUTHORIZED",
    "SomethingNew, 500, UNAVAILABLE",
    "DependencyViolation, 400, UNAVAILABLE",
    "IdempotentParameterMismatch, 400, INVALID",
    "InvalidParameterValue, 400, INVALID",
  })
  void everyCodeHasTheKindThatTheEngineActsOn(String code, int status, Kind kind) {
    assertThat(AwsErrors.kind(code, status)).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "InsufficientFreeAddressesInSubnet, POOL_EMPTY",
    "VcpuLimitExceeded, POOL_EMPTY",
    "DependencyViolation, IN_USE",
    "IdempotentInstanceTerminated, TOKEN_SPENT",
    "InvalidParameterValue, PLAIN",
  })
  void aReasonIsKnownWhereACallerDoesSomethingAboutIt(String code, AwsErrors.Reason reason) {
    assertThat(AwsErrors.reason(code)).isEqualTo(reason);
  }
}

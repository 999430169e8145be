package dev.spike.aws;

import dev.spike.aws.api.AwsErrors;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.provider.ProviderException.Kind;
import dev.spike.core.resource.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.ec2.model.CreateFleetError;

/** What the pools that had no room said, for whoever has to find room elsewhere. */
final class Refusals {
  /** How many are told: those of the own zone come first. */
  private static final int ANSWERS_MAX = 12;

  private final List<ProviderException> answers = new ArrayList<>();

  /** A call that was refused as a whole. */
  void add(Pools.Pool pool, ProviderException failure) {
    answers.add(
        new ProviderException(
            failure.kind(),
            pool.type() + " in " + pool.zoneName() + ": " + failure.getMessage(),
            failure.next(),
            failure));
  }

  /** True when the pool only asked for patience; other errors are the pool's or end the run. */
  boolean mayPass(List<CreateFleetError> errors, Pools.Pool pool) throws ProviderException {
    boolean throttled = false;
    for (CreateFleetError error : errors) {
      ProviderException failure =
          AwsErrors.failure(
              "launching " + pool.type() + " in " + pool.zoneName(),
              error.errorCode(),
              error.errorMessage());
      switch (failure.kind()) {
        case THROTTLED -> throttled = true;
        case INSUFFICIENT_CAPACITY, QUOTA_EXCEEDED, UNAVAILABLE -> answers.add(failure);
        case NOT_FOUND, ALREADY_EXISTS, UNAUTHORIZED, INVALID -> throw failure;
      }
    }
    return throttled;
  }

  /** The failure of a fleet that found no pool for so many nodes. */
  ProviderException lacking(Resource.NodeFleet fleet, int missing) {
    boolean quota = answers.stream().anyMatch(failure -> failure.kind() == Kind.QUOTA_EXCEEDED);
    String told =
        answers.stream()
            .map(failure -> String.valueOf(failure.getMessage()))
            .distinct()
            .limit(ANSWERS_MAX)
            .collect(Collectors.joining("; "));
    return new ProviderException(
        quota ? Kind.QUOTA_EXCEEDED : Kind.INSUFFICIENT_CAPACITY,
        missing + " nodes of " + fleet.id() + " found no room in any pool: " + told,
        quota
            ? "Ask for a higher vCPU quota (L-1216C47A) in Service Quotas, then run the same command"
                + " again."
            : "Add types to provider.aws.instanceTypes, or run the same command again later: it"
                + " launches only what is missing.");
  }
}

package dev.spike.aws;

import dev.spike.aws.api.AwsErrors;
import dev.spike.aws.api.Calls;
import dev.spike.core.provider.ProviderException;

/** Looks for what an endpoint may not offer at all, as plain emulators do not. */
final class Offered {
  private Offered() {}

  /** What is there, or the other when the endpoint does not know the action: then none can be. */
  static <T> T orElse(T none, Calls.Attempt<T> look)
      throws ProviderException, InterruptedException {
    try {
      return look.run();
    } catch (ProviderException failure) {
      if (AwsErrors.reason(failure) == AwsErrors.Reason.NOT_OFFERED) {
        return none;
      }
      throw failure;
    }
  }
}

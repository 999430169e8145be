package dev.spike.core.apply;

import dev.spike.core.provider.ProviderException;

/** How a run ended; the command line gives each its exit code. */
public enum Ending {
  DONE,
  NOT_DUE,
  FAILED,
  /** By policy: a live node would go, connections are still open. */
  REFUSED,
  /** Some steps are done, the rest can be: the same command again continues. */
  PARTLY,
  /** The provider, a tool or capacity is not to be had. */
  UNAVAILABLE,
  LEASE_HELD,
  /** No privilege, credentials or quota. */
  UNAUTHORIZED,
  /** The plan cannot be carried out, such as one for an event that is over. */
  INVALID_PLAN,
  DEADLINE,
  STOPPED;

  /** How a run ends that a provider's failure ended. */
  static Ending of(ProviderException.Kind kind) {
    return switch (kind) {
      case UNAUTHORIZED, QUOTA_EXCEEDED -> UNAUTHORIZED;
      case INSUFFICIENT_CAPACITY, UNAVAILABLE, THROTTLED -> UNAVAILABLE;
      case NOT_FOUND, ALREADY_EXISTS, INVALID -> FAILED;
    };
  }
}

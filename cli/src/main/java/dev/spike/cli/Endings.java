package dev.spike.cli;

import dev.spike.core.apply.Ending;
import dev.spike.core.apply.Stop;

/** Which exit code each ending of a run has. */
final class Endings {
  private Endings() {}

  static ExitCode exit(Ending ending, Stop stop) {
    return switch (ending) {
      case DONE, NOT_DUE -> ExitCode.DONE;
      case FAILED -> ExitCode.FAILED;
      case REFUSED -> ExitCode.REFUSED;
      case PARTLY -> ExitCode.PARTLY;
      case UNAVAILABLE -> ExitCode.UNAVAILABLE;
      case LEASE_HELD -> ExitCode.LEASE_HELD;
      case UNAUTHORIZED -> ExitCode.NO_PRIVILEGE;
      case INVALID_PLAN -> ExitCode.BAD_SPEC;
      case DEADLINE -> ExitCode.DEADLINE;
      case STOPPED -> stopped(stop);
    };
  }

  static ExitCode stopped(Stop stop) {
    return stop.signal() == 15 ? ExitCode.STOPPED_TERM : ExitCode.STOPPED_INT;
  }

  /** The first words of a run's headline. */
  static String words(Ending ending) {
    return switch (ending) {
      case DONE -> "done";
      case NOT_DUE -> "not due yet";
      case FAILED -> "failed";
      case REFUSED -> "refused";
      case PARTLY -> "partly done, run again to continue";
      case UNAVAILABLE -> "provider unavailable or out of capacity";
      case LEASE_HELD -> "another run holds the lease";
      case UNAUTHORIZED -> "no privilege, credentials or quota";
      case INVALID_PLAN -> "the plan cannot be carried out";
      case DEADLINE -> "the deadline passed, run again to continue";
      case STOPPED -> "stopped, run again to continue";
    };
  }
}

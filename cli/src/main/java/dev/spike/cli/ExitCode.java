package dev.spike.cli;

/** Every exit code of {@code spike}; {@code docs/exit-codes.md} says what to do about each. */
public enum ExitCode {
  DONE(0, "done, or not due yet"),
  FAILED(1, "failed"),
  CHANGES_PRESENT(2, "changes present (only with --detailed-exitcode)"),
  REFUSED(3, "refused by policy or budget"),
  VERIFY_FAILED(4, "warm verification failed"),
  PARTLY(5, "partly done, run again to continue"),
  USAGE(64, "wrong usage"),
  BAD_TICKETS(65, "bad ticket data"),
  FILE_MISSING(66, "a file is missing"),
  UNAVAILABLE(
      69, "provider unavailable or out of capacity, or a kernel feature or tool is missing"),
  BUG(70, "a bug in spike"),
  CANNOT_WRITE(73, "cannot write"),
  LEASE_HELD(75, "another run holds the lease"),
  NO_PRIVILEGE(77, "no privilege, credentials or quota"),
  BAD_SPEC(78, "bad event.yaml or plan, or the event is in the past"),
  DEADLINE(124, "the deadline passed"),
  STOPPED_INT(130, "stopped by SIGINT"),
  STOPPED_TERM(143, "stopped by SIGTERM");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  public int code() {
    return code;
  }

  public String meaning() {
    return meaning;
  }
}

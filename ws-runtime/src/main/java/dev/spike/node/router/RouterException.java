package dev.spike.node.router;

import java.io.IOException;

/** A refusal of a router command: what is wrong, what to do next, and the exit code. */
final class RouterException extends IOException {
  static final int FAILED = 1;
  static final int USAGE = 64;
  static final int UNAVAILABLE = 69;

  private final String next;
  private final int exitCode;

  RouterException(String what, String next, int exitCode) {
    super(what);
    this.next = next;
    this.exitCode = exitCode;
  }

  RouterException(String what, String next, int exitCode, Throwable cause) {
    super(what, cause);
    this.next = next;
    this.exitCode = exitCode;
  }

  String next() {
    return next;
  }

  int exitCode() {
    return exitCode;
  }
}

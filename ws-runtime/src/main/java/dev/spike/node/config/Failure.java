package dev.spike.node.config;

/** A command that cannot do what was asked: what is wrong, what to do next, and the exit code. */
public final class Failure extends Exception {
  /** Failed while trying. */
  public static final int FAILED = 1;

  /** Wrong arguments or configuration. */
  public static final int USAGE = 64;

  /** Something needed is not there or does not answer. */
  public static final int UNAVAILABLE = 69;

  private final int exitCode;
  private final String next;

  /** {@code error} is one sentence; {@code next} is what the reader should do. */
  public Failure(int exitCode, String error, String next) {
    super(error);
    this.exitCode = exitCode;
    this.next = next;
  }

  /** The exit code of the process. */
  public int exitCode() {
    return exitCode;
  }

  /** What the reader should do next. */
  public String next() {
    return next;
  }
}

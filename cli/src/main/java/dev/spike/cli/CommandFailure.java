package dev.spike.cli;

/** A command that ends early: its exit code, what happened, and what the reader does now. */
public final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1L;
  private final ExitCode exit;
  private final String detail;
  private final String next;

  /**
   * @param summary what and where
   * @param detail which value; may be empty
   * @param next what to do now
   */
  public CommandFailure(ExitCode exit, String summary, String detail, String next) {
    super(summary);
    this.exit = exit;
    this.detail = detail;
    this.next = next;
  }

  /** As the other constructor, with the failure that led here. */
  public CommandFailure(
      ExitCode exit, String summary, String detail, String next, Throwable cause) {
    super(summary, cause);
    this.exit = exit;
    this.detail = detail;
    this.next = next;
  }

  public ExitCode exit() {
    return exit;
  }

  public String summary() {
    return String.valueOf(getMessage());
  }

  public String detail() {
    return detail;
  }

  public String next() {
    return next;
  }
}

package dev.spike.core.plan;

import org.jspecify.annotations.Nullable;

/** A plan file that cannot be read, trusted or written. */
public final class PlanException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong, which fixes the exit code. */
  public enum Kind {
    /** There is no such file, or it may not be read: exit 66. */
    MISSING_FILE,
    /** Not a plan, a plan of another schema, or changed after it was made: exit 78. */
    BAD,
    /** The place for it cannot be written: exit 73. */
    CANNOT_WRITE
  }

  private final Kind kind;
  private final String next;

  /**
   * @param message what, where and which value, in one sentence
   * @param next what the reader does now, in one sentence
   */
  public PlanException(Kind kind, String message, String next) {
    super(message);
    this.kind = kind;
    this.next = next;
  }

  /** As the other constructor, with the failure that led here. */
  public PlanException(Kind kind, String message, String next, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.next = next;
  }

  public Kind kind() {
    return kind;
  }

  /** What the reader does now. */
  public String next() {
    return next;
  }
}

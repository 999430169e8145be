package dev.spike.core.sales;

import org.jspecify.annotations.Nullable;

/** A ticket source that cannot be counted. Nothing was written. */
public final class TicketDataException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What is wrong, which fixes the exit code. */
  public enum Kind {
    /** There is no such file, or it may not be read: exit 66. */
    MISSING_FILE,
    /** Empty, binary, unreadable, or too many of its rows rejected: exit 65. */
    BAD_DATA,
    /** A service or database is away, overloaded, or did not answer in time: exit 69. */
    UNAVAILABLE,
    /** A token or password is not set, or was refused: exit 77. */
    UNAUTHORIZED
  }

  private final Kind kind;
  private final String next;

  /**
   * @param message what, where and which value, in one sentence or a few lines
   * @param next what the reader does now, in one sentence
   */
  public TicketDataException(Kind kind, String message, String next, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.next = next;
  }

  /** BAD_DATA without a cause. */
  public static TicketDataException bad(String message, String next) {
    return new TicketDataException(Kind.BAD_DATA, message, next, null);
  }

  public Kind kind() {
    return kind;
  }

  /** What the reader does now. */
  public String next() {
    return next;
  }
}

package dev.spike.core.provider;

/**
 * The one failure a provider reports. The engine switches on {@link #kind()}, never on text; the
 * text and {@link #next()} are for people.
 */
public final class ProviderException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The closed set of failures. */
  public enum Kind {
    /** What was named is not there. */
    NOT_FOUND("what was named is not there"),
    /** Something of that name is there and is not ours to change. */
    ALREADY_EXISTS("the name is taken"),
    /** The provider has no room of the kind asked for at this time. */
    INSUFFICIENT_CAPACITY("the provider has no room of this kind now"),
    /** The account's or machine's limit is reached. */
    QUOTA_EXCEEDED("a limit of the account or machine is reached"),
    /** Asked too often; the same call may succeed later. */
    THROTTLED("asked too often"),
    /** No privilege or no credentials. */
    UNAUTHORIZED("a privilege or credentials are missing"),
    /** The request can never succeed as it is. */
    INVALID("it cannot succeed as it was asked for"),
    /** The provider, a tool or a peer did not answer; the same call may succeed later. */
    UNAVAILABLE("no answer, or no good one, in time");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    /** For people, as part of a sentence. */
    public String words() {
      return words;
    }
  }

  private final Kind kind;
  private final String next;

  /**
   * @param kind what failed
   * @param message what, where and which value, in one sentence
   * @param next what the reader does now, in one sentence
   */
  public ProviderException(Kind kind, String message, String next) {
    super(message);
    this.kind = kind;
    this.next = next;
  }

  /** As the other constructor, with the failure that led here. */
  public ProviderException(Kind kind, String message, String next, Throwable cause) {
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

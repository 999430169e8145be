package dev.spike.core.apply;

/**
 * A sentence for people.
 *
 * @param summary what and where
 * @param detail which value
 * @param next what to do now; may be empty for notes
 */
public record Diagnostic(Severity severity, String summary, String detail, String next) {
  /** How bad it is. */
  public enum Severity {
    NOTE,
    WARNING,
    ERROR
  }

  public static Diagnostic error(String summary, String detail, String next) {
    return new Diagnostic(Severity.ERROR, summary, detail, next);
  }

  public static Diagnostic warning(String summary, String detail, String next) {
    return new Diagnostic(Severity.WARNING, summary, detail, next);
  }
}

package dev.spike.core.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/**
 * A sentence for people: about a plan that was made nevertheless, or about a run.
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
    ERROR;

    @JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static Diagnostic error(String summary, String detail, String next) {
    return new Diagnostic(Severity.ERROR, summary, detail, next);
  }

  public static Diagnostic warning(String summary, String detail, String next) {
    return new Diagnostic(Severity.WARNING, summary, detail, next);
  }
}

package dev.spike.core.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What a person should know about a plan that was made nevertheless. */
public record Diagnostic(Severity severity, String summary, String detail, String next) {

  /** How much it matters. */
  public enum Severity {
    WARNING,
    ERROR;

    @JsonValue
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}

package dev.spike.core.catalog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a figure of a node profile comes from. */
public enum FigureOrigin {
  /** The maker of the machine states it. */
  GIVEN,
  /** It was measured on such a machine. */
  MEASURED,
  /** It is set by us, such as a limit in a configuration. */
  DEFAULT,
  /** It was inferred from something else. */
  ESTIMATE;

  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  static FigureOrigin of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  /** The weaker of two: what follows from both is known no better than that. */
  public FigureOrigin weaker(FigureOrigin other) {
    return compareTo(other) >= 0 ? this : other;
  }
}

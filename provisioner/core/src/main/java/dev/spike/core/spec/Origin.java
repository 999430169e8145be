package dev.spike.core.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a number of the plan comes from. */
public enum Origin {
  /** It stands in the event file. */
  GIVEN,
  /** It was counted in the data or measured on a node. */
  MEASURED,
  /** Nothing was said, so a default was taken. */
  DEFAULT;

  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  static Origin of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}

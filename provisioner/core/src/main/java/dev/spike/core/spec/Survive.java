package dev.spike.core.spec;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** The loss after which what is left of the tier must still suffice. */
public enum Survive {
  /** All of one zone at once. */
  ZONE,
  /** One node, and one cache node. */
  NODE,
  /** Nothing is lost. */
  NONE;

  /** As event files and plans write it. */
  @JsonValue
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The one of that text. */
  @JsonCreator
  public static Survive of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}

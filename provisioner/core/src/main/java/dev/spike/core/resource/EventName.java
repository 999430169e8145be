package dev.spike.core.resource;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * The name of an event: {@code [a-z][a-z0-9-]{1,30}}. Every name of a provider's resource derives
 * from it, so its alphabet is the narrowest that all of them accept.
 *
 * <p>Any other text is an IllegalArgumentException.
 */
public record EventName(@JsonValue String value) {
  private static final Pattern SHAPE = Pattern.compile("[a-z][a-z0-9-]{1,30}");

  @JsonCreator
  public EventName {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "event name '"
              + value
              + "' is not 2 to 31 characters of a-z, 0-9 and '-', starting with a letter");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}

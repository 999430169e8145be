package dev.spike.core.resource;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/**
 * The logical name of a resource within its event: its kind, for zonal ones followed by {@code
 * /zone}, such as {@code node-fleet/a}.
 *
 * <p>Any other text is an IllegalArgumentException.
 */
public record ResourceId(@JsonValue String value) implements Comparable<ResourceId> {
  private static final Pattern SHAPE = Pattern.compile("[a-z][a-z-]{1,40}(/[a-z0-9-]{1,24})?");

  @JsonCreator
  public ResourceId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'" + value + "' is not a resource id such as node-fleet/a");
    }
  }

  @Override
  public int compareTo(ResourceId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}

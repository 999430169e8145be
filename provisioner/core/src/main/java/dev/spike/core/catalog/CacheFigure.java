package dev.spike.core.catalog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/** What is known of a cache node, with its unit. */
public enum CacheFigure {
  /** For keys; what the system and a copy for replicas need is already taken off. */
  MEMORY_BYTES("memoryBytes", "bytes"),
  /** Calls of one of the runtime's session functions, the one thread that runs them busy. */
  CALLS_PER_SECOND("callsPerSecond", "calls per second"),
  /** That it takes. */
  CONNECTIONS_MAX("connectionsMax", "connections"),
  /** Sustained, not burst. */
  NETWORK_BITS_PER_SECOND("networkBitsPerSecond", "bits per second");

  private final String key;
  private final String unit;

  CacheFigure(String key, String unit) {
    this.key = key;
    this.unit = unit;
  }

  /** Its name in files. */
  @JsonValue
  public String key() {
    return key;
  }

  public String unit() {
    return unit;
  }

  /** The figure of that name. */
  @JsonCreator
  public static CacheFigure of(String key) {
    return Arrays.stream(values())
        .filter(figure -> figure.key.equals(key))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no figure '" + key + "' of a cache node"));
  }
}

package dev.spike.core.catalog;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What is known of a node, with its unit. */
public enum Figure {
  /** The limit a node is configured with. */
  CONNECTIONS_MAX("connectionsMax", "connections"),
  /** For connections; what system and runtime need is already taken off. */
  MEMORY_BYTES("memoryBytes", "bytes"),
  /** Of an idle socket in the kernel. */
  KERNEL_BYTES_PER_CONNECTION("kernelBytesPerConnection", "bytes"),
  /** Of an idle TLS connection in the runtime. */
  RUNTIME_BYTES_PER_CONNECTION("runtimeBytesPerConnection", "bytes"),
  /** The machine's connection-tracking allowance. */
  TRACKED_CONNECTIONS("trackedConnections", "connections"),
  /** That a process may open. */
  DESCRIPTORS("descriptors", "descriptors"),
  /** TLS 1.3 with ECDSA P-256, all cores busy. */
  FULL_HANDSHAKES_PER_SECOND("fullHandshakesPerSecond", "1/s"),
  /** With a ticket, all cores busy. */
  RESUMED_HANDSHAKES_PER_SECOND("resumedHandshakesPerSecond", "1/s"),
  /** Sustained, not burst. */
  EGRESS_BITS_PER_SECOND("egressBitsPerSecond", "bit/s"),
  /** In and out. */
  PACKETS_PER_SECOND("packetsPerSecond", "1/s");

  private final String key;
  private final String unit;

  Figure(String key, String unit) {
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
  public static Figure of(String key) {
    return Arrays.stream(values())
        .filter(figure -> figure.key.equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no figure '"
                        + key
                        + "'; known are "
                        + Arrays.stream(values())
                            .map(Figure::key)
                            .collect(Collectors.joining(", "))));
  }
}

package dev.spike.node.config;

/**
 * What one node accepts.
 *
 * @param connections upgraded WebSockets at once
 * @param handshakesPending TLS handshakes in progress or waiting for a slot, over all event loops
 * @param framePayloadBytes the largest message a client may send
 * @param outboundBytes unsent bytes per connection before it counts as slow
 */
public record Limits(
    int connections, int handshakesPending, int framePayloadBytes, int outboundBytes) {
  /** The values used for what the configuration does not give. */
  public static final Limits DEFAULT = new Limits(15_000, 512, 65_536, 262_144);

  /** Rejects values that are not positive. */
  public Limits {
    if (connections < 1 || handshakesPending < 1 || framePayloadBytes < 125 || outboundBytes < 1) {
      throw new IllegalArgumentException(
          "limits must be positive, and framePayloadBytes at least 125");
    }
  }
}

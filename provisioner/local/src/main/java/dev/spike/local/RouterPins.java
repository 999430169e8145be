package dev.spike.local;

import java.util.List;

/** What an installed router always has in its folder of pins; more may lie there. */
final class RouterPins {
  static final List<String> NAMES =
      List.of(
          "config",
          "active",
          "ring",
          "peers",
          "peer_addresses",
          "pins",
          "anchors",
          "state",
          "load",
          "agent",
          "counters",
          "xdp_link");

  private RouterPins() {}
}

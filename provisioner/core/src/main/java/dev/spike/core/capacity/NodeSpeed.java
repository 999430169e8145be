package dev.spike.core.capacity;

import dev.spike.core.catalog.Figure;
import dev.spike.core.catalog.NodeProfile;
import org.hipparchus.util.FastMath;

/** Handshakes that one node does in a second with all its cores busy. */
record NodeSpeed(NodeProfile node) {
  /** Of clients that come for the first time. */
  double full() {
    return node.value(Figure.FULL_HANDSHAKES_PER_SECOND);
  }

  /** Of clients that come back: some resume, some start anew; the harmonic mean by their shares. */
  double mixed() {
    double resumed = CapacityModel.RESUMED_SHARE;
    return 1
        / (resumed / node.value(Figure.RESUMED_HANDSHAKES_PER_SECOND) + (1 - resumed) / full());
  }

  /** The wait for an event loop that one handshake in a hundred exceeds. */
  double queueP99Seconds(double utilisation) {
    double service = node.eventLoops() / full();
    return ErlangC.waitP99Seconds(node.eventLoops(), service, FastMath.min(0.999, utilisation));
  }
}

package dev.spike.node.router;

/** The program's hash of a flow, computed the same way: names the row of a client's port. */
final class FlowHash {
  private FlowHash() {}

  /** The hash of an IPv4 address and a port, both as numbers. */
  static int of(int address, int port) {
    long x = (Integer.toUnsignedLong(address) << 16) | port;
    x ^= x >>> 33;
    x *= 0xff51afd7ed558ccdL;
    x ^= x >>> 33;
    x *= 0xc4ceb9fe1a85ec53L;
    x ^= x >>> 33;
    return (int) x;
  }

  static int row(int address, int port) {
    return Integer.remainderUnsigned(of(address, port), MaglevTable.ROWS);
  }
}

package dev.spike.node.router;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The shared structures of {@code spike_router.h} as bytes; a test compares both sides. */
final class RouterLayout {
  static final int LAYOUT = 2;
  static final int PORT_FORWARD = 6080;
  static final int PORT_REPLY = 6081;
  static final int TUNNEL_BYTES = 28;
  static final int NODES = 1024;
  static final int PINS = 65536;
  static final int COUNTER_SLOTS = 64;
  static final int AGENT_HEARTBEAT = 0;
  static final int AGENT_OFF = 1;
  static final int MODE_LADDER = 0;
  static final int MODE_FORWARD_ALL = 1;
  static final int FLAG_DRAINING = 1;
  static final int FLAG_GATEWAY_KNOWN = 2;
  static final int PEER_ALIVE = 1;
  static final int PEER_REACHABLE = 2;
  static final int PIN_CLOSED = 1;
  static final int SHARE_WHOLE = 1024;
  static final int PEER_LOAD_FULL = 900;

  static final int CONFIG_BYTES = 96;
  static final int CONFIG_LAYOUT_OFFSET = 40;
  static final int CONFIG_FLAGS_OFFSET = 56;
  static final int CONFIG_GATEWAY_MAC_OFFSET = 88;
  static final int PEER_BYTES = 16;
  static final int ROW_BYTES = 4;
  static final int FLOW_BYTES = 8;
  static final int PIN_BYTES = 8;
  static final int ANCHOR_BYTES = 8;
  static final int STATE_BYTES = 40;

  private RouterLayout() {}

  /** struct spike_config. */
  record Config(
      long tokenIntervalNanos,
      long tokenBurstNanos,
      long deferNanosMax,
      long agentFreshNanos,
      long runtimeFreshNanos,
      int selfId,
      Inet4Address self,
      int mode,
      int flags,
      int acceptQueueMax,
      int handshakeQueueMax,
      int forwardShare,
      int peerLoadMax,
      int pinsMax,
      int servicePort,
      MacAddress selfMac,
      MacAddress gatewayMac) {

    byte[] toBytes() {
      byte[] bytes = new byte[CONFIG_BYTES];
      ByteBuffer out = wrap(bytes);
      out.putLong(tokenIntervalNanos).putLong(tokenBurstNanos).putLong(deferNanosMax);
      out.putLong(agentFreshNanos).putLong(runtimeFreshNanos);
      out.putInt(LAYOUT).putInt(selfId).put(self.getAddress()).putInt(mode).putInt(flags);
      out.putInt(acceptQueueMax).putInt(handshakeQueueMax).putInt(forwardShare);
      out.putInt(peerLoadMax).putInt(pinsMax);
      putPort(out, servicePort);
      out.put(selfMac.bytes()).put(gatewayMac.bytes());
      return bytes;
    }
  }

  /** struct spike_peer. */
  record Peer(Inet4Address address, int load, int state, MacAddress nextHop) {
    byte[] toBytes() {
      return buffer(PEER_BYTES)
          .put(address.getAddress())
          .putInt(load)
          .putShort((short) state)
          .put(nextHop.bytes())
          .array();
    }

    static Peer of(byte[] bytes) {
      ByteBuffer in = wrap(bytes);
      byte[] address = new byte[4];
      in.get(address);
      int load = in.getInt();
      int state = Short.toUnsignedInt(in.getShort());
      byte[] mac = new byte[6];
      in.get(mac);
      return new Peer(addressOf(address), load, state, new MacAddress(mac));
    }
  }

  /** struct spike_pin. */
  record Pin(int peer, int flags, long seenSeconds) {
    byte[] toBytes() {
      return buffer(PIN_BYTES)
          .putShort((short) peer)
          .putShort((short) flags)
          .putInt((int) seenSeconds)
          .array();
    }

    static Pin of(byte[] bytes) {
      ByteBuffer in = wrap(bytes);
      return new Pin(
          Short.toUnsignedInt(in.getShort()),
          Short.toUnsignedInt(in.getShort()),
          Integer.toUnsignedLong(in.getInt()));
    }
  }

  /** struct spike_anchor. */
  record Anchor(Inet4Address address, long seenSeconds) {
    byte[] toBytes() {
      return buffer(ANCHOR_BYTES).put(address.getAddress()).putInt((int) seenSeconds).array();
    }

    static Anchor of(byte[] bytes) {
      ByteBuffer in = wrap(bytes);
      byte[] address = new byte[4];
      in.get(address);
      return new Anchor(addressOf(address), Integer.toUnsignedLong(in.getInt()));
    }
  }

  /** struct spike_state. */
  record State(
      long bucketArrivalNanos,
      long saturatedSinceNanos,
      long deferredLastNanos,
      long forwardCredit,
      long pinsInserted) {
    static final State EMPTY = new State(0, 0, 0, 0, 0);

    byte[] toBytes() {
      return buffer(STATE_BYTES)
          .putLong(bucketArrivalNanos)
          .putLong(saturatedSinceNanos)
          .putLong(deferredLastNanos)
          .putLong(forwardCredit)
          .putLong(pinsInserted)
          .array();
    }

    static State of(byte[] bytes) {
      ByteBuffer in = wrap(bytes);
      return new State(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }
  }

  /** struct spike_flow: a client's address and port. */
  static byte[] flow(Inet4Address client, int port) {
    byte[] bytes = new byte[FLOW_BYTES];
    ByteBuffer out = wrap(bytes).put(client.getAddress());
    putPort(out, port);
    return bytes;
  }

  static byte[] word(long value) {
    return buffer(Long.BYTES).putLong(value).array();
  }

  static byte[] index(int value) {
    return buffer(Integer.BYTES).putInt(value).array();
  }

  static ByteBuffer wrap(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
  }

  private static void putPort(ByteBuffer out, int port) {
    out.put((byte) (port >> 8)).put((byte) port);
  }

  static Inet4Address addressOf(byte[] bytes) {
    try {
      return (Inet4Address) InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an IPv4 address has 4 bytes, not " + bytes.length, e);
    }
  }
}

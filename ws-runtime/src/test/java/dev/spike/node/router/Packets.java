package dev.spike.node.router;

import java.net.Inet4Address;
import java.nio.ByteBuffer;

/** Frames for fixtures, with right checksums. */
final class Packets {
  static final int FIN = 1;
  static final int SYN = 2;
  static final int RST = 4;
  static final int ACK = 16;
  static final MacAddress SOURCE = MacAddress.parse("02:00:00:00:00:01");
  static final MacAddress TARGET = MacAddress.parse("02:00:00:00:00:11");

  private Packets() {}

  static Inet4Address address(String text) {
    String[] parts = text.split("\\.");
    byte[] bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      bytes[i] = (byte) Integer.parseInt(parts[i]);
    }
    return RouterLayout.addressOf(bytes);
  }

  /** An IPv4 packet with a TCP segment, no Ethernet header. */
  static byte[] tcp(
      Inet4Address from, int fromPort, Inet4Address to, int toPort, int flags, byte[] rest) {
    return tcp(from, fromPort, to, toPort, flags, new byte[0], rest);
  }

  static byte[] tcp(
      Inet4Address from,
      int fromPort,
      Inet4Address to,
      int toPort,
      int flags,
      byte[] options,
      byte[] payload) {
    int segment = 20 + options.length + payload.length;
    ByteBuffer out = ByteBuffer.allocate(20 + segment);
    out.put(ip(from, to, 6, segment));
    out.putShort((short) fromPort).putShort((short) toPort).putInt(0x01020304).putInt(0x05060708);
    out.put((byte) ((5 + options.length / 4) << 4)).put((byte) flags);
    out.putShort((short) 0xffff).putInt(0);
    out.put(options).put(payload);
    ByteBuffer pseudo = ByteBuffer.allocate(12 + segment);
    pseudo.put(from.getAddress()).put(to.getAddress()).putShort((short) 6);
    pseudo.putShort((short) segment).put(out.array(), 20, segment);
    out.putShort(36, checksum(pseudo.array()));
    return out.array();
  }

  static byte[] udp(Inet4Address from, int fromPort, Inet4Address to, int toPort, byte[] payload) {
    ByteBuffer out = ByteBuffer.allocate(28 + payload.length);
    out.put(ip(from, to, 17, 8 + payload.length));
    out.putShort((short) fromPort).putShort((short) toPort);
    out.putShort((short) (8 + payload.length)).putShort((short) 0).put(payload);
    return out.array();
  }

  /** What a node sends to another one for a client's flow. */
  static byte[] tunnel(
      Inet4Address from,
      Inet4Address to,
      Inet4Address client,
      int clientPort,
      int port,
      byte[] inner) {
    int hash = FlowHash.of(ByteBuffer.wrap(client.getAddress()).getInt(), clientPort);
    byte[] out = udp(from, 40000 + (hash >>> 26), to, port, inner);
    out[6] = 0x40; // do not fragment
    out[10] = 0;
    out[11] = 0;
    ByteBuffer header = ByteBuffer.wrap(out, 0, 20);
    header.putShort(10, checksum(java.util.Arrays.copyOf(out, 20)));
    return out;
  }

  static byte[] frame(MacAddress target, MacAddress source, int type, byte[] packet) {
    return ByteBuffer.allocate(14 + packet.length)
        .put(target.bytes())
        .put(source.bytes())
        .putShort((short) type)
        .put(packet)
        .array();
  }

  static byte[] frame(byte[] packet) {
    return frame(TARGET, SOURCE, 0x0800, packet);
  }

  private static byte[] ip(Inet4Address from, Inet4Address to, int protocol, int payload) {
    ByteBuffer out = ByteBuffer.allocate(20);
    out.put((byte) 0x45).put((byte) 0).putShort((short) (20 + payload)).putInt(0);
    out.put((byte) 64).put((byte) protocol).putShort((short) 0);
    out.put(from.getAddress()).put(to.getAddress());
    out.putShort(10, checksum(out.array()));
    return out.array();
  }

  static short checksum(byte[] bytes) {
    long sum = 0;
    for (int i = 0; i < bytes.length; i += 2) {
      int low = i + 1 < bytes.length ? Byte.toUnsignedInt(bytes[i + 1]) : 0;
      sum += Byte.toUnsignedInt(bytes[i]) << 8 | low;
    }
    while (sum >> 16 != 0) {
      sum = (sum & 0xffff) + (sum >> 16);
    }
    return (short) ~sum;
  }
}

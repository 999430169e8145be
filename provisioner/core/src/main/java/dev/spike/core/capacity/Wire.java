package dev.spike.core.capacity;

import org.hipparchus.util.FastMath;

/**
 * What messages, heartbeats and connects are in bytes and packets of the network. Sizes are those
 * of IP: a balancer's processed bytes count the headers of TCP and IP ("ProcessedBytes", CloudWatch
 * metrics of the Network Load Balancer), and so does a bill for traffic; Ethernet's own come on top
 * at a node's network card.
 */
public final class Wire {
  /** What {@code spike.v1} writes around a message's data: type, channel, epoch and offset. */
  static final int ENVELOPE_BYTES = 96;

  /** A frame from the server with a length of two bytes (RFC 6455, 5.2). */
  static final int FRAME_BYTES = 4;

  /** Header, content type and tag of a record of TLS 1.3 with AES-GCM (RFC 8446, 5.2). */
  static final int RECORD_BYTES = 5 + 1 + 16;

  private static final int RECORD_DATA_MAX = 16_384;

  /** IPv4 and TCP with timestamps (RFC 791, RFC 9293, RFC 7323). */
  static final int HEADER_BYTES = 20 + 32;

  /** Ethernet with its checksum. */
  static final int ETHERNET_BYTES = 18;

  /** What of a packet of 1,500 bytes is left for TCP's data. */
  private static final int PACKET_DATA_MAX = 1500 - HEADER_BYTES;

  /** Bytes of a TCP connect, a TLS 1.3 handshake and an upgrade, both ways. */
  static final int CONNECT_BYTES = 7200;

  /** Packets of the same, both ways. */
  static final int CONNECT_PACKETS = 16;

  /** A ping, its pong, and TCP's acknowledgement of each. */
  static final int PING_PACKETS = 4;

  /** A ping's frame has two bytes, a pong's four more of mask. */
  private static final int PING_BYTES = 2 + RECORD_BYTES + HEADER_BYTES;

  private static final int PONG_BYTES = PING_BYTES + 4;

  private Wire() {}

  /** In words, for the plan. */
  public static String words() {
    return "%d bytes of spike.v1, %d of WebSocket, %d of TLS a message, %d of TCP and IP a packet, and as many for its acknowledgement"
        .formatted(ENVELOPE_BYTES, FRAME_BYTES, RECORD_BYTES, HEADER_BYTES);
  }

  /** Bytes to a client of a message with so many bytes of data. */
  public static double messageBytes(int dataBytes) {
    return streamBytes(dataBytes) + HEADER_BYTES * messagePackets(dataBytes);
  }

  /** The same with what TCP sends back. */
  static double messageBytesBothWays(int dataBytes) {
    return messageBytes(dataBytes) + HEADER_BYTES * acknowledgements(dataBytes);
  }

  /** Packets to a client of such a message. */
  static double messagePackets(int dataBytes) {
    return FastMath.ceil(streamBytes(dataBytes) / PACKET_DATA_MAX);
  }

  /** One for two packets that follow each other (RFC 9293, 3.8.6.3). */
  static double acknowledgements(int dataBytes) {
    return FastMath.ceil(messagePackets(dataBytes) / 2);
  }

  private static double streamBytes(int dataBytes) {
    double framed = (double) dataBytes + ENVELOPE_BYTES + FRAME_BYTES;
    return framed + RECORD_BYTES * FastMath.ceil(framed / RECORD_DATA_MAX);
  }

  /** Bytes a second to the clients of a load that are all there: messages and heartbeats. */
  public static double toClientsPerSecond(Load load) {
    return load.connections() * load.messagesPerSecond() * messageBytes(load.messageBytes())
        + pingsPerSecond(load) * (PING_BYTES + HEADER_BYTES);
  }

  /** The same both ways. */
  public static double bothWaysPerSecond(Load load) {
    return load.connections() * load.messagesPerSecond() * messageBytesBothWays(load.messageBytes())
        + pingsPerSecond(load) * (PING_BYTES + PONG_BYTES + 2 * HEADER_BYTES);
  }

  /** Bytes of the connects of so many, both ways. */
  public static double connectBytes(double connections) {
    return connections * CONNECT_BYTES;
  }

  /** Bytes a second through the network cards of all nodes in the direction of the clients. */
  static double egressPerSecond(Load load) {
    double packets =
        load.connections() * load.messagesPerSecond() * messagePackets(load.messageBytes())
            + pingsPerSecond(load) * PING_PACKETS / 2;
    return toClientsPerSecond(load)
        + packets * ETHERNET_BYTES
        + connectBytes(load.ramp().peakPerSecond());
  }

  /** Packets a second through the same, both ways. */
  static double packetsPerSecond(Load load) {
    double each = messagePackets(load.messageBytes()) + acknowledgements(load.messageBytes());
    return load.connections() * load.messagesPerSecond() * each
        + pingsPerSecond(load) * PING_PACKETS
        + load.ramp().peakPerSecond() * CONNECT_PACKETS;
  }

  private static double pingsPerSecond(Load load) {
    return load.connections() / load.heartbeatSeconds();
  }
}

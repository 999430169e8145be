package dev.spike.node.router;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The Ethernet addresses to which packets for other nodes must be sent, as the kernel knows them.
 */
final class Neighbours {
  /** The kernel's IPv4 neighbour table of this network namespace. */
  private static final Path TABLE = Path.of("/proc/thread-self/net/arp");

  private static final int COMPLETE = 0x2;
  private static final int DISCARD_PORT = 9;

  private final NetworkInterface networkInterface;
  private final Inet4Address gateway;

  private Neighbours(NetworkInterface networkInterface, Inet4Address gateway) {
    this.networkInterface = networkInterface;
    this.gateway = gateway;
  }

  static Neighbours of(RouterConfig config) throws IOException {
    NetworkInterface found = NetworkInterface.getByName(config.networkInterface());
    if (found == null || found.getHardwareAddress() == null) {
      throw new RouterException(
          "network interface " + config.networkInterface() + " is not here or has no address",
          "check \"interface\" in the router configuration and the network namespace",
          RouterException.UNAVAILABLE);
    }
    return new Neighbours(found, config.gateway());
  }

  MacAddress own() throws IOException {
    return new MacAddress(networkInterface.getHardwareAddress());
  }

  /** The address itself when it is on this link, else the gateway. */
  Inet4Address nextHop(Inet4Address address) {
    for (InterfaceAddress own : networkInterface.getInterfaceAddresses()) {
      if (own.getAddress() instanceof Inet4Address link) {
        int prefix = own.getNetworkPrefixLength();
        int mask = prefix == 0 ? 0 : -1 << (32 - prefix);
        if (((number(link) ^ number(address)) & mask) == 0) {
          return address;
        }
      }
    }
    return gateway;
  }

  /** What the kernel knows now, by next hop. */
  Map<Inet4Address, MacAddress> known() throws IOException {
    Map<Inet4Address, MacAddress> known = new HashMap<>();
    for (String line : Files.readAllLines(TABLE)) {
      String[] columns = line.trim().split("\\s+", -1);
      if (columns.length == 6
          && columns[5].equals(networkInterface.getName())
          && (Integer.decode(columns[2]) & COMPLETE) != 0) {
        known.put((Inet4Address) InetAddress.getByName(columns[0]), MacAddress.parse(columns[3]));
      }
    }
    return known;
  }

  /** Makes the kernel ask for these next hops; the answers come within milliseconds. */
  void ask(Collection<Inet4Address> nextHops) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      for (Inet4Address nextHop : nextHops) {
        try {
          socket.send(new DatagramPacket(new byte[1], 1, nextHop, DISCARD_PORT));
        } catch (IOException e) {
          // An earlier datagram's "unreachable" may be reported here; the table tells the truth.
          System.err.println("router: asking for " + nextHop + ": " + e.getMessage());
        }
      }
    }
  }

  Optional<MacAddress> of(Inet4Address address, Map<Inet4Address, MacAddress> known) {
    return Optional.ofNullable(known.get(nextHop(address)));
  }

  private static int number(Inet4Address address) {
    return ByteBuffer.wrap(address.getAddress()).getInt();
  }
}

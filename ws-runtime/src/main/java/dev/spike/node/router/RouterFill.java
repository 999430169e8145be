package dev.spike.node.router;

import java.io.IOException;
import java.net.Inet4Address;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Brings the maps of an installed router in line with a configuration. */
final class RouterFill {
  private static final int POLLS = 20;
  private static final long POLL_MILLIS = 50;

  private final RouterConfig config;
  private final RouterMaps maps;
  private final Neighbours neighbours;

  RouterFill(RouterConfig config, RouterMaps maps, Neighbours neighbours) {
    this.config = config;
    this.maps = maps;
    this.neighbours = neighbours;
  }

  /** Writes peers, allow-list, table and configuration; waits up to a second for neighbours. */
  void all() throws IOException, InterruptedException {
    Map<Inet4Address, MacAddress> known = resolve();
    peers(known);
    Map<Integer, byte[]> addresses = new HashMap<>();
    for (RouterConfig.Node node : config.nodes()) {
      addresses.put(node.id(), node.address().getAddress());
    }
    maps.peerAddresses(addresses);
    MaglevTable table = config.table();
    if (!maps.tableDigest().equals(Optional.of(table.digest()))) {
      maps.table(table);
    }
    configuration(known, maps.flags() & RouterLayout.FLAG_DRAINING);
  }

  /** Marks the node as draining or not. */
  void draining(boolean draining) throws IOException {
    configuration(neighbours.known(), draining ? RouterLayout.FLAG_DRAINING : 0);
  }

  /** Takes over what the kernel learnt since; true when every next hop is known. */
  boolean neighbours() throws IOException {
    Map<Inet4Address, MacAddress> known = neighbours.known();
    Set<Inet4Address> missing = missing(known);
    if (!missing.isEmpty()) {
      neighbours.ask(missing);
    }
    peers(known);
    configuration(known, maps.flags() & RouterLayout.FLAG_DRAINING);
    return missing.isEmpty();
  }

  private void configuration(Map<Inet4Address, MacAddress> known, int flags) throws IOException {
    Optional<MacAddress> gateway = neighbours.of(config.gateway(), known);
    if (gateway.isEmpty() && (maps.flags() & RouterLayout.FLAG_GATEWAY_KNOWN) != 0) {
      gateway = Optional.of(maps.gatewayMac()); // the kernel forgot an idle neighbour
    }
    byte[] wanted = config.toLayout(neighbours.own(), gateway, flags).toBytes();
    if (!Arrays.equals(wanted, maps.config())) {
      maps.config(wanted);
    }
  }

  private void peers(Map<Inet4Address, MacAddress> known) throws IOException {
    Set<Integer> ids = new LinkedHashSet<>();
    for (RouterConfig.Node node : config.nodes()) {
      ids.add(node.id());
      RouterLayout.Peer before = maps.peer(node.id());
      boolean same = before.address().equals(node.address());
      Optional<MacAddress> mac =
          node.id() == config.self().id()
              ? Optional.of(neighbours.own())
              : neighbours.of(node.address(), known);
      if (mac.isEmpty() && same && (before.state() & RouterLayout.PEER_REACHABLE) != 0) {
        mac = Optional.of(before.nextHop());
      }
      int alive = same ? before.state() & RouterLayout.PEER_ALIVE : RouterLayout.PEER_ALIVE;
      RouterLayout.Peer now =
          new RouterLayout.Peer(
              node.address(),
              same ? before.load() : 0,
              alive | (mac.isPresent() ? RouterLayout.PEER_REACHABLE : 0),
              mac.orElse(MacAddress.UNKNOWN));
      if (!now.equals(before)) {
        maps.peer(node.id(), now);
      }
    }
    for (int id = 1; id < RouterLayout.NODES; id++) {
      if (!ids.contains(id) && maps.peer(id).state() != 0) {
        RouterLayout.Peer gone = maps.peer(id);
        maps.peer(id, new RouterLayout.Peer(gone.address(), 0, 0, MacAddress.UNKNOWN));
      }
    }
  }

  private Map<Inet4Address, MacAddress> resolve() throws IOException, InterruptedException {
    Map<Inet4Address, MacAddress> known = neighbours.known();
    for (int poll = 0; poll < POLLS && !missing(known).isEmpty(); poll++) {
      if (poll % 10 == 0) {
        neighbours.ask(missing(known));
      }
      Thread.sleep(POLL_MILLIS);
      known = neighbours.known();
    }
    return known;
  }

  private Set<Inet4Address> missing(Map<Inet4Address, MacAddress> known) {
    Set<Inet4Address> missing = new LinkedHashSet<>();
    missing.add(neighbours.nextHop(config.gateway()));
    for (RouterConfig.Node node : config.nodes()) {
      if (node.id() != config.self().id()) {
        missing.add(neighbours.nextHop(node.address()));
      }
    }
    missing.removeAll(known.keySet());
    return missing;
  }
}

package dev.spike.core.capacity;

import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.NodeProfile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.hipparchus.util.FastMath;

/** From a load and a node profile to a tier. Pure. */
public final class CapacityModel {
  /** Handshakes, bits and packets are planned at no more than this share of a node's best. */
  public static final double UTILISATION_MAX = 0.7;

  /** One in a hundred seconds may bring more: the normal distribution's 99 %. */
  private static final double SAFETY = 2.33;

  /** With shared ticket keys most who come back resume; the rest lost their ticket. */
  public static final double RESUMED_SHARE = 0.8;

  /** Headers of Ethernet, IP, TCP, TLS and WebSocket around a message. */
  private static final int OVERHEAD_BYTES = 18 + 20 + 32 + 22 + 4;

  private final NodeProfile node;
  private final Catalog.CacheNode cacheNode;
  private final Zones zones;

  public CapacityModel(NodeProfile node, Catalog.CacheNode cacheNode, Zones zones) {
    this.node = node;
    this.cacheNode = cacheNode;
    this.zones = zones;
  }

  /** The tier for a load. */
  public CapacityPlan plan(Load load) {
    List<CapacityPlan.Constraint> constraints = constraints(load);
    int nodesPerZone = zones.nodesPerZone(constraints.getFirst().required());
    int nodes = nodesPerZone * zones.count();
    double arrivals = load.ramp().peakPerSecond();
    double survivorsFull = zones.survivors(nodesPerZone) * node.fullHandshakesPerSecond();
    double survivorsMixed = zones.survivors(nodesPerZone) * mixedHandshakesPerSecond();
    double lost = load.connections() / zones.count();
    long broadcast = Balancers.broadcastUnits(load.connections(), load.messageBytes());
    long accept = Balancers.acceptUnits(arrivals);
    return new CapacityPlan(
        node.name(),
        node.estimated(),
        zones.count(),
        nodesPerZone,
        nodes,
        node.connectionsMax(),
        constraints,
        constraints.getFirst().name(),
        constraints.get(1).name(),
        new CapacityPlan.HandshakeBacklog(
            rounded(survivorsFull),
            (long) FastMath.ceil(Backlog.most(load.ramp(), survivorsFull)),
            rounded(Backlog.waitSeconds(load.ramp(), survivorsFull))),
        new CapacityPlan.ReconnectStorm(
            (long) FastMath.ceil(lost),
            rounded(Storm.perSecond(lost, load.jitterSeconds())),
            rounded(Storm.minimumJitterSeconds(lost, survivorsMixed, arrivals))),
        handshakeQueueP99Millis(arrivals / survivorsFull),
        cache(load, nodes),
        new CapacityPlan.BalancerSize(
            Balancers.balancers(nodes, FastMath.max(accept, broadcast)), accept, broadcast));
  }

  /** Nodes that are needed before a zone is lost, as a fraction; for ranking what matters. */
  public double fractionOfNodes(Load load) {
    return constraints(load).stream()
        .mapToDouble(constraint -> constraint.demanded() / constraint.perNode())
        .max()
        .orElse(0);
  }

  /** Every constraint, the binding one first. */
  List<CapacityPlan.Constraint> constraints(Load load) {
    double connections = load.connections();
    double arrivals = load.ramp().peakPerSecond();
    double staffed = arrivals + SAFETY * FastMath.sqrt(Load.PEAKEDNESS * arrivals);
    double storm = Storm.perSecond(connections / zones.count(), load.jitterSeconds());
    double messages = connections * load.messagesPerSecond();
    double pings = connections / load.heartbeatSeconds();
    double bits =
        8
            * (messages * (load.messageBytes() + OVERHEAD_BYTES)
                + pings * OVERHEAD_BYTES
                + arrivals * Balancers.ACCEPT_BYTES);
    double packets = 2 * messages + 4 * pings + 16 * arrivals;
    List<CapacityPlan.Constraint> all = new ArrayList<>();
    add(
        all,
        "memory",
        "bytes",
        connections * (double) node.bytesPerConnection(),
        (double) node.memoryBytes());
    add(all, "connection limit", "connections", connections, node.connectionsMax());
    add(all, "connection tracking", "connections", connections, (double) node.trackedConnections());
    add(all, "descriptors", "descriptors", connections, (double) node.descriptors());
    add(all, "arrival handshakes", "per second", staffed, busy(node.fullHandshakesPerSecond()));
    if (zones.survive()) {
      add(all, "reconnect handshakes", "per second", storm, busy(mixedHandshakesPerSecond()));
    }
    add(all, "egress", "bits per second", bits, busy(node.egressBitsPerSecond()));
    add(all, "packets", "per second", packets, busy(node.packetsPerSecond()));
    all.sort(
        Comparator.comparingDouble(constraint -> -constraint.demanded() / constraint.perNode()));
    return all;
  }

  private void add(
      List<CapacityPlan.Constraint> all,
      String name,
      String unit,
      double demanded,
      double perNode) {
    double exact = FastMath.max(1, FastMath.ceil(demanded / perNode - 1e-9));
    if (exact > 1e6) {
      throw new IllegalArgumentException(
          name + " asks for more than a million nodes of " + node.name());
    }
    int required = (int) exact;
    all.add(
        new CapacityPlan.Constraint(
            name,
            unit,
            rounded(demanded),
            rounded(perNode),
            required,
            zones.nodesPerZone(required) * zones.count()));
  }

  private static double busy(double best) {
    return best * UTILISATION_MAX;
  }

  /** Handshakes per second of those who come back: some resume, some start anew. */
  private double mixedHandshakesPerSecond() {
    return 1
        / (RESUMED_SHARE / node.resumedHandshakesPerSecond()
            + (1 - RESUMED_SHARE) / node.fullHandshakesPerSecond());
  }

  private double handshakeQueueP99Millis(double utilisation) {
    double service = node.eventLoops() / node.fullHandshakesPerSecond();
    double wait =
        ErlangC.waitP99Seconds(node.eventLoops(), service, FastMath.min(0.999, utilisation));
    return rounded(wait * 1000);
  }

  private CapacityPlan.CacheSize cache(Load load, int nodes) {
    return CacheModel.size(load, nodes, cacheNode);
  }

  private static double rounded(double value) {
    return FastMath.rint(value * 1e4) / 1e4;
  }
}

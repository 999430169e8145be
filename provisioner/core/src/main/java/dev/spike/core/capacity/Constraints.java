package dev.spike.core.capacity;

import dev.spike.core.catalog.Figure;
import dev.spike.core.catalog.FigureOrigin;
import dev.spike.core.catalog.NodeProfile;
import dev.spike.core.spec.Survive;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.hipparchus.util.FastMath;

/** What each limit of a node asks of the tier. */
final class Constraints {
  /** One in a hundred seconds may bring more: the normal distribution's 99 %. */
  private static final double SAFETY = 2.33;

  private static final double NODES_MAX = 1e6;

  /** A quotient that is a whole number but for the last bits of a double is that number. */
  private static final double ROUNDING = 1e-9;

  private final NodeProfile node;
  private final Zones zones;

  Constraints(NodeProfile node, Zones zones) {
    this.node = node;
    this.zones = zones;
  }

  /** Every constraint, the binding one first. */
  List<CapacityPlan.Constraint> of(Load load) {
    List<CapacityPlan.Constraint> all = new ArrayList<>();
    connections(all, load.connections());
    handshakes(all, load);
    network(all, load);
    reconnects(all, load);
    all.sort(
        Comparator.comparingDouble(constraint -> -constraint.demanded() / constraint.perNode()));
    return all;
  }

  private void connections(List<CapacityPlan.Constraint> all, double connections) {
    add(
        all,
        "memory",
        "bytes",
        connections * node.bytesPerConnection(),
        node.value(Figure.MEMORY_BYTES),
        node.origin(Figure.MEMORY_BYTES)
            .weaker(node.origin(Figure.KERNEL_BYTES_PER_CONNECTION))
            .weaker(node.origin(Figure.RUNTIME_BYTES_PER_CONNECTION)));
    add(all, "connection limit", "connections", connections, Figure.CONNECTIONS_MAX, 1);
    add(all, "connection tracking", "connections", connections, Figure.TRACKED_CONNECTIONS, 1);
    add(all, "descriptors", "descriptors", connections, Figure.DESCRIPTORS, 1);
  }

  private void handshakes(List<CapacityPlan.Constraint> all, Load load) {
    add(
        all,
        "arrival handshakes",
        "per second",
        staffed(load.ramp().peakPerSecond()),
        Figure.FULL_HANDSHAKES_PER_SECOND,
        CapacityModel.UTILISATION_MAX);
    add(
        all,
        "handshake backlog",
        "per second",
        Backlog.capacityForWait(load.ramp(), load.patience().waitSecondsMax()),
        Figure.FULL_HANDSHAKES_PER_SECOND,
        1);
  }

  /**
   * What is cut by the loss comes back to the survivors: at ease at any time, and at their best
   * even in the steepest second of the arrivals, since the loss chooses its own hour.
   */
  private void reconnects(List<CapacityPlan.Constraint> all, Load load) {
    if (zones.survive() == Survive.NONE) {
      return;
    }
    double mixed = new NodeSpeed(node).mixed();
    double perNode = mixed * CapacityModel.UTILISATION_MAX;
    double every = Storm.perSecond(load.connections(), load.jitterSeconds());
    double lost =
        switch (zones.survive()) {
          case ZONE -> zones.lostShare(0);
          case NODE -> 1 / (1 + Storm.survivorsOfOneNode(0, every / perNode));
          case NONE -> 0;
        };
    FigureOrigin origin =
        node.origin(Figure.FULL_HANDSHAKES_PER_SECOND)
            .weaker(node.origin(Figure.RESUMED_HANDSHAKES_PER_SECOND));
    add(all, "reconnect handshakes", "per second", every * lost, perNode, origin);
    double arrivals = load.ramp().peakPerSecond();
    double lostBeside =
        zones.survive() == Survive.NODE
            ? 1 / (1 + Storm.survivorsOfOneNode(arrivals / mixed, every / mixed))
            : lost;
    add(
        all,
        "reconnects beside arrivals",
        "per second",
        arrivals + every * lostBeside,
        mixed,
        origin);
  }

  private void network(List<CapacityPlan.Constraint> all, Load load) {
    add(
        all,
        "egress",
        "bits per second",
        8 * Wire.egressPerSecond(load),
        Figure.EGRESS_BITS_PER_SECOND,
        CapacityModel.UTILISATION_MAX);
    add(
        all,
        "packets",
        "per second",
        Wire.packetsPerSecond(load),
        Figure.PACKETS_PER_SECOND,
        CapacityModel.UTILISATION_MAX);
  }

  /**
   * Square-root safety for over-dispersed arrivals: rate + z sqrt(peakedness x rate). Jennings,
   * Mandelbaum, Massey, Whitt 1996, with the peakedness of He, Liu, Whitt 2016 in it.
   */
  static double staffed(double perSecond) {
    return perSecond + SAFETY * FastMath.sqrt(Load.PEAKEDNESS * perSecond);
  }

  private void add(
      List<CapacityPlan.Constraint> all,
      String name,
      String unit,
      double demanded,
      Figure figure,
      double utilisation) {
    add(all, name, unit, demanded, node.value(figure) * utilisation, node.origin(figure));
  }

  private void add(
      List<CapacityPlan.Constraint> all,
      String name,
      String unit,
      double demanded,
      double perNode,
      FigureOrigin origin) {
    double exact = FastMath.max(1, FastMath.ceil(demanded / perNode - ROUNDING));
    if (exact > NODES_MAX) {
      throw new IllegalArgumentException(
          name + " asks for more than a million nodes of " + node.name());
    }
    int required = (int) exact;
    all.add(
        new CapacityPlan.Constraint(
            name,
            unit,
            CapacityModel.rounded(demanded),
            CapacityModel.rounded(perNode),
            required,
            zones.nodesPerZone(required) * zones.count(),
            origin));
  }
}

package dev.spike.core.plan;

import dev.spike.core.capacity.CapacityModel;
import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.capacity.Load;
import dev.spike.core.capacity.Zones;
import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.NodeProfile;
import dev.spike.core.demand.LogisticRamp;
import dev.spike.core.spec.Assumption;
import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.Origin;
import dev.spike.core.spec.SpecException;
import dev.spike.core.spec.SpecProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Which node, and how many of it. */
final class Sizing {
  /** A fleet of one zone holds no more; beyond it addresses and names run out. */
  private static final int NODES_PER_ZONE_MAX = 250;

  private final String file;
  private final EventSpec spec;
  private final Advice advice;
  private final List<Assumption> assumptions = new ArrayList<>();

  Sizing(String file, EventSpec spec, Advice advice) {
    this.file = file;
    this.spec = spec;
    this.advice = advice;
  }

  /** What was decided here and not by the event file. */
  List<Assumption> assumptions() {
    return assumptions;
  }

  /** The node to plan with: the first known of those that are wanted, else the cheapest that do. */
  NodeProfile node(Catalog catalog, long connections) throws SpecException {
    String wanted = spec.provider().settings().getOrDefault("instanceTypes", "");
    if (wanted.isEmpty()) {
      return cheapest(catalog, connections);
    }
    for (String type : wanted.split(",", -1)) {
      Optional<NodeProfile> known = catalog.profile(type.strip());
      if (known.isPresent()) {
        advice.instanceType(wanted, known.get());
        return known.get();
      }
    }
    throw problem(
        "provider.aws.instanceTypes",
        "no profile is known for "
            + wanted
            + "; known are "
            + String.join(", ", catalog.profiles().stream().map(NodeProfile::name).toList()));
  }

  private NodeProfile cheapest(Catalog catalog, long connections) {
    NodeProfile best = catalog.profiles().getFirst();
    double least = Double.POSITIVE_INFINITY;
    for (NodeProfile candidate : catalog.profiles()) {
      OptionalDouble hourly = hourly(catalog, candidate, connections);
      if (hourly.isPresent() && hourly.getAsDouble() < least) {
        least = hourly.getAsDouble();
        best = candidate;
      }
    }
    if (catalog.profiles().size() > 1 && spec.provider().name().equals(catalog.provider())) {
      assumptions.add(
          new Assumption(
              "provider." + catalog.provider() + ".instanceTypes",
              best.name(),
              Origin.DEFAULT,
              "the cheapest of the catalogue's "
                  + catalog.profiles().size()
                  + " types that satisfies the plan, prices of "
                  + catalog.prices().date()));
    }
    return best;
  }

  /** Empty when no tier of that node would do. */
  private OptionalDouble hourly(Catalog catalog, NodeProfile node, long connections) {
    int nodes;
    try {
      nodes = new CapacityModel(node, catalog.cacheNode(), zones()).nodes(load(connections));
    } catch (IllegalArgumentException tooManyNodes) {
      return OptionalDouble.empty();
    }
    return nodes > NODES_PER_ZONE_MAX * zones().count()
        ? OptionalDouble.empty()
        : OptionalDouble.of(nodes * catalog.prices().nodeHour().getOrDefault(node.name(), 0.0));
  }

  CapacityPlan capacity(long connections, Catalog catalog, NodeProfile node) throws SpecException {
    try {
      CapacityPlan plan =
          new CapacityModel(node, catalog.cacheNode(), zones()).plan(load(connections));
      if (plan.nodesPerZone() > NODES_PER_ZONE_MAX) {
        throw problem(
            "",
            "%,d connections need %,d nodes of %s a zone, and a zone holds %d; plan for a scale, for"
                    .formatted(connections, plan.nodesPerZone(), node.name(), NODES_PER_ZONE_MAX)
                + " larger nodes or for more zones");
      }
      return plan;
    } catch (IllegalArgumentException beyond) {
      throw problem("", "no tier is large enough: " + beyond.getMessage());
    }
  }

  private SpecException problem(String path, String message) {
    return new SpecException(file, List.of(new SpecProblem(0, path, message)));
  }

  Zones zones() {
    int count = spec.provider().zones();
    boolean survive = spec.service().surviveZone() && count > 1;
    if (spec.service().surviveZone() && !survive) {
      advice.oneZone();
    }
    return new Zones(count, survive);
  }

  Load load(long connections) {
    return new Load(
        (double) connections,
        LogisticRamp.within((double) connections, spec.demand().within()).tauSeconds(),
        new Load.Patience(
            seconds(spec.clients().reconnectJitter()),
            seconds(spec.clients().handshakeTimeout()),
            seconds(spec.service().handshakeP99())),
        seconds(spec.clients().heartbeat()),
        spec.service().messagesPerSecond(),
        spec.service().messageBytes());
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}

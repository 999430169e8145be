package dev.spike.core.plan;

import dev.spike.core.capacity.CapacityModel;
import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.capacity.Load;
import dev.spike.core.capacity.Tier;
import dev.spike.core.capacity.Zones;
import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.NodeProfile;
import dev.spike.core.spec.Assumption;
import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.Origin;
import dev.spike.core.spec.SpecException;
import dev.spike.core.spec.SpecProblem;
import dev.spike.core.spec.Survive;
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
  private final double tauSeconds;
  private final Advice advice;
  private final List<Assumption> assumptions = new ArrayList<>();

  /**
   * Sizes for one event.
   *
   * @param tauSeconds of the ramp in which all come
   */
  Sizing(String file, EventSpec spec, double tauSeconds, Advice advice) {
    this.file = file;
    this.spec = spec;
    this.tauSeconds = tauSeconds;
    this.advice = advice;
  }

  /** What was decided here and not by the event file. */
  List<Assumption> assumptions() {
    return assumptions;
  }

  /** The node to plan with: the first known of those that are wanted, else the cheapest that do. */
  NodeProfile node(Catalog catalog, long connections, double scale) throws SpecException {
    EventSpec.InstanceTypes wanted = spec.provider().instanceTypes().get(catalog.provider());
    if (wanted == null) {
      return cheapest(catalog, connections, scale);
    }
    for (String type : wanted.names().split(",", -1)) {
      Optional<NodeProfile> known = catalog.profile(type.strip());
      if (known.isPresent()) {
        advice.instanceType(wanted.names(), known.get());
        return known.get();
      }
    }
    throw problem(
        wanted.line(),
        "provider." + catalog.provider() + ".instanceTypes",
        "no profile is known for "
            + wanted.names()
            + "; known are "
            + String.join(", ", catalog.profiles().stream().map(NodeProfile::name).toList()));
  }

  private NodeProfile cheapest(Catalog catalog, long connections, double scale) {
    NodeProfile best = catalog.profiles().getFirst();
    double least = Double.POSITIVE_INFINITY;
    for (NodeProfile candidate : catalog.profiles()) {
      OptionalDouble hourly = hourly(catalog, candidate, connections, scale);
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
  private OptionalDouble hourly(Catalog catalog, NodeProfile node, long connections, double scale) {
    Tier tier;
    try {
      tier = model(node, catalog).tier(load(connections, scale));
    } catch (IllegalArgumentException beyond) {
      return OptionalDouble.empty();
    }
    return tier.nodesPerZone() > NODES_PER_ZONE_MAX
        ? OptionalDouble.empty()
        : OptionalDouble.of(Costing.machinesHourly(tier, catalog.prices()));
  }

  CapacityPlan capacity(Load load, Catalog catalog, NodeProfile node) throws SpecException {
    try {
      CapacityPlan plan = model(node, catalog).plan(load);
      if (plan.nodesPerZone() > NODES_PER_ZONE_MAX) {
        throw problem(
            0,
            "",
            "%,d connections need %,d nodes of %s a zone, most of all for %s, and a zone holds %d;"
                    .formatted(
                        Math.round(load.connections()),
                        plan.nodesPerZone(),
                        node.name(),
                        plan.binding(),
                        NODES_PER_ZONE_MAX)
                + " plan for a scale, for larger nodes or for more zones"
                + remedies(Remedies.of(load, other -> bears(other, catalog, node))));
      }
      return plan;
    } catch (IllegalArgumentException beyond) {
      throw problem(
          0,
          "",
          "no tier is large enough: "
              + beyond.getMessage()
              + remedies(Remedies.of(load, other -> bears(other, catalog, node))));
    }
  }

  private static String remedies(List<String> changes) {
    return changes.isEmpty()
        ? ". No change of one value suffices"
        : ". Each of these alone would do: " + String.join("; ", changes);
  }

  private boolean bears(Load load, Catalog catalog, NodeProfile node) {
    try {
      return model(node, catalog).tier(load).nodesPerZone() <= NODES_PER_ZONE_MAX;
    } catch (IllegalArgumentException beyond) {
      return false;
    }
  }

  private SpecException problem(int line, String path, String message) {
    return new SpecException(file, List.of(new SpecProblem(line, path, message)));
  }

  private CapacityModel model(NodeProfile node, Catalog catalog) {
    return new CapacityModel(node, catalog.cacheNode(), zones(), cacheReplicas());
  }

  Zones zones() {
    int count = spec.provider().zones();
    Survive wanted = spec.service().survive();
    if (wanted == Survive.ZONE && count == 1) {
      advice.oneZone();
      return new Zones(count, Survive.NONE);
    }
    return new Zones(count, wanted);
  }

  /** Whatever is to be survived takes a cache node along, so that each shard needs another. */
  int cacheReplicas() {
    int asked = spec.service().cacheReplicas();
    if (asked == 0 && spec.service().survive() != Survive.NONE) {
      advice.cacheReplica(spec.service().survive());
      return 1;
    }
    return asked;
  }

  /**
   * What so many connections ask for.
   *
   * @param scale of the tier: its channels are as many fewer, so that each has as many followers
   */
  Load load(long connections, double scale) {
    EventSpec.Messages messages = spec.service().messages();
    double each = messages.channelsPerConnection();
    int channels = (int) Math.max(Math.ceil(each), Math.rint(messages.channels() * scale));
    return new Load(
        (double) connections,
        tauSeconds,
        new Load.Patience(
            seconds(spec.clients().reconnectJitter()),
            seconds(spec.clients().handshakeTimeout()),
            seconds(spec.service().handshakeP99())),
        new Load.Traffic(
            seconds(spec.clients().heartbeat()),
            messages.perSecond(),
            messages.bytes(),
            channels,
            each,
            seconds(spec.clients().acknowledgeEvery()),
            messages.skipMissed()));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}

package dev.spike.core.plan;

import dev.spike.core.capacity.Balancers;
import dev.spike.core.capacity.CapacityModel;
import dev.spike.core.capacity.Load;
import dev.spike.core.capacity.Wire;
import dev.spike.core.catalog.CacheFigure;
import dev.spike.core.catalog.CacheProfile;
import dev.spike.core.catalog.Figure;
import dev.spike.core.catalog.FigureOrigin;
import dev.spike.core.catalog.NodeProfile;
import dev.spike.core.demand.DemandModel;
import dev.spike.core.demand.PickUp;
import dev.spike.core.demand.PickUpCurve;
import dev.spike.core.spec.Assumption;
import dev.spike.core.spec.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the model itself takes for granted. */
final class ModelAssumptions {
  private ModelAssumptions() {}

  static List<Assumption> of(
      DemandModel model, Load load, NodeProfile node, CacheProfile cacheNode) {
    List<Assumption> all =
        new ArrayList<>(
            List.of(
                pickUp(model),
                assumed(
                    "model.arrivals",
                    String.format(
                        Locale.ROOT,
                        "all connections come in one ramp, 10 to 90 %% within %.3g s",
                        load.tauSeconds() * Input.TAUS),
                    "a late start or a failed stream makes it so"),
                assumed(
                    "model.timing",
                    String.format(
                        Locale.ROOT,
                        "earlier or later by a deviation of %.0f s",
                        DemandModel.TIMING_SECONDS),
                    "recorded match evenings: midpoint 4 to 11 min after kick-off, read as the middle"
                        + " 80 %"),
                assumed(
                    "model.peakedness",
                    Double.toString(DemandModel.PEAKEDNESS),
                    "recorded match evenings: variance over mean 10 to 34"),
                assumed(
                    "model.utilisationMax",
                    Double.toString(CapacityModel.UTILISATION_MAX),
                    "waiting for an event loop stays near its service time"),
                assumed(
                    "model.resumedShare",
                    Double.toString(CapacityModel.RESUMED_SHARE),
                    "no recorded source: nodes share ticket keys, some clients lose their ticket")));
    all.add(
        assumed(
            "model.messageOverhead",
            Wire.words(),
            "RFC 6455, 8446, 9293, 7323; balancers and bills count the headers of TCP and IP too"));
    all.add(
        assumed(
            "model.balancerUnitsMax",
            Balancers.UNITS_PER_BALANCER_MAX + " capacity units",
            "an estimate: reported as the default quota of one balancer, compare with the account's"));
    all.add(
        assumed(
            "model.balancerTargetsMax",
            Balancers.TARGETS_PER_ZONE_MAX + " in a zone",
            "the default quota of one balancer"));
    all.addAll(ofCache());
    for (Figure figure : Figure.values()) {
      all.add(
          new Assumption(
              "node." + node.name() + "." + figure.key(),
              shown(node.value(figure)) + " " + figure.unit(),
              origin(node.origin(figure)),
              source(node.origin(figure))));
    }
    for (CacheFigure figure : CacheFigure.values()) {
      all.add(
          new Assumption(
              "cache." + cacheNode.name() + "." + figure.key(),
              shown(cacheNode.value(figure)) + " " + figure.unit(),
              origin(cacheNode.origin(figure)),
              source(cacheNode.origin(figure))));
    }
    return all;
  }

  private static List<Assumption> ofCache() {
    return List.of(
        assumed(
            "model.cacheUtilisationMax",
            Double.toString(CapacityModel.CACHE_UTILISATION_MAX),
            "room for a failover's copy and for uneven partitions"),
        assumed(
            "model.cacheShardsMax",
            CapacityModel.CACHE_SHARDS_MAX + " shards",
            "the runtime spreads sessions and channels over as many partitions"),
        new Assumption(
            "model.cacheCalls",
            CapacityModel.CACHE_CALLS,
            Origin.MEASURED,
            "the runtime's functions on one core of Redis 7.0, 16 calls in flight"));
  }

  private static Assumption pickUp(DemandModel model) {
    PickUp pickUp = model.pickUp();
    PickUpCurve curve = pickUp.pooled();
    List<String> events = pickUp.pastEvents();
    return new Assumption(
        "model.shareOfFinalSalesReached",
        String.format(
            Locale.ROOT,
            "%.3f, in 8 of 10 cases %.3f to %.3f",
            curve.expected(model.left()),
            curve.at(model.left(), -SensitivityRanking.P90),
            curve.at(model.left(), SensitivityRanking.P90)),
        events.isEmpty() ? Origin.DEFAULT : Origin.MEASURED,
        events.isEmpty()
            ? "prior pick-up curve; one broadcaster gained 40 % of its subscribers in the last 48 h"
            : "learned from " + String.join(", ", events) + "; the prior counts as one more event");
  }

  private static Origin origin(FigureOrigin origin) {
    return switch (origin) {
      case GIVEN -> Origin.GIVEN;
      case MEASURED -> Origin.MEASURED;
      case DEFAULT, ESTIMATE -> Origin.DEFAULT;
    };
  }

  private static String source(FigureOrigin origin) {
    return switch (origin) {
      case GIVEN -> "the machine's maker";
      case MEASURED -> "measured node profile";
      case DEFAULT -> "catalogue, set by us";
      case ESTIMATE -> "catalogue, an estimate until such a node is measured";
    };
  }

  private static String shown(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  private static Assumption assumed(String name, String value, String source) {
    return new Assumption(name, value, Origin.DEFAULT, source);
  }
}

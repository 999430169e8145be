package dev.spike.core.plan;

import dev.spike.core.capacity.CapacityModel;
import dev.spike.core.catalog.NodeProfile;
import dev.spike.core.demand.DemandModel;
import dev.spike.core.spec.Assumption;
import dev.spike.core.spec.Origin;
import java.util.List;
import java.util.Locale;

/** What the model itself takes for granted. */
final class ModelAssumptions {
  private ModelAssumptions() {}

  static List<Assumption> of(DemandModel model, NodeProfile node) {
    Origin ofNode = node.estimated() ? Origin.DEFAULT : Origin.MEASURED;
    String catalogue = node.estimated() ? "catalogue, an estimate" : "measured node profile";
    return List.of(
        assumed(
            "model.shareOfFinalSalesReached",
            String.format(Locale.ROOT, "%.3f", model.pickUp().pooled().expected(model.left())),
            "prior pick-up curve; one broadcaster gained 40 % of its subscribers in the last 48 h"),
        assumed(
            "model.arrivals",
            "all connections come in the first ramp",
            "a late start or a failed stream makes it so"),
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
            "no recorded source: nodes share ticket keys, some clients lose their ticket"),
        new Assumption(
            "node." + node.name() + ".connectionsMax",
            Integer.toString(node.connectionsMax()),
            ofNode,
            catalogue),
        new Assumption(
            "node." + node.name() + ".fullHandshakesPerSecond",
            Double.toString(node.fullHandshakesPerSecond()),
            ofNode,
            catalogue),
        new Assumption(
            "node." + node.name() + ".bytesPerConnection",
            Long.toString(node.bytesPerConnection()),
            ofNode,
            catalogue));
  }

  private static Assumption assumed(String name, String value, String source) {
    return new Assumption(name, value, Origin.DEFAULT, source);
  }
}

package dev.spike.core.plan;

import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.MeasuredNode;
import dev.spike.core.catalog.NodeProfile;
import dev.spike.core.catalog.RegionPrices;
import dev.spike.core.spec.Assumption;
import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.Origin;
import dev.spike.core.spec.SpecException;
import dev.spike.core.spec.SpecProblem;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The catalogue with what the event file's {@code calibration} puts in place of it.
 *
 * @param named the files, as the event file names them
 * @param measured of the node profile
 * @param prices of the price list
 */
record Calibrated(
    EventSpec.Calibration named, Optional<MeasuredNode> measured, Optional<RegionPrices> prices) {

  /** Of the node profile's bytes; null where none is named. */
  @Nullable String profileDigest() {
    return measured.map(MeasuredNode::digest).orElse(null);
  }

  /** The catalogue of the chosen provider, which has to be in the Region of the prices. */
  Catalog catalog(EventSpec.ProviderChoice choice, String file) throws SpecException {
    String region = choice.settings().get("region");
    if (prices.isPresent() && region != null && !region.equals(prices.get().region())) {
      throw mistake(
          file,
          named.prices(),
          "calibration.prices",
          "calibration.prices has the prices of "
              + prices.get().region()
              + ", and the tier is planned for "
              + region
              + "; ask for them with: spike prices --region "
              + region);
    }
    return catalog(choice.name(), file);
  }

  /** The catalogue of a provider. */
  Catalog catalog(String provider, String file) throws SpecException {
    Catalog shipped = Catalog.shipped(provider);
    Catalog known = measured.map(shipped::with).orElse(shipped);
    if (prices.isEmpty() || !prices.get().provider().equals(provider)) {
      return known;
    }
    if (!prices.get().cacheNode().equals(known.cacheNode().name())) {
      throw mistake(
          file,
          named.prices(),
          "calibration.prices",
          "calibration.prices has the price of a cache node "
              + prices.get().cacheNode()
              + ", and the cache is sized with "
              + known.cacheNode().name());
    }
    try {
      return known.with(prices.get());
    } catch (IllegalArgumentException nothingOffered) {
      throw mistake(
          file,
          named.prices(),
          "calibration.prices",
          "calibration.prices names no node type of the catalogue, so nothing can be planned in "
              + prices.get().region());
    }
  }

  /** A profile of a machine that nobody knows is a mistake. */
  void check(String file, Catalog catalog, Catalog reference) throws SpecException {
    if (measured.isEmpty()) {
      return;
    }
    String type = measured.get().instanceType();
    if (catalog.profile(type).isEmpty() && reference.profile(type).isEmpty()) {
      throw mistake(
          file,
          named.profile(),
          "calibration.profile",
          "calibration.profile was measured on '"
              + type
              + "', of which the catalogue knows nothing; known are "
              + String.join(", ", reference.profiles().stream().map(NodeProfile::name).toList()));
    }
  }

  /** A profile of a machine that is not planned is a pity. */
  void unused(List<NodeProfile> planned, Advice advice) {
    measured
        .map(MeasuredNode::instanceType)
        .filter(type -> planned.stream().noneMatch(node -> node.name().equals(type)))
        .ifPresent(type -> advice.unusedCalibration(type, planned.getFirst().name()));
  }

  /** Whose prices the plan counts with. */
  Assumption pricesAssumption(Catalog priced) {
    String value = priced.region() + ", " + priced.prices().date();
    return named
        .prices()
        .map(list -> new Assumption("calibration.prices", value, Origin.GIVEN, list.path()))
        .orElseGet(
            () ->
                new Assumption(
                    "calibration.prices",
                    value,
                    Origin.DEFAULT,
                    "the shipped price list; spike prices asks for the Region's own"));
  }

  private static SpecException mistake(
      String file, Optional<EventSpec.GivenFile> given, String key, String what) {
    return new SpecException(
        file, List.of(new SpecProblem(given.map(EventSpec.GivenFile::line).orElse(0), key, what)));
  }
}

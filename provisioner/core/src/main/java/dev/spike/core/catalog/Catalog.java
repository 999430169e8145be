package dev.spike.core.catalog;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/**
 * The node profiles and prices of one provider.
 *
 * @param region of the prices
 * @param profiles the wanted one first
 */
public record Catalog(
    String provider,
    String region,
    String note,
    List<NodeProfile> profiles,
    CacheProfile cacheNode,
    PriceList prices) {
  public Catalog {
    profiles = List.copyOf(profiles);
  }

  /** The catalogue shipped for a provider: local or aws. */
  public static Catalog shipped(String provider) {
    String resource = "/dev/spike/core/catalog/" + provider + ".json";
    try (InputStream in = Catalog.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException("no catalogue for provider '" + provider + "'");
      }
      return JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .build()
          .readValue(in, Catalog.class);
    } catch (IOException broken) {
      throw new UncheckedIOException(resource + " cannot be read", broken);
    }
  }

  /**
   * The same catalogue with what was measured in place of its own figures, where it has that node.
   */
  public Catalog with(MeasuredNode measured) {
    List<NodeProfile> calibrated =
        profiles.stream()
            .map(
                profile ->
                    profile.name().equals(measured.instanceType())
                        ? profile.with(measured.figures(), FigureOrigin.MEASURED)
                        : profile)
            .toList();
    return new Catalog(provider, region, note, calibrated, cacheNode, prices);
  }

  /**
   * The same catalogue with the prices of another day or Region. A node type without a price is not
   * to be had there, so it leaves the catalogue.
   *
   * @throws IllegalArgumentException when no type is left
   */
  public Catalog with(RegionPrices asked) {
    List<NodeProfile> offered =
        profiles.stream()
            .filter(profile -> asked.prices().nodeHour().containsKey(profile.name()))
            .toList();
    if (offered.isEmpty()) {
      throw new IllegalArgumentException("none of the catalogue's node types has a price");
    }
    return new Catalog(provider, asked.region(), note, offered, cacheNode, asked.prices());
  }

  /** The profile of that name. */
  public Optional<NodeProfile> profile(String name) {
    return profiles.stream().filter(profile -> profile.name().equals(name)).findFirst();
  }
}

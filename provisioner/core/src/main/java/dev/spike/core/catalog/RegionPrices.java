package dev.spike.core.catalog;

/**
 * What one Region of a provider charges, as it was asked.
 *
 * @param provider that charges it
 * @param region such as {@code eu-west-1}
 * @param cacheNode the type that {@link PriceList#cacheNodeHour} is for
 * @param prices of the node types that the Region has
 */
public record RegionPrices(String provider, String region, String cacheNode, PriceList prices) {}

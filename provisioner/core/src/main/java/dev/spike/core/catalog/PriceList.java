package dev.spike.core.catalog;

import java.util.Map;

/**
 * What is charged.
 *
 * @param date of the prices, ISO 8601
 * @param nodeHour by profile name
 * @param cacheNodeHour one cache node
 * @param balancerHour one balancer
 * @param balancerUnitHour one capacity unit
 * @param egressGigabyte to the internet
 */
public record PriceList(
    String date,
    String currency,
    Map<String, Double> nodeHour,
    double cacheNodeHour,
    double balancerHour,
    double balancerUnitHour,
    double egressGigabyte) {
  public PriceList {
    nodeHour = Map.copyOf(nodeHour);
  }

  /** The same prices without those of other nodes. */
  public PriceList ofNode(String profile) {
    Double price = nodeHour.get(profile);
    return withNodeHour(price == null ? Map.of() : Map.of(profile, price));
  }

  /** The same prices with others of nodes. */
  public PriceList withNodeHour(Map<String, Double> others) {
    return new PriceList(
        date, currency, others, cacheNodeHour, balancerHour, balancerUnitHour, egressGigabyte);
  }
}

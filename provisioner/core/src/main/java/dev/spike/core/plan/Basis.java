package dev.spike.core.plan;

import dev.spike.core.capacity.Load;
import dev.spike.core.capacity.Zones;
import dev.spike.core.catalog.CacheProfile;
import dev.spike.core.catalog.NodeProfile;
import dev.spike.core.catalog.PriceList;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the tier was sized and priced from, unrounded. A later plan computes with it again, to tell
 * which of its inputs changed the tier and by how much.
 *
 * @param load that the tier is built for, scaled
 * @param node the profile the tier was sized with
 * @param cacheReplicas of each shard of the cache
 * @param prices those of that node only
 * @param uninvited the mean factor of arrivals who hold no ticket
 * @param products what their tickets mean, by name
 */
public record Basis(
    Load load,
    Zones zones,
    NodeProfile node,
    CacheProfile cacheNode,
    int cacheReplicas,
    PriceList prices,
    double uninvited,
    SortedMap<String, TicketMeans> products) {
  public Basis {
    products = Collections.unmodifiableSortedMap(new TreeMap<>(products));
  }

  /**
   * The means of what a ticket of one product becomes.
   *
   * @param showRate the share of tickets that are used
   */
  public record TicketMeans(double showRate, double connectionsPerTicket) {}
}

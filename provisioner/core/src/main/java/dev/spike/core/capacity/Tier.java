package dev.spike.core.capacity;

/**
 * What a tier consists of, and no more: all that its cost depends on.
 *
 * @param profile of its nodes
 * @param nodes nodesPerZone times the zones
 */
public record Tier(
    String profile,
    int nodesPerZone,
    int nodes,
    CapacityPlan.CacheSize cache,
    CapacityPlan.BalancerSize balancer) {}

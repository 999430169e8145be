package dev.spike.core.plan;

import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.spec.EventSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the event file demands of its plan. */
final class Policies {
  private Policies() {}

  static List<Plan.PolicyResult> of(EventSpec spec, CapacityPlan capacity, Plan.Cost cost) {
    List<Plan.PolicyResult> results = new ArrayList<>();
    spec.maxCostUsd()
        .ifPresent(
            most ->
                results.add(
                    new Plan.PolicyResult(
                        "budget.maxCost",
                        cost.total() <= most.doubleValue(),
                        money(cost.total()),
                        money(most.doubleValue()),
                        "Raise budget.maxCost, or plan for less: confidence, zones or messages.")));
    CapacityPlan.HandshakeBacklog backlog = capacity.handshakeBacklog();
    double patience = spec.clients().handshakeTimeout().toMillis() / 2000.0;
    results.add(
        new Plan.PolicyResult(
            "clients.handshakeTimeout",
            backlog.waitSeconds() <= patience,
            backlog.waitSeconds() + " s of waiting with one zone lost",
            patience + " s, half of the clients' time-out, beyond which retries keep it full",
            "Raise the time-out, or lengthen demand.arrivals.within by opening the doors earlier."));
    double jitter = spec.clients().reconnectJitter().toMillis() / 1000.0;
    double needed = capacity.reconnectStorm().minimumJitterSeconds();
    results.add(
        new Plan.PolicyResult(
            "clients.reconnectJitter",
            !spec.service().surviveZone() || (needed >= 0 && needed <= jitter),
            jitter + " s",
            needed < 0 ? "no jitter suffices" : "at least " + needed + " s",
            "Spread the clients' reconnects over a longer time."));
    results.add(
        new Plan.PolicyResult(
            "service.handshakeP99",
            capacity.handshakeQueueP99Millis() <= spec.service().handshakeP99().toMillis(),
            capacity.handshakeQueueP99Millis() + " ms in a node's queue",
            spec.service().handshakeP99().toMillis() + " ms",
            "Allow more time, or plan for a higher confidence."));
    return results;
  }

  private static String money(double amount) {
    return String.format(Locale.ROOT, "$%,.0f", amount);
  }
}

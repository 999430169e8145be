package dev.spike.core.plan;

import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.spec.EventSpec;
import dev.spike.core.spec.Survive;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the event file demands of its plan. */
final class Policies {
  private Policies() {}

  static List<Plan.PolicyResult> of(
      EventSpec spec, CapacityPlan capacity, Plan.Cost cost, Plan.Schedule schedule, Instant asOf) {
    List<Plan.PolicyResult> results = new ArrayList<>();
    spec.budget()
        .maxCostUsd()
        .ifPresent(
            most ->
                results.add(
                    new Plan.PolicyResult(
                        "budget.maxCost",
                        cost.total() <= most.doubleValue(),
                        money(cost.total()),
                        money(most.doubleValue()),
                        "Raise budget.maxCost, or plan for less: confidence, zones, messages,"
                            + " schedule.provisionBefore, or no reserve.balancer.")));
    spec.budget()
        .minimumLead()
        .ifPresent(
            least -> {
              Duration lead = Duration.between(asOf, schedule.provisionAt());
              results.add(
                  new Plan.PolicyResult(
                      "budget.minimumLead",
                      lead.compareTo(least) >= 0,
                      lead.toHours() + " h from the plan to provision",
                      least.toHours() + " h at least",
                      "Plan earlier, or shorten schedule.provisionBefore or budget.minimumLead."));
            });
    spec.budget()
        .minimumZones()
        .ifPresent(
            least ->
                results.add(
                    new Plan.PolicyResult(
                        "budget.minimumZones",
                        capacity.zones() >= least,
                        zones(capacity.zones()),
                        zones(least) + " at least",
                        "Plan for more zones under provider, or lower budget.minimumZones.")));
    CapacityPlan.HandshakeBacklog backlog = capacity.handshakeBacklog();
    double patience = backlog.waitSecondsMax();
    results.add(
        new Plan.PolicyResult(
            "clients.handshakeTimeout",
            backlog.waitSeconds() <= patience,
            backlog.waitSeconds() + " s of waiting with one zone lost",
            patience + " s, as promised and below half of the clients' time-out",
            "Raise the time-out, or lengthen demand.arrivals.within by opening the doors earlier."));
    double jitter = spec.clients().reconnectJitter().toMillis() / 1000.0;
    double needed = capacity.reconnectStorm().minimumJitterSeconds();
    results.add(
        new Plan.PolicyResult(
            "clients.reconnectJitter",
            spec.service().survive() == Survive.NONE || (needed >= 0 && needed <= jitter),
            jitter + " s",
            needed < 0 ? "no jitter suffices" : "at least " + needed + " s",
            "Spread the clients' reconnects over a longer time."));
    double back = Math.max(jitter, needed) + backlog.waitSeconds();
    results.add(
        new Plan.PolicyResult(
            "service.connectWithin",
            spec.service().survive() == Survive.NONE
                || back * 1000 <= spec.service().connectWithin().toMillis(),
            String.format(Locale.ROOT, "%.1f s until all who were cut off are back", back),
            String.format(
                Locale.ROOT, "%.1f s", spec.service().connectWithin().toMillis() / 1000.0),
            "Let clients spread their reconnects over less time, or allow more."));
    results.add(
        new Plan.PolicyResult(
            "service.handshakeP99",
            capacity.handshakeQueueP99Millis() <= spec.service().handshakeP99().toMillis(),
            capacity.handshakeQueueP99Millis() + " ms in a node's queue",
            spec.service().handshakeP99().toMillis() + " ms",
            "Allow more time, or plan for a higher confidence."));
    return results;
  }

  private static String zones(int count) {
    return count == 1 ? "1 zone" : count + " zones";
  }

  private static String money(double amount) {
    return String.format(Locale.ROOT, "$%,.0f", amount);
  }
}

package dev.spike.core.plan;

import dev.spike.core.capacity.CapacityPlan;
import dev.spike.core.catalog.Catalog;
import dev.spike.core.catalog.NodeProfile;
import dev.spike.core.spec.EventSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What must be asked for by when, and what is lost after it. */
final class Calendar {
  private static final Duration SOON = Duration.ofDays(7);
  private static final Duration QUOTA = Duration.ofDays(21);
  private static final int CACHE_NODES_QUOTA = 90;

  private final Plan.Schedule schedule;
  private final Instant asOf;
  private final List<Plan.CalendarEntry> entries = new ArrayList<>();

  private Calendar(Plan.Schedule schedule, Instant asOf) {
    this.schedule = schedule;
    this.asOf = asOf;
  }

  /** The entries of a plan, the earliest first. */
  static List<Plan.CalendarEntry> of(
      EventSpec spec,
      CapacityPlan capacity,
      Catalog catalog,
      Plan.Schedule schedule,
      Instant asOf) {
    Calendar calendar = new Calendar(schedule, asOf);
    if (spec.provider().name().equals("aws")) {
      calendar.quotas(capacity, catalog);
      calendar.reservations(spec, capacity, catalog);
    }
    calendar.add(
        "provision the tier", schedule.provisionAt(), "the time to repair what is found missing");
    for (Instant verify : schedule.verifyAt()) {
      calendar.add("verify that the tier is warm", verify, "one of the looks before the event");
    }
    return calendar.entries.stream()
        .sorted(Comparator.comparing(Plan.CalendarEntry::askBy))
        .toList();
  }

  /** Increases take weeks. */
  private void quotas(CapacityPlan capacity, Catalog catalog) {
    Instant by = schedule.provisionAt().minus(QUOTA);
    int vcpus = catalog.profile(capacity.profile()).map(NodeProfile::vcpus).orElse(0);
    add(
        "raise the vCPU quota to %,d for %d nodes of %s (weeks)"
            .formatted(capacity.nodes() * vcpus, capacity.nodes(), capacity.profile()),
        by,
        "nodes above the account's quota: launches are refused");
    add(
        "raise the balancer capacity unit quota to %,d (weeks)".formatted(Costing.units(capacity)),
        by,
        "the reservation above the quota: the balancer grows on its own");
    int cacheNodes = capacity.cache().nodes();
    if (cacheNodes > CACHE_NODES_QUOTA) {
      add(
          "raise the quota of nodes in a cache from %d to %,d (weeks)"
              .formatted(CACHE_NODES_QUOTA, cacheNodes),
          by,
          "the cache: it is refused above the quota");
    }
  }

  private void reservations(EventSpec spec, CapacityPlan capacity, Catalog catalog) {
    if (Costing.reserved(spec, "nodes")) {
      add(
          String.format(
              Locale.ROOT,
              "spike reserve: future-dated capacity reservation, 5 days ahead, 14 days at least,"
                  + " $%,.0f more",
              Costing.commitment(capacity, schedule, catalog.prices())),
          schedule.provisionAt().minus(CapacityCommitment.AHEAD_MIN),
          "a promise of capacity: only immediate reservations remain, and a zone may have none");
      add(
          "immediate capacity reservation, made by provision",
          schedule.provisionAt(),
          "hours in which another zone or type could be tried");
    }
    add(
        "create the cache of " + capacity.cache().shards() + " shards (under an hour)",
        schedule.provisionAt(),
        "warm-up starts later");
    if (Costing.reserved(spec, "balancer")) {
      add(
          "reserve %,d balancer capacity units (hours)".formatted(Costing.units(capacity)),
          spec.event().startsAt().minus(Duration.ofHours(24)),
          "the balancer grows on its own, slower than clients arrive");
    }
  }

  private void add(String what, Instant askBy, String lost) {
    String state =
        asOf.isAfter(askBy) ? "too late" : asOf.isAfter(askBy.minus(SOON)) ? "due" : "ok";
    entries.add(new Plan.CalendarEntry(what, askBy, state, lost));
  }
}

package dev.spike.core.plan;

import dev.spike.core.capacity.CapacityPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What must be asked for by when, and what is lost after it. */
final class Calendar {
  private static final Duration SOON = Duration.ofDays(7);

  private final Plan.Schedule schedule;
  private final Plan.Event event;
  private final Instant asOf;
  private final List<Plan.CalendarEntry> entries = new ArrayList<>();

  private Calendar(Plan.Schedule schedule, Plan.Event event, Instant asOf) {
    this.schedule = schedule;
    this.event = event;
    this.asOf = asOf;
  }

  /** The entries of a plan, the earliest first. */
  static List<Plan.CalendarEntry> of(
      String provider,
      CapacityPlan capacity,
      Plan.Schedule schedule,
      Plan.Event event,
      Instant asOf) {
    Calendar calendar = new Calendar(schedule, event, asOf);
    if (provider.equals("aws")) {
      calendar.ofAws(capacity);
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

  private void ofAws(CapacityPlan capacity) {
    add(
        "raise the vCPU quota for " + capacity.nodes() + " nodes of " + capacity.profile(),
        schedule.provisionAt().minus(Duration.ofDays(21)),
        "nodes above the account's quota: launches are refused");
    add(
        "future-dated capacity reservation (at least 5 days ahead, 14 days of commitment)",
        schedule.provisionAt().minus(Duration.ofDays(5)),
        "only immediate reservations remain, which may find no capacity in a zone");
    add(
        "create the cache of " + capacity.cache().shards() + " shards (under an hour)",
        schedule.provisionAt(),
        "warm-up starts later");
    add(
        "reserve "
            + Math.max(capacity.balancer().acceptUnits(), capacity.balancer().broadcastUnits())
            + " balancer capacity units (hours)",
        event.startsAt().minus(Duration.ofHours(24)),
        "the balancer grows on its own, slower than clients arrive");
  }

  private void add(String what, Instant askBy, String lost) {
    String state =
        asOf.isAfter(askBy) ? "too late" : asOf.isAfter(askBy.minus(SOON)) ? "due" : "ok";
    entries.add(new Plan.CalendarEntry(what, askBy, state, lost));
  }
}

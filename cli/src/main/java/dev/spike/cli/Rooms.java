package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.Words;
import dev.spike.core.plan.CapacityCommitment;
import dev.spike.core.plan.Plan;
import dev.spike.core.provider.Deadline;
import dev.spike.core.provider.FutureCapacity;
import dev.spike.core.provider.FutureCapacity.Promise;
import dev.spike.core.provider.FutureCapacity.Standing;
import dev.spike.core.provider.Provider;
import dev.spike.core.provider.ProviderException;
import dev.spike.core.resource.EventName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The room that was reserved ahead, as lines and facts. */
final class Rooms {
  private static final Duration LOOK = Duration.ofSeconds(30);

  private Rooms() {}

  /** What an event has of it; nothing is said where it has none. */
  static List<Promise> of(
      Report.Draft draft, Provider provider, EventName event, java.time.Clock clock)
      throws ProviderException, InterruptedException {
    Optional<FutureCapacity> capacity = provider.futureCapacity();
    if (capacity.isEmpty()) {
      return List.of();
    }
    List<Promise> promises = capacity.get().promises(event, Deadline.in(clock, LOOK));
    of(draft, promises);
    return promises;
  }

  static void of(Report.Draft draft, List<Promise> promises) {
    List<Map<String, Object>> facts = new ArrayList<>();
    for (Promise promise : promises) {
      if (promise.standing() != Standing.ENDED) {
        draft.line(line(promise));
        facts.add(facts(promise));
      }
    }
    if (!facts.isEmpty()) {
      draft.fact("reservedAhead", facts);
    }
  }

  /** What room that was reserved ahead and is not there yet means for a tier that was built now. */
  static void later(Report.Draft draft, List<Promise> promises, Instant now) {
    for (Promise promise : promises) {
      boolean waits = promise.holds() && promise.standing() != Standing.ACTIVE;
      if (waits && promise.startsAt().isAfter(now)) {
        draft.line(
            "  room   "
                + promise.id()
                + " begins at "
                + promise.startsAt()
                + " only: it was not waited for, and its nodes were reserved at once");
      }
    }
  }

  /** What stays to be paid for after a teardown. */
  static void committed(
      Report.Draft draft, List<Promise> promises, @Nullable Plan plan, Instant now) {
    double sum = 0;
    for (Promise promise : promises) {
      if (promise.committedUntil().isEmpty()) {
        continue;
      }
      Instant end = promise.endsAt().orElse(promise.committedUntil().get());
      Instant from = promise.startsAt().isAfter(now) ? promise.startsAt() : now;
      double hours = Math.max(0, Duration.between(from, end).toSeconds() / 3600.0);
      String cost = "";
      if (plan != null && plan.basis().node().name().equals(promise.profile())) {
        double money = promise.nodes() * hours * CapacityCommitment.of(plan).nodeHour();
        sum += money;
        cost = ", " + Words.money(money, plan.cost().currency());
      }
      draft.line(
          String.format(
              Locale.ROOT,
              "  stays  %s: %d of %s in %s, committed until %s; paid for %,.0f h more until it ends by"
                  + " itself at %s%s",
              promise.id(),
              promise.nodes(),
              promise.profile(),
              promise.zoneName(),
              promise.committedUntil().get(),
              hours,
              end,
              cost));
    }
    draft.fact("committed", promises.stream().map(Rooms::facts).toList());
    if (sum > 0) {
      draft.fact("costCommitted", Math.rint(sum * 100) / 100);
    }
  }

  private static String line(Promise promise) {
    return String.format(
        Locale.ROOT,
        "  room   %s  %d of %s in %s  %s from %s%s  %s",
        promise.resource().value().replaceFirst(".*/", ""),
        promise.nodes(),
        promise.profile(),
        promise.zoneName(),
        promise.state(),
        promise.startsAt(),
        promise.endsAt().map(end -> " until " + end).orElse(""),
        promise.id());
  }

  private static Map<String, Object> facts(Promise promise) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("id", promise.id());
    facts.put("resource", promise.resource().value());
    facts.put("zone", promise.zoneName());
    facts.put("profile", promise.profile());
    facts.put("nodes", promise.nodes());
    facts.put("state", promise.state());
    facts.put("startsAt", promise.startsAt().toString());
    promise.endsAt().ifPresent(end -> facts.put("endsAt", end.toString()));
    promise.committedUntil().ifPresent(until -> facts.put("committedUntil", until.toString()));
    return facts;
  }
}

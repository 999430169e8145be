package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.Words;
import dev.spike.core.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the next person needs at the end of provision and status: fronts, DNS records, cost. */
final class Outlook {
  private static final int TTL_SECONDS = 60;

  private Outlook() {}

  /** Every balancer's address by zone. */
  static void fronts(Report.Draft draft, Map<String, String> fronts) {
    new TreeMap<>(fronts)
        .forEach((zone, address) -> draft.line("  front " + zone + "  " + address));
    draft.fact("fronts", new TreeMap<>(fronts));
  }

  /**
   * The records to set for the host that clients connect to; spike sets none. Addresses where they
   * are known: a name with an alias can have no other record, and only one alias.
   */
  static void records(Report.Draft draft, String host, Map<String, String> fronts) {
    List<String> addresses = new ArrayList<>();
    List<String> aliases = new ArrayList<>();
    for (String front :
        fronts.values().stream().map(Outlook::withoutPort).distinct().sorted().toList()) {
      if (front.matches("[0-9.]+")) {
        addresses.add("A " + front);
      } else if (front.contains(":")) {
        addresses.add("AAAA " + front);
      } else {
        aliases.add("CNAME " + front);
      }
    }
    List<String> records =
        (addresses.isEmpty() ? aliases : addresses)
            .stream().map(record -> host + ". " + TTL_SECONDS + " IN " + record).toList();
    records.forEach(record -> draft.line("  DNS    " + record));
    draft.fact("dnsRecords", records);
  }

  /** Until teardown. */
  static void cost(Report.Draft draft, Plan plan) {
    double perDay = plan.cost().hourly() * 24;
    draft.line(
        "  cost   "
            + Words.money(perDay, plan.cost().currency())
            + " a day until teardown, due at "
            + plan.schedule().teardownAfter());
    draft.fact("costPerDay", perDay).fact("currency", plan.cost().currency());
  }

  /** How long a tier stood, and what that cost beside what was planned. */
  static void bill(
      Report.Draft draft, @Nullable Plan plan, Optional<Instant> since, Instant until) {
    if (since.isEmpty()) {
      return;
    }
    double hours = Duration.between(since.get(), until).toSeconds() / 3600.0;
    draft.fact("standingSince", since.get().toString()).fact("hoursStood", hours);
    String stood =
        String.format(
            Locale.ROOT,
            "it stood %.1f h, since %s",
            hours,
            since.get().truncatedTo(ChronoUnit.SECONDS));
    if (plan == null) {
      draft.line("  cost   " + stood + "; without its plan no price is known");
      return;
    }
    double cost = hours * plan.cost().hourly();
    draft.line(
        "  cost   "
            + stood
            + ": "
            + Words.money(cost, plan.cost().currency())
            + " by the hour, without capacity units and traffic; planned "
            + Words.money(plan.cost().total(), plan.cost().currency())
            + " in all");
    draft.fact("cost", cost).fact("costPlanned", plan.cost().total());
  }

  private static String withoutPort(String address) {
    int colon = address.lastIndexOf(':');
    String host = colon < 0 ? address : address.substring(0, colon);
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}

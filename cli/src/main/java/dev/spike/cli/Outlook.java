package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.Words;
import dev.spike.core.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

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

  /** The records to set for the host that clients connect to; spike sets none. */
  static void records(Report.Draft draft, String host, Map<String, String> fronts) {
    List<String> records = new ArrayList<>();
    for (String address :
        fronts.values().stream().map(Outlook::withoutPort).distinct().sorted().toList()) {
      String type = address.matches("[0-9.]+") ? "A" : address.contains(":") ? "AAAA" : "CNAME";
      records.add(host + ". " + TTL_SECONDS + " IN " + type + " " + address);
    }
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

  private static String withoutPort(String address) {
    int colon = address.lastIndexOf(':');
    String host = colon < 0 ? address : address.substring(0, colon);
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}

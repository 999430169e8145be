package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.Words;
import dev.spike.core.plan.PlanDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Tells in the report what changed between two plans of one event, and why. */
final class Baseline {
  private Baseline() {}

  /** Such as {@code sales +18.0 % since T-96 h: +3 nodes, +$610.00}, then cause by cause. */
  static void tell(PlanDifference difference, Report.Draft draft) {
    draft.entry("since", sentence(difference));
    List<String> idle = new ArrayList<>();
    for (PlanDifference.Cause cause : difference.causes()) {
      if (cause.nodes() == 0 && cause.cents() == 0) {
        idle.add(cause.input());
      } else {
        draft.entry(
            "because",
            words(cause) + ": " + effect(cause.nodes(), cause.cents(), difference.currency()));
      }
    }
    if (!idle.isEmpty()) {
      draft.entry("changed", "with no effect on the tier: " + String.join(", ", idle));
    }
    if (difference.resources().isEmpty()) {
      draft.entry("changes", "no resource changes");
    } else {
      for (String sign : List.of("+ ", "~ ", "- ")) {
        resources(difference, sign).ifPresent(those -> draft.entry("changes", those));
      }
    }
    draft.fact("since", facts(difference));
  }

  /** Those that were added, changed or taken away, behind their sign. */
  private static Optional<String> resources(PlanDifference difference, String sign) {
    List<String> those =
        difference.resources().stream()
            .filter(resource -> resource.startsWith(sign))
            .map(resource -> resource.substring(sign.length()))
            .toList();
    return those.isEmpty() ? Optional.empty() : Optional.of(sign + String.join(", ", those));
  }

  private static String sentence(PlanDifference difference) {
    return "sales "
        + percent(difference.before().sold(), difference.after().sold())
        + ", connections "
        + percent(difference.before().connections(), difference.after().connections())
        + " since T-"
        + difference.since().toHours()
        + " h: "
        + effect(difference.nodes(), difference.cents(), difference.currency());
  }

  private static String words(PlanDifference.Cause cause) {
    return switch (cause.group()) {
      case SALES -> cause.change();
      case EVENT_FILE, CATALOGUE, PRICES, TIME, SOFTWARE -> cause.input() + ", " + cause.change();
    };
  }

  private static String effect(int nodes, long cents, String currency) {
    return (nodes < 0 ? "-" : "+")
        + Words.count(Math.abs(nodes), "node")
        + ", "
        + (cents < 0 ? "-" : "+")
        + Words.money(Math.abs(cents) / 100.0, currency);
  }

  private static String percent(long before, long after) {
    return before == 0
        ? Words.count(before) + " to " + Words.count(after)
        : String.format(Locale.ROOT, "%+.1f %%", 100.0 * (after - before) / before);
  }

  private static Map<String, Object> facts(PlanDifference difference) {
    Map<String, Object> facts = new TreeMap<>();
    facts.put("hoursBeforeStart", difference.since().toHours());
    facts.put("before", figures(difference.before()));
    facts.put("after", figures(difference.after()));
    facts.put("nodes", difference.nodes());
    facts.put("cost", difference.cents() / 100.0);
    facts.put("currency", difference.currency());
    facts.put("resources", difference.resources());
    facts.put(
        "causes",
        difference.causes().stream()
            .map(
                cause ->
                    new TreeMap<String, Object>(
                        Map.of(
                            "group", cause.group().title(),
                            "input", cause.input(),
                            "change", cause.change(),
                            "connections", cause.connections(),
                            "nodes", cause.nodes(),
                            "cost", cause.cents() / 100.0)))
            .toList());
    return facts;
  }

  private static Map<String, Object> figures(PlanDifference.Figures figures) {
    return new TreeMap<>(
        Map.of(
            "sold", figures.sold(),
            "connections", figures.connections(),
            "nodes", figures.nodes(),
            "cost", figures.cents() / 100.0));
  }
}

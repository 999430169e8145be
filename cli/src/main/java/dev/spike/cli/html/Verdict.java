package dev.spike.cli.html;

import dev.spike.core.plan.Plan;
import java.util.List;
import java.util.stream.Collectors;

/** Whether the event is on its way: the first thing that the page says. */
enum Verdict {
  REFUSED("refused", "Refused"),
  AT_RISK("at-risk", "At risk"),
  DECIDE("decide", "On track, with decisions due"),
  ON_TRACK("on-track", "On track");

  private final String css;
  private final String word;

  Verdict(String css, String word) {
    this.css = css;
    this.word = word;
  }

  static Verdict of(Plan plan) {
    if (!plan.violations().isEmpty()) {
      return REFUSED;
    }
    if (!inState(plan, "too late").isEmpty()) {
      return AT_RISK;
    }
    return inState(plan, "due").isEmpty() ? ON_TRACK : DECIDE;
  }

  String css() {
    return css;
  }

  String word() {
    return word;
  }

  /** Why, in one sentence. */
  String because(Plan plan, EventTime time) {
    List<Plan.CalendarEntry> late = inState(plan, "too late");
    List<Plan.CalendarEntry> due = inState(plan, "due");
    return switch (this) {
      case REFUSED ->
          "The plan breaks "
              + Figures.count(plan.violations().size(), "rule")
              + ", so no plan file was saved: "
              + plan.violations().stream()
                  .map(rule -> rule.id() + " is " + rule.observed() + ", limit " + rule.limit())
                  .collect(Collectors.joining("; "))
              + ".";
      case AT_RISK ->
          (late.size() == 1 ? "One date has" : Figures.count(late.size()) + " dates have")
              + " passed by which something was to be asked for; what is lost stands below. "
              + next(due, time);
      case DECIDE -> next(due, time);
      case ON_TRACK ->
          "Every rule is kept and no date is near. Provisioning is due "
              + time.brief(plan.schedule().provisionAt())
              + ".";
    };
  }

  private static String next(List<Plan.CalendarEntry> due, EventTime time) {
    return due.isEmpty()
        ? "Nothing else is due within a week."
        : Figures.count(due.size(), "step")
            + (due.size() == 1 ? " is" : " are")
            + " due within a week, the first by "
            + time.brief(due.getFirst().askBy())
            + ".";
  }

  static List<Plan.CalendarEntry> inState(Plan plan, String state) {
    return plan.calendar().stream().filter(entry -> entry.state().equals(state)).toList();
  }
}

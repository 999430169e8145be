package dev.spike.cli.html;

import dev.spike.core.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What those who decide ask first, each with its answer in a few words. */
record Answers(Plan plan, EventTime time) {
  /**
   * One of them.
   *
   * @param note what the answer rests on
   */
  private record Answer(String question, String answer, String note) {}

  void write(Markup html) {
    html.open("dl", "class", "answers");
    for (Answer answer : List.of(machines(), enough(), cost(), nextDate(), steepness(), wrong())) {
      html.open("div").element("dt", answer.question());
      html.open("dd").element("b", answer.answer()).element("span", answer.note()).close();
      html.close();
    }
    html.close();
  }

  private Answer machines() {
    String each =
        plan.capacity().nodesPerZone()
            + " "
            + plan.capacity().profile()
            + " in each of "
            + Figures.count(plan.capacity().zones(), "zone");
    if (plan.demand().scale() == 1) {
      int cache = plan.capacity().cache().nodes();
      return new Answer(
          "How many machines?",
          Figures.count(plan.capacity().nodes(), "node"),
          each
              + "; besides "
              + Figures.count(cache, "cache machine")
              + " and "
              + Figures.count(plan.capacity().balancer().balancers(), "balancer"));
    }
    Plan.Size full = plan.sizes().fullEvent();
    return new Answer(
        "How many machines?",
        Figures.count(plan.capacity().nodes(), "node"),
        each
            + ", a rehearsal at "
            + plan.sizes().planned().scale()
            + "; the full event needs "
            + Figures.count(full.nodes(), "node")
            + " of "
            + full.profile());
  }

  /** Enough by the rules that are about capacity, and for the confidence that was asked for. */
  private Answer enough() {
    boolean holds = plan.violations().stream().allMatch(rule -> rule.id().startsWith("budget."));
    String within = Odds.of(plan.demand().confidence()).map(Odds::within).orElse("most cases");
    List<String> note = new ArrayList<>();
    note.add(
        Figures.count(plan.demand().planned())
            + " connections at one time ("
            + plan.demand().confidence()
            + ")");
    if (plan.demand().scale() != 1) {
      note.add(Figures.count(plan.demand().scaled()) + " at the scale");
    }
    Headroom.of(plan)
        .ifPresent(
            headroom ->
                note.add(
                    "it holds "
                        + Figures.compact(headroom.connectionsLeft())
                        + Survival.of(plan).words()));
    if (plan.capacity().estimated()) {
      note.add("if its estimates hold");
    }
    return new Answer("Is it enough?", holds ? "Yes, in " + within : "No", String.join("; ", note));
  }

  private Answer cost() {
    String budget =
        budget()
            .map(rule -> (rule.passed() ? "within" : "above") + " the budget of " + rule.limit())
            .orElse("no budget is set");
    return new Answer(
        "What does it cost?",
        Figures.money(plan.cost().total(), plan.cost().currency()),
        "from the first node to teardown, "
            + budget
            + PriceDay.of(plan)
                .map(day -> "; list prices of " + EventTime.date(day.day()))
                .orElse(""));
  }

  private Optional<Plan.PolicyResult> budget() {
    return plan.policy().stream().filter(rule -> rule.id().equals("budget.maxCost")).findFirst();
  }

  /** The next date that has not passed; after the last, that there is none. */
  private Answer nextDate() {
    int missed = Verdict.inState(plan, "too late").size();
    String passed =
        missed == 0 ? "" : "; " + Figures.count(missed, "earlier date") + " passed, see below";
    return plan.calendar().stream()
        .filter(entry -> !entry.state().equals("too late"))
        .findFirst()
        .map(
            entry ->
                new Answer(
                    "What must be done by when?",
                    time.brief(entry.askBy()),
                    entry.what()
                        + ", "
                        + time.toStart(entry.askBy())
                        + " ("
                        + EventTime.utc(entry.askBy())
                        + ")"
                        + passed))
        .orElse(new Answer("What must be done by when?", "Nothing more", "every date has passed"));
  }

  private Answer steepness() {
    String arrivals =
        "up to "
            + Figures.count(Math.round(plan.demand().arrivalPeakPerSecond()))
            + " new connections per second";
    Double surge = plan.demand().surgeFactor();
    return surge == null
        ? new Answer(
            "How large is the surge?",
            "Unknown",
            "the event file has no demand.baseline; " + arrivals)
        : new Answer(
            "How large is the surge?",
            Figures.rounded(surge) + " × an ordinary day",
            Figures.percent(surge * 100) + " of its peak; " + arrivals);
  }

  private Answer wrong() {
    List<Risk> open = Risk.of(plan).stream().filter(risk -> !risk.covered()).toList();
    return new Answer(
        "What could go wrong?",
        open.isEmpty() ? "Nothing open" : Figures.count(open.size(), "open risk"),
        open.isEmpty()
            ? "every risk that spike knows is covered"
            : "first: " + open.getFirst().what());
  }
}

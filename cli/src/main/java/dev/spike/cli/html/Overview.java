package dev.spike.cli.html;

import dev.spike.core.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The first screen: is the event ready, what does it cost, what must be decided by when. */
record Overview(Plan plan, EventTime time) {
  private static final int DECISIONS_MAX = 4;

  void write(Markup html) {
    Verdict verdict = Verdict.of(plan);
    html.open("header", "class", "top");
    html.open("p", "class", "eyebrow")
        .text("Capacity plan · " + plan.provider().name() + " · " + plan.event().kind())
        .close();
    html.element("h1", plan.event().name().value());
    html.open("p", "class", "when")
        .text(time.full(plan.event().startsAt()) + " to " + until())
        .close();
    html.open("div", "class", "verdict " + verdict.css());
    html.element("strong", verdict.word());
    html.text(" ").element("span", verdict.because(plan, time));
    html.close();
    html.element("p", plan.headline(), "class", "headline");
    html.open("dl", "class", "figures");
    for (Figure figure : figures()) {
      html.open("div").element("dt", figure.name());
      html.open("dd").element("b", figure.value()).element("span", figure.note()).close();
      html.close();
    }
    html.close();
    decisions(html);
    html.close();
  }

  private String until() {
    boolean sameDay = time.day(plan.event().startsAt()).equals(time.day(plan.event().endsAt()));
    return sameDay ? time.time(plan.event().endsAt()) : time.brief(plan.event().endsAt());
  }

  private record Figure(String name, String value, String note) {}

  private List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    String confidence = plan.demand().confidence();
    figures.add(
        new Figure(
            "Peak connections (" + confidence + ")",
            Figures.count(plan.demand().planned()),
            plan.demand().scale() == 1
                ? "p50 is " + Figures.count(plan.demand().connections().p50())
                : Figures.count(plan.demand().scaled())
                    + " at the scale "
                    + plan.sizes().planned().scale()));
    Double surge = plan.demand().surgeFactor();
    figures.add(
        surge == null
            ? new Figure("Surge", "unknown", "the event file has no demand.baseline")
            : new Figure(
                "Surge over an ordinary day",
                Figures.percent(surge * 100),
                Figures.quantity(surge) + " times the ordinary day"));
    figures.add(
        new Figure(
            "Nodes",
            Figures.count(plan.capacity().nodes()),
            plan.capacity().nodesPerZone()
                + " "
                + plan.capacity().profile()
                + " in each of "
                + Figures.count(plan.capacity().zones(), "zone")));
    if (plan.demand().scale() != 1) {
      Plan.Size full = plan.sizes().fullEvent();
      figures.add(
          new Figure(
              "Nodes of the full event",
              Figures.count(full.nodes()),
              full.profile() + ", " + Figures.count(full.cacheShards(), "cache shard")));
    }
    figures.add(
        new Figure(
            "Cost, first node to teardown",
            Figures.money(plan.cost().total(), plan.cost().currency()),
            budget()
                .map(
                    rule -> (rule.passed() ? "within" : "above") + " the budget of " + rule.limit())
                .orElse("no budget is set")));
    figures.add(
        new Figure(
            "Provisioning is due",
            time.brief(plan.schedule().provisionAt()),
            time.toStart(plan.schedule().provisionAt())
                + " · "
                + EventTime.utc(plan.schedule().provisionAt())));
    return figures;
  }

  private Optional<Plan.PolicyResult> budget() {
    return plan.policy().stream().filter(rule -> rule.id().equals("budget.maxCost")).findFirst();
  }

  private void decisions(Markup html) {
    List<Plan.CalendarEntry> open = new ArrayList<>(Verdict.inState(plan, "too late"));
    open.addAll(Verdict.inState(plan, "due"));
    open.addAll(Verdict.inState(plan, "ok"));
    html.open("div", "class", "decide-by").element("h2", "To decide, and by when");
    if (open.isEmpty()) {
      html.element("p", "This plan asks for no decision.");
    } else {
      html.open("ol");
      open.stream().limit(DECISIONS_MAX).forEach(entry -> decision(html, entry));
      html.close();
    }
    if (open.size() > DECISIONS_MAX) {
      html.open("p")
          .element(
              "a",
              "All " + Figures.count(open.size(), "date") + " in the calendar",
              "href",
              "#calendar")
          .close();
    }
    html.close();
  }

  private void decision(Markup html, Plan.CalendarEntry entry) {
    html.open("li");
    html.element("span", entry.state(), "class", "chip " + CalendarSection.css(entry.state()));
    html.text(" ").element("b", time.brief(entry.askBy())).text(" " + entry.what());
    if (entry.state().equals("too late")) {
      html.text(" ").element("span", "Lost: " + entry.lost() + ".", "class", "lost");
    }
    html.close();
  }
}

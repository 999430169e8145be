package dev.spike.cli.html;

import dev.spike.core.plan.Plan;
import java.util.ArrayList;
import java.util.List;

/** The first screen: is the event ready, what does it cost, what must be decided by when. */
record Overview(Plan plan, EventTime time) {
  private static final int DECISIONS_MAX = 4;

  void write(Markup html) {
    Verdict verdict = Verdict.of(plan);
    html.open("header", "class", "top");
    html.open("p", "class", "eyebrow")
        .text(
            "Capacity plan · provider "
                + plan.provider().name()
                + " · "
                + plan.event().kind()
                + " · as known on "
                + time.brief(plan.made().asOf()))
        .close();
    html.element("h1", plan.event().name().value());
    html.open("p", "class", "when")
        .text(time.full(plan.event().startsAt()) + " to " + until())
        .close();
    html.open("div", "class", "verdict " + verdict.css());
    html.element("strong", verdict.word());
    html.text(" ").element("span", verdict.because(plan, time));
    html.close();
    new Answers(plan, time).write(html);
    decisions(html);
    risks(html);
    html.element("p", plan.headline(), "class", "headline");
    html.close();
  }

  private String until() {
    boolean sameDay = time.day(plan.event().startsAt()).equals(time.day(plan.event().endsAt()));
    return sameDay ? time.time(plan.event().endsAt()) : time.brief(plan.event().endsAt());
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
    html.open("div");
    html.element("b", time.brief(entry.askBy())).text(" " + entry.what());
    if (entry.state().equals("too late")) {
      html.text(" ").element("span", "Lost: " + entry.lost() + ".", "class", "lost");
    }
    html.close().close();
  }

  private void risks(Markup html) {
    html.open("div", "class", "decide-by", "id", "risks").element("h2", "What could go wrong");
    html.open("ul");
    for (Risk risk : Risk.of(plan)) {
      html.open("li");
      html.element(
          "span",
          risk.covered() ? "covered" : "open",
          "class",
          "chip " + (risk.covered() ? "ok" : "due"));
      html.open("div").element("b", risk.what()).text(" " + risk.says()).close().close();
    }
    html.close().close();
  }
}

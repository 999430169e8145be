package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.Words;
import dev.spike.core.demand.backtest.Backtest;
import dev.spike.core.demand.backtest.Score;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How well evenings were forecast, for people and programs. */
final class BacktestReport {
  private BacktestReport() {}

  static Report.Draft of(String command, List<Backtest.Evening> evenings) {
    Score all = Backtest.score(evenings);
    List<Backtest.Evening> comparable = Backtest.comparable(evenings);
    Score compared = Backtest.score(comparable);
    Score previous = Backtest.previousScore(evenings);
    Report.Draft draft =
        Report.of(command)
            .headline(
                "Backtest: "
                    + Words.count(evenings.size(), "evening")
                    + ", "
                    + Words.count(all.minutes(), "minute")
                    + "; p50 covered "
                    + percent(all.p50().covered())
                    + ", p90 "
                    + percent(all.p90().covered())
                    + ", p99 "
                    + percent(all.p99().covered())
                    + "; "
                    + gain(compared, previous))
            .line(
                "  evening               known at              p50     p90     p99    "
                    + "  loss  previous  learned from");
    evenings.forEach(evening -> draft.line(row(evening)));
    draft
        .line(
            "  loss is the mean pinball loss of the three quantiles per minute, in the recording's"
                + " unit; previous is that of repeating the evening before")
        .line(
            "  p50 alone loses "
                + number(compared.p50().pinball())
                + ", the evening before "
                + number(previous.p50().pinball()))
        .fact("evenings", evenings.stream().map(BacktestReport::facts).toList())
        .fact("score", facts(all));
    if (!comparable.isEmpty()) {
      draft
          .fact("compared", facts(compared))
          .fact("previous", facts(previous))
          .fact("gain", 1 - compared.pinball() / previous.pinball());
    }
    return draft.fact("worstCoverageError", all.missed());
  }

  private static String gain(Score forecast, Score previous) {
    if (previous.minutes() == 0) {
      return "no evening before it is recorded";
    }
    double gain = 1 - forecast.pinball() / previous.pinball();
    return "pinball loss "
        + percent(Math.abs(gain))
        + (gain >= 0 ? " below" : " above")
        + " repeating the evening before";
  }

  private static String row(Backtest.Evening evening) {
    Score score = evening.score();
    return String.format(
        Locale.ROOT,
        "  %-20s  %-20s %7s %7s %7s %9s %9s  %s",
        evening.kickoff(),
        evening.asOf(),
        percent(score.p50().covered()),
        percent(score.p90().covered()),
        percent(score.p99().covered()),
        number(score.pinball()),
        evening.previous().isEmpty() ? "-" : number(evening.previousScore().pinball()),
        evening.learnedFrom().isEmpty()
            ? "the plan"
            : String.join(", ", evening.learnedFrom().stream().map(BacktestReport::day).toList()));
  }

  private static String day(Instant kickoff) {
    return kickoff.toString().substring(0, 16);
  }

  private static Map<String, Object> facts(Backtest.Evening evening) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("kickoff", evening.kickoff().toString());
    facts.put("asOf", evening.asOf().toString());
    facts.put("learnedFrom", evening.learnedFrom().stream().map(Instant::toString).toList());
    facts.put("score", facts(evening.score()));
    evening
        .previous()
        .ifPresent(
            before -> {
              facts.put("previousKickoff", before.toString());
              facts.put("previous", facts(evening.previousScore()));
            });
    return facts;
  }

  private static Map<String, Object> facts(Score score) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("minutes", score.minutes());
    facts.put("pinball", score.pinball());
    facts.put("p50", facts(score.p50()));
    facts.put("p90", facts(score.p90()));
    facts.put("p99", facts(score.p99()));
    return facts;
  }

  private static Map<String, Object> facts(Score.Fit fit) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("covered", fit.covered());
    facts.put("pinball", fit.pinball());
    return facts;
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", share * 100);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }
}

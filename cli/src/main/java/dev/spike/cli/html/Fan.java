package dev.spike.cli.html;

import java.util.ArrayList;
import java.util.List;

/**
 * How widely a forecast spreads over time: the median, and what 9 of 10 and 99 of 100 forecasts
 * stay below.
 */
record Fan(List<Moment> moments) {
  Fan {
    moments = List.copyOf(moments);
  }

  /** The quantiles at one x. */
  record Moment(double x, double p50, double p90, double p99) {}

  List<LineChart.Band> bands() {
    return List.of(
        new LineChart.Band(
            "",
            "outer",
            moments.stream().map(m -> new LineChart.Span(m.x(), m.p90(), m.p99())).toList()),
        new LineChart.Band(
            "",
            "inner",
            moments.stream().map(m -> new LineChart.Span(m.x(), m.p50(), m.p90())).toList()));
  }

  List<LineChart.Line> lines() {
    List<LineChart.Point> p50 = new ArrayList<>();
    List<LineChart.Point> p90 = new ArrayList<>();
    List<LineChart.Point> p99 = new ArrayList<>();
    for (Moment moment : moments) {
      p50.add(new LineChart.Point(moment.x(), moment.p50()));
      p90.add(new LineChart.Point(moment.x(), moment.p90()));
      p99.add(new LineChart.Point(moment.x(), moment.p99()));
    }
    return List.of(
        new LineChart.Line("p50", "p50", p50),
        new LineChart.Line("p90", "p90", p90),
        new LineChart.Line("p99", "p99", p99));
  }

  double most() {
    return moments.stream().mapToDouble(Moment::p99).max().orElse(0);
  }
}

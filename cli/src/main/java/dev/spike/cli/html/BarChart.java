package dev.spike.cli.html;

import java.util.List;
import java.util.function.IntFunction;

/**
 * Horizontal bars, each with its name above it, so that long names fit on a phone.
 *
 * @param axis with its unit
 * @param rules vertical lines through all rows, such as what the tier has
 */
record BarChart(Axis axis, List<Row> rows, List<Rule> rules) implements Chart {
  private static final double ROW = 44;
  private static final double BAR = 14;
  private static final double ABOVE = 24;
  private static final double BELOW = 58;
  private static final double SIDE = 10;

  BarChart {
    rows = List.copyOf(rows);
    rules = List.copyOf(rules);
  }

  /** The axis from left to right. */
  record Axis(String title, double from, double to, IntFunction<List<Ticks.Tick>> ticks) {}

  /**
   * One row.
   *
   * @param note at the right end, such as the value
   * @param css of the row's name, or empty
   */
  record Row(String name, String note, String css, List<Bar> bars) {
    Row {
      bars = List.copyOf(bars);
    }
  }

  /** A bar; from and to may be in any order. */
  record Bar(double from, double to, String css) {}

  /** A vertical line. */
  record Rule(double x, String name) {}

  @Override
  public double height(Size size) {
    return ABOVE + rows.size() * ROW + BELOW;
  }

  @Override
  public void draw(Markup svg, Size size) {
    Pen pen = new Pen(svg);
    Scale x = new Scale(axis.from(), axis.to(), SIDE, size.width() - SIDE);
    double bottom = ABOVE + rows.size() * ROW + 4;
    ticks(pen, x, bottom, size);
    for (Rule rule : rules) {
      double half = Pen.width(rule.name()) / 2;
      double middle = Math.clamp(x.at(rule.x()), half, Math.max(half, size.width() - half));
      pen.line(x.at(rule.x()), ABOVE - 8, x.at(rule.x()), bottom, "mark");
      pen.text(middle, ABOVE - 12, rule.name(), "middle", "mark-name");
    }
    double y = ABOVE;
    for (Row row : rows) {
      double noteWidth = Pen.width(row.note()) * 1.12;
      pen.text(
          SIDE,
          y + 15,
          Pen.cut(row.name(), size.width() - noteWidth - 34),
          "start",
          ("row-name " + row.css()).strip());
      pen.text(size.width() - SIDE, y + 15, row.note(), "end", ("row-note " + row.css()).strip());
      for (Bar bar : row.bars()) {
        double from = x.at(Math.min(bar.from(), bar.to()));
        double to = x.at(Math.max(bar.from(), bar.to()));
        pen.rectangle(from, y + 21, Math.max(1.5, to - from), BAR, "bar " + bar.css());
      }
      y += ROW;
    }
  }

  private void ticks(Pen pen, Scale x, double bottom, Size size) {
    pen.line(x.start(), bottom, x.end(), bottom, "axis");
    double free = Double.NEGATIVE_INFINITY;
    for (Ticks.Tick tick : axis.ticks().apply(size.ticksAcross())) {
      double at = x.at(tick.value());
      double half = Math.max(Pen.width(tick.label()), Pen.width(tick.below())) / 2;
      double middle = Math.clamp(at, half, Math.max(half, size.width() - half));
      pen.line(at, ABOVE, at, bottom + 5, "grid");
      if (middle - half < free) {
        continue;
      }
      free = middle + half + 6;
      pen.text(middle, bottom + 19, tick.label(), "middle", "tick");
      if (!tick.below().isEmpty()) {
        pen.text(middle, bottom + 34, tick.below(), "middle", "tick");
      }
    }
    pen.text(size.width() / 2, bottom + 51, axis.title(), "middle", "axis-title");
  }
}

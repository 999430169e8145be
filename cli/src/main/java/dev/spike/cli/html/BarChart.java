package dev.spike.cli.html;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Horizontal bars, each with its name above it, so that long names fit on a phone.
 *
 * @param axis with its unit
 * @param keys what the bars' looks mean, in rows above them
 * @param rules vertical lines across every bar, such as what the tier has
 */
record BarChart(Axis axis, List<Key> keys, List<Row> rows, List<Rule> rules) implements Chart {
  private static final double LINE = 17;
  private static final double BAR = 14;
  private static final double BELOW_BAR = 13;
  private static final double BELOW = 58;
  private static final double SIDE = 10;

  BarChart {
    keys = List.copyOf(keys);
    rows = List.copyOf(rows);
    rules = List.copyOf(rules);
  }

  /** The axis from left to right. */
  record Axis(String title, double from, double to, IntFunction<List<Ticks.Tick>> ticks) {}

  /** What bars of that class say. */
  record Key(String name, String css) {}

  /**
   * One row.
   *
   * @param note at the right end, such as the value; below the name where both are too long
   * @param css of the row's name, or empty
   */
  record Row(String name, String note, String css, List<Bar> bars) {
    Row {
      bars = List.copyOf(bars);
    }
  }

  /** A bar; from and to may be in any order, and nothing is drawn where they are the same. */
  record Bar(double from, double to, String css) {}

  /** A vertical line. */
  record Rule(double x, String name) {}

  /** A row's texts as they fit one size. */
  private record Lines(Row row, List<String> name, boolean noteBelow) {
    static Lines of(Row row, Size size) {
      double room = size.width() - 2 * SIDE;
      boolean below = Pen.boldWidth(row.name()) + Pen.boldWidth(row.note()) + 16 > room;
      return new Lines(row, Pen.lines(row.name(), room), below && !row.note().isEmpty());
    }

    double texts() {
      return LINE * (name.size() + (noteBelow ? 1 : 0));
    }

    double height() {
      return texts() + 4 + BAR + BELOW_BAR;
    }
  }

  /** Where everything stands at one size. */
  private record Layout(Scale x, List<Lines> rows, double top, double bottom) {}

  private Layout layout(Size size) {
    List<Lines> lines = rows.stream().map(row -> Lines.of(row, size)).toList();
    double top = Legend.height(entries(), size.width()) + (rules.isEmpty() ? 6 : 24);
    double bottom = top + lines.stream().mapToDouble(Lines::height).sum();
    return new Layout(
        new Scale(axis.from(), axis.to(), SIDE, size.width() - SIDE), lines, top, bottom);
  }

  private List<Legend.Entry> entries() {
    List<Legend.Entry> entries = new ArrayList<>();
    keys.forEach(key -> entries.add(Legend.Entry.bar(key.name(), key.css())));
    return entries;
  }

  @Override
  public double height(Size size) {
    return layout(size).bottom() + BELOW;
  }

  @Override
  public void draw(Markup svg, Size size) {
    Layout layout = layout(size);
    Pen pen = new Pen(svg);
    Legend.draw(pen, entries(), size.width());
    ticks(pen, layout, size);
    double y = layout.top();
    for (Lines lines : layout.rows()) {
      texts(pen, lines, y, size);
      double bar = y + lines.texts() + 4;
      for (Bar of : lines.row().bars()) {
        bar(pen, layout.x(), of, bar);
      }
      for (Rule rule : rules) {
        double x = layout.x().at(rule.x());
        pen.line(x, bar - 3, x, bar + BAR + 3, "rule");
      }
      y += lines.height();
    }
    for (Rule rule : rules) {
      double half = Pen.width(rule.name()) / 2;
      double x = layout.x().at(rule.x());
      double middle = Math.clamp(x, half, Math.max(half, size.width() - half));
      pen.text(middle, layout.top() - 10, rule.name(), "middle", "mark-name");
      pen.line(x, layout.top() - 6, x, layout.top(), "rule");
    }
  }

  private static void texts(Pen pen, Lines lines, double y, Size size) {
    Row row = lines.row();
    double baseline = y + 13;
    for (String line : lines.name()) {
      pen.text(SIDE, baseline, line, "start", ("row-name " + row.css()).strip());
      baseline += LINE;
    }
    if (row.note().isEmpty()) {
      return;
    }
    String css = ("row-note " + row.css()).strip();
    if (lines.noteBelow()) {
      pen.text(SIDE, baseline, row.note(), "start", css);
    } else {
      pen.text(size.width() - SIDE, y + 13, row.note(), "end", css);
    }
  }

  private static void bar(Pen pen, Scale scale, Bar bar, double y) {
    if (bar.from() == bar.to()) {
      return;
    }
    double from = scale.at(Math.min(bar.from(), bar.to()));
    double to = scale.at(Math.max(bar.from(), bar.to()));
    pen.rectangle(from, y, Math.max(1.5, to - from), BAR, "bar " + bar.css());
  }

  private void ticks(Pen pen, Layout layout, Size size) {
    double bottom = layout.bottom();
    pen.line(layout.x().start(), bottom, layout.x().end(), bottom, "axis");
    double free = Double.NEGATIVE_INFINITY;
    for (Ticks.Tick tick : axis.ticks().apply(size.ticksAcross())) {
      double at = layout.x().at(tick.value());
      double half = Math.max(Pen.width(tick.label()), Pen.width(tick.below())) / 2;
      double middle = Math.clamp(at, half, Math.max(half, size.width() - half));
      pen.line(at, layout.top(), at, bottom + 5, "grid");
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

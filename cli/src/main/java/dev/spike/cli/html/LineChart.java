package dev.spike.cli.html;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Lines and bands over a common axis.
 *
 * @param across of the axis from left to right
 * @param up of the values, from 0
 * @param bands drawn below the lines, in order
 * @param marks vertical rules with a name, such as the start of the event
 * @param levels horizontal rules with a name, such as a capacity
 */
record LineChart(
    Across across, Up up, List<Band> bands, List<Line> lines, List<Mark> marks, List<Level> levels)
    implements Chart {
  private static final double MARK_ROW = 17;
  private static final double BELOW = 58;
  private static final double RIGHT = 14;

  LineChart {
    bands = List.copyOf(bands);
    lines = List.copyOf(lines);
    marks = marks.stream().sorted((a, b) -> Double.compare(a.x(), b.x())).toList();
    levels = List.copyOf(levels);
  }

  /**
   * The axis from left to right.
   *
   * @param title with its unit
   * @param ticks about that many
   */
  record Across(String title, double from, double to, IntFunction<List<Ticks.Tick>> ticks) {}

  /**
   * The axis upwards.
   *
   * @param title with its unit
   * @param most of all values that are drawn
   */
  record Up(String title, double most) {}

  /** One point. */
  record Point(double x, double y) {}

  /** A line; {@code css} is its class in the style sheet. */
  record Line(String name, String css, List<Point> points) {
    Line {
      points = List.copyOf(points);
    }
  }

  /** The area between two values over each x. */
  record Band(String name, String css, List<Span> spans) {
    Band {
      spans = List.copyOf(spans);
    }
  }

  /** From low to high over x. */
  record Span(double x, double low, double high) {}

  /** A vertical rule. */
  record Mark(double x, String name) {
    /** Of its name, which stands to the right of it. */
    private double width() {
      return 5 + Pen.width(name);
    }
  }

  /** A horizontal rule. */
  record Level(double y, String name, String css) {}

  /** Where everything stands at one size; {@code rows} of the marks' names, 0 the lowest. */
  private record Layout(Scale x, Scale y, List<Ticks.Tick> up, List<Integer> rows) {
    double flags() {
      return MARK_ROW * (rows.stream().mapToInt(row -> row).max().orElse(-1) + 1);
    }
  }

  @Override
  public double height(Size size) {
    return layout(size).y().start() + BELOW;
  }

  @Override
  public void draw(Markup svg, Size size) {
    Layout layout = layout(size);
    Pen pen = new Pen(svg);
    Legend.draw(pen, entries(), size.width());
    pen.text(0, layout.y().end() - layout.flags() - 14, up.title(), "start", "axis-title");
    grid(pen, layout);
    ticksAcross(pen, layout, size);
    for (Band band : bands) {
      pen.path(area(band, layout), "band " + band.css());
    }
    for (Level level : levels) {
      double y = layout.y().at(level.y());
      pen.line(layout.x().start(), y, layout.x().end(), y, "level " + level.css());
    }
    flags(pen, layout);
    for (Line line : lines) {
      pen.path(steps(line.points(), layout), "line " + line.css());
    }
  }

  /** A mark's rule reaches up to its name, which stands to the right of it like a flag. */
  private void flags(Pen pen, Layout layout) {
    for (int i = 0; i < marks.size(); i++) {
      double x = layout.x().at(marks.get(i).x());
      double y = layout.y().end() - 5 - layout.rows().get(i) * MARK_ROW;
      pen.line(x, y - 10, x, layout.y().start(), "mark");
      pen.text(x + 5, y, marks.get(i).name(), "start", "mark-name");
    }
  }

  private Layout layout(Size size) {
    boolean wide = size == Size.WIDE || size == Size.MEDIUM;
    double step = Ticks.step(up.most() * 1.04, size.ticksUp());
    double top = step * Math.max(1, Math.ceil(up.most() * 1.02 / step - 1e-9));
    List<Ticks.Tick> ticks =
        Ticks.numbers(
            0, top, step, value -> wide ? Figures.quantity(value) : Figures.compact(value));
    double left = 10 + ticks.stream().mapToDouble(tick -> Pen.width(tick.label())).max().orElse(0);
    Scale x = new Scale(across.from(), across.to(), left, size.width() - RIGHT);
    for (Mark mark : marks) {
      double beyond = x.at(mark.x()) + mark.width() - size.width();
      if (beyond > 0) {
        double share = (mark.x() - across.from()) / (across.to() - across.from());
        x = new Scale(across.from(), across.to(), left, x.end() - beyond / Math.max(0.5, share));
      }
    }
    List<Integer> rows = rows(x);
    double flags = MARK_ROW * (rows.stream().mapToInt(row -> row).max().orElse(-1) + 1);
    double above = Legend.height(entries(), size.width()) + 30 + flags;
    return new Layout(x, new Scale(0, top, above + size.plotHeight(), above), ticks, rows);
  }

  /**
   * The row of each mark's name: above those of the marks whose rules it would cross, so that no
   * rule runs through a name.
   */
  private List<Integer> rows(Scale x) {
    Integer[] rows = new Integer[marks.size()];
    for (int i = marks.size() - 1; i >= 0; i--) {
      double end = x.at(marks.get(i).x()) + marks.get(i).width() + 6;
      int row = 0;
      for (int right = i + 1; right < marks.size(); right++) {
        if (x.at(marks.get(right).x()) < end) {
          row = Math.max(row, rows[right] + 1);
        }
      }
      rows[i] = row;
    }
    return List.of(rows);
  }

  private List<Legend.Entry> entries() {
    List<Legend.Entry> all = new ArrayList<>();
    lines.forEach(line -> all.add(Legend.Entry.line(line.name(), line.css())));
    bands.forEach(band -> all.add(Legend.Entry.area(band.name(), band.css())));
    levels.forEach(level -> all.add(Legend.Entry.line(level.name(), level.css())));
    return all;
  }

  private static void grid(Pen pen, Layout layout) {
    for (Ticks.Tick tick : layout.up()) {
      double y = layout.y().at(tick.value());
      pen.line(layout.x().start(), y, layout.x().end(), y, tick.value() == 0 ? "axis" : "grid");
      pen.text(layout.x().start() - 7, y + 4.5, tick.label(), "end", "tick");
    }
  }

  private void ticksAcross(Pen pen, Layout layout, Size size) {
    double bottom = layout.y().start();
    double free = Double.NEGATIVE_INFINITY;
    for (Ticks.Tick tick : across.ticks().apply(size.ticksAcross())) {
      double x = layout.x().at(tick.value());
      double half = Math.max(Pen.width(tick.label()), Pen.width(tick.below())) / 2;
      pen.line(x, bottom, x, bottom + 5, "axis");
      double middle = Math.min(x, size.width() - half);
      if (middle - half < free) {
        continue;
      }
      free = middle + half + 6;
      pen.text(middle, bottom + 19, tick.label(), "middle", "tick");
      if (!tick.below().isEmpty()) {
        pen.text(middle, bottom + 34, tick.below(), "middle", "tick");
      }
    }
    double half = Pen.width(across.title()) / 2;
    double middle = (layout.x().start() + layout.x().end()) / 2;
    pen.text(
        Math.clamp(middle, half, Math.max(half, size.width() - half)),
        bottom + 52,
        across.title(),
        "middle",
        "axis-title");
  }

  private static CharSequence steps(List<Point> points, Layout layout) {
    StringBuilder path = new StringBuilder();
    for (Point point : points) {
      step(path, layout, point.x(), point.y());
    }
    return path;
  }

  private static CharSequence area(Band band, Layout layout) {
    StringBuilder path = new StringBuilder();
    for (Span span : band.spans()) {
      step(path, layout, span.x(), span.high());
    }
    for (Span span : band.spans().reversed()) {
      step(path, layout, span.x(), span.low());
    }
    return path.append(path.isEmpty() ? "" : "Z");
  }

  private static void step(StringBuilder path, Layout layout, double x, double y) {
    path.append(path.isEmpty() ? 'M' : 'L')
        .append(Pen.number(layout.x().at(x)))
        .append(',')
        .append(Pen.number(layout.y().at(y)));
  }
}

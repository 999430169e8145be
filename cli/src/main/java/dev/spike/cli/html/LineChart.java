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
  private static final double LEGEND_ROW = 20;
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
  record Mark(double x, String name) {}

  /** A horizontal rule. */
  record Level(double y, String name, String css) {}

  /** Where everything stands at one size. */
  private record Layout(
      Scale x, Scale y, List<Ticks.Tick> up, List<List<Entry>> legend, List<Label> marks) {}

  /** What the legend says of one line, band or level. */
  private record Entry(String name, String css, Shape shape, double x) {}

  private enum Shape {
    LINE,
    AREA
  }

  /** A mark's name, in one of the rows above the plot. */
  private record Label(Mark mark, double x, int row) {}

  @Override
  public double height(Size size) {
    return layout(size).y().start() + BELOW;
  }

  @Override
  public void draw(Markup svg, Size size) {
    Layout layout = layout(size);
    Pen pen = new Pen(svg);
    legend(pen, layout);
    pen.text(0, layout.y().end() - rows(layout) * MARK_ROW - 10, up.title(), "start", "axis-title");
    grid(pen, layout);
    ticksAcross(pen, layout, size);
    for (Band band : bands) {
      pen.path(area(band, layout), "band " + band.css());
    }
    for (Level level : levels) {
      double y = layout.y().at(level.y());
      pen.line(layout.x().start(), y, layout.x().end(), y, "level " + level.css());
    }
    for (Line line : lines) {
      pen.path(steps(line.points(), layout), "line " + line.css());
    }
    for (Label label : layout.marks()) {
      double x = layout.x().at(label.mark().x());
      double y = layout.y().end() - 5 - (rows(layout) - 1 - label.row()) * MARK_ROW;
      pen.line(x, y + 3, x, layout.y().start(), "mark");
      pen.text(label.x(), y, label.mark().name(), "middle", "mark-name");
    }
  }

  private Layout layout(Size size) {
    boolean wide = size == Size.WIDE;
    double step = Ticks.step(up.most() * 1.04, size.ticksUp());
    double top = step * Math.max(1, Math.ceil(up.most() * 1.02 / step - 1e-9));
    List<Ticks.Tick> ticks =
        Ticks.numbers(
            0, top, step, value -> wide ? Figures.quantity(value) : Figures.compact(value));
    double left = 10 + ticks.stream().mapToDouble(tick -> Pen.width(tick.label())).max().orElse(0);
    Scale x = new Scale(across.from(), across.to(), left, size.width() - RIGHT);
    List<List<Entry>> legend = entries(size);
    List<Label> labels = labels(x, size);
    double above =
        legend.size() * LEGEND_ROW
            + 26
            + (labels.stream().mapToInt(Label::row).max().orElse(-1) + 1) * MARK_ROW;
    return new Layout(
        x, new Scale(0, top, above + size.plotHeight(), above), ticks, legend, labels);
  }

  private static int rows(Layout layout) {
    return layout.marks().stream().mapToInt(Label::row).max().orElse(-1) + 1;
  }

  /** In rows, each as full as it can be. */
  private List<List<Entry>> entries(Size size) {
    List<Entry> all = new ArrayList<>();
    lines.forEach(line -> all.add(new Entry(line.name(), line.css(), Shape.LINE, 0)));
    bands.forEach(band -> all.add(new Entry(band.name(), band.css(), Shape.AREA, 0)));
    levels.forEach(level -> all.add(new Entry(level.name(), level.css(), Shape.LINE, 0)));
    List<List<Entry>> rows = new ArrayList<>();
    double x = 0;
    for (Entry entry : all) {
      if (entry.name().isEmpty()) {
        continue;
      }
      double width = 30 + Pen.width(entry.name()) + 14;
      if (rows.isEmpty() || x + width > size.width()) {
        rows.add(new ArrayList<>());
        x = 0;
      }
      rows.getLast().add(new Entry(entry.name(), entry.css(), entry.shape(), x));
      x += width;
    }
    return rows;
  }

  private static void legend(Pen pen, Layout layout) {
    double y = 13;
    for (List<Entry> row : layout.legend()) {
      for (Entry entry : row) {
        switch (entry.shape()) {
          case LINE ->
              pen.path(
                  "M" + Pen.number(entry.x()) + "," + Pen.number(y - 4) + "h24",
                  "line key " + entry.css());
          case AREA -> pen.rectangle(entry.x(), y - 10, 24, 11, "band key " + entry.css());
        }
        pen.text(entry.x() + 30, y, entry.name(), "start", "legend");
      }
      y += LEGEND_ROW;
    }
  }

  /** Each name over its rule, inside the picture, in the first row where it fits. */
  private List<Label> labels(Scale x, Size size) {
    List<Label> placed = new ArrayList<>();
    List<Double> endOfRow = new ArrayList<>();
    for (Mark mark : marks) {
      double half = Pen.width(mark.name()) / 2;
      double middle = Math.clamp(x.at(mark.x()), half, Math.max(half, size.width() - half));
      int row = 0;
      while (row < endOfRow.size() && endOfRow.get(row) > middle - half - 8) {
        row++;
      }
      if (row == endOfRow.size()) {
        endOfRow.add(0.0);
      }
      endOfRow.set(row, middle + half);
      placed.add(new Label(mark, middle, row));
    }
    return placed;
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
    pen.text(
        (layout.x().start() + layout.x().end()) / 2,
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

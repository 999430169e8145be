package dev.spike.cli.html;

import java.util.ArrayList;
import java.util.List;

/** What the looks in a chart mean, in rows at its top, each as full as it can be. */
final class Legend {
  private static final double ROW = 20;
  private static final double SIGN = 30;
  private static final double GAP = 14;

  private Legend() {}

  private enum Shape {
    LINE,
    AREA,
    BAR
  }

  /** One look; its class is that of what it explains. */
  record Entry(String name, String css, Shape shape) {
    static Entry line(String name, String css) {
      return new Entry(name, css, Shape.LINE);
    }

    static Entry area(String name, String css) {
      return new Entry(name, css, Shape.AREA);
    }

    static Entry bar(String name, String css) {
      return new Entry(name, css, Shape.BAR);
    }

    private double width() {
      return SIGN + Pen.width(name) + GAP;
    }
  }

  static double height(List<Entry> entries, double width) {
    return rows(entries, width).size() * ROW;
  }

  static void draw(Pen pen, List<Entry> entries, double width) {
    double y = 13;
    for (List<Entry> row : rows(entries, width)) {
      double x = 0;
      for (Entry entry : row) {
        switch (entry.shape()) {
          case LINE ->
              pen.path(
                  "M" + Pen.number(x) + "," + Pen.number(y - 4) + "h24", "line key " + entry.css());
          case AREA -> pen.rectangle(x, y - 10, 24, 11, "band key " + entry.css());
          case BAR -> pen.rectangle(x, y - 10, 24, 11, "key-bar " + entry.css());
        }
        pen.text(x + SIGN, y, entry.name(), "start", "legend");
        x += entry.width();
      }
      y += ROW;
    }
  }

  /** An entry without a name is left out. */
  private static List<List<Entry>> rows(List<Entry> entries, double width) {
    List<List<Entry>> rows = new ArrayList<>();
    double x = 0;
    for (Entry entry : entries) {
      if (entry.name().isEmpty()) {
        continue;
      }
      if (rows.isEmpty() || x + entry.width() - GAP > width) {
        rows.add(new ArrayList<>());
        x = 0;
      }
      rows.getLast().add(entry);
      x += entry.width();
    }
    return rows;
  }
}

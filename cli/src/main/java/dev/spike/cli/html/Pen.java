package dev.spike.cli.html;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Draws lines and texts into an SVG element, to a tenth of a unit. */
record Pen(Markup svg) {
  /** Of the letters in a chart, in its units; the style sheet has the same number. */
  static final double LETTERS = 13;

  /** The mean width of a letter over its height, on the safe side for common fonts. */
  private static final double LETTER_WIDTH = 0.6;

  /** How wide a text is, estimated: nothing is measured on the server side. */
  static double width(String text) {
    return text.length() * LETTERS * LETTER_WIDTH;
  }

  /** Bold letters are wider than that by so much. */
  private static final double BOLD = 1.12;

  /** The same in bold. */
  static double boldWidth(String text) {
    return width(text) * BOLD;
  }

  /** The text in lines that fit that width even in bold; a longer word stands alone, whole. */
  static List<String> lines(String text, double width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && boldWidth(line + " " + word) > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  static String number(double value) {
    double rounded = Math.rint(value * 10) / 10;
    return rounded == Math.rint(rounded)
        ? Long.toString((long) rounded)
        : String.format(Locale.ROOT, "%.1f", rounded);
  }

  void line(double x1, double y1, double x2, double y2, String css) {
    svg.leaf(
        "line",
        "x1",
        number(x1),
        "y1",
        number(y1),
        "x2",
        number(x2),
        "y2",
        number(y2),
        "class",
        css);
  }

  void rectangle(double x, double y, double width, double height, String css) {
    svg.leaf(
        "rect",
        "x",
        number(x),
        "y",
        number(y),
        "width",
        number(Math.max(0, width)),
        "height",
        number(height),
        "class",
        css);
  }

  /**
   * @param anchor start, middle or end
   */
  void text(double x, double y, String text, String anchor, String css) {
    svg.element("text", text, "x", number(x), "y", number(y), "text-anchor", anchor, "class", css);
  }

  void path(CharSequence steps, String css) {
    svg.leaf("path", "d", steps.toString(), "class", css);
  }
}

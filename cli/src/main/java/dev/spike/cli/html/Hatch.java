package dev.spike.cli.html;

/** The hatching of what is estimated; charts fill with it by its name. */
final class Hatch {
  private Hatch() {}

  static void write(Markup html) {
    html.open("svg", "class", "patterns", "width", "0", "height", "0", "aria-hidden", "true");
    html.open("defs");
    pattern(html, "hatch", false);
    pattern(html, "hatch-key", true);
    html.close().close();
  }

  private static void pattern(Markup html, String id, boolean filled) {
    html.open(
        "pattern",
        "id",
        id,
        "width",
        "6",
        "height",
        "6",
        "patternUnits",
        "userSpaceOnUse",
        "patternTransform",
        "rotate(45)");
    if (filled) {
      html.leaf("rect", "width", "6", "height", "6", "class", "hatched");
    }
    html.leaf("rect", "width", "2", "height", "6", "class", "stripe");
    html.close();
  }
}

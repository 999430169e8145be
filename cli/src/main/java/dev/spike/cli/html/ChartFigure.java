package dev.spike.cli.html;

import java.util.ArrayList;
import java.util.List;

/**
 * A chart with its title, what it says in words, and its numbers as a table.
 *
 * @param id unique on the page
 * @param says the finding in a sentence; it is the description that screen readers speak
 * @param numbers the same in numbers; {@link Table#NONE} where a table follows the chart
 */
record ChartFigure(String id, String title, String says, Chart chart, Table numbers) {
  /** Two charts that belong together: side by side where there is room. */
  static void pair(Markup html, ChartFigure left, ChartFigure right) {
    html.open("div", "class", "pair");
    left.write(html, Chart.Size.HALF, Chart.Size.NARROW);
    right.write(html, Chart.Size.HALF, Chart.Size.NARROW);
    html.close();
  }

  void write(Markup html) {
    write(html, Chart.Size.WIDE, Chart.Size.MEDIUM, Chart.Size.NARROW);
  }

  private void write(Markup html, Chart.Size... sizes) {
    html.open("figure", "id", id);
    html.open("figcaption")
        .element("strong", title)
        .text(" ")
        .element("span", says, "class", "says")
        .close();
    for (Chart.Size size : sizes) {
      svg(html, size);
    }
    if (!numbers.rows().isEmpty()) {
      html.open("details").element("summary", "Numbers of this chart");
      numbers.write(html);
      html.close();
    }
    html.close();
  }

  private void svg(Markup html, Chart.Size size) {
    String name = id + "-" + size.css();
    html.open(
        "svg",
        "class",
        "chart " + size.css(),
        "viewBox",
        "0 0 " + Pen.number(size.width()) + " " + Pen.number(chart.height(size)),
        "role",
        "img",
        "aria-labelledby",
        name + "-title " + name + "-desc");
    html.element("title", title, "id", name + "-title");
    html.element("desc", says, "id", name + "-desc");
    chart.draw(html, size);
    html.close();
  }

  /** At most so many of them, evenly taken, always with the first and the last. */
  static <T> List<T> thinned(List<T> all, int most) {
    if (all.size() <= most) {
      return all;
    }
    List<T> some = new ArrayList<>(most);
    for (int i = 0; i < most; i++) {
      some.add(all.get((int) Math.round(i * (all.size() - 1.0) / (most - 1))));
    }
    return some;
  }
}

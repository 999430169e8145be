package dev.spike.cli.html;

import java.util.ArrayList;
import java.util.List;

/**
 * A table; on a phone each row becomes a card in which every cell carries its column's name.
 *
 * @param caption for screen readers
 * @param columns the first heads the row
 */
record Table(String caption, List<Column> columns, List<Row> rows) {
  private static final int LONG_WORD = 24;

  /** No table. */
  static final Table NONE = new Table("", List.of(), List.of());

  Table {
    columns = List.copyOf(columns);
    rows = List.copyOf(rows);
  }

  /** A column. */
  record Column(String name, boolean number) {
    static Column text(String name) {
      return new Column(name, false);
    }

    static Column number(String name) {
      return new Column(name, true);
    }
  }

  /** A row; {@code css} marks it, or is empty. */
  record Row(String css, List<Cell> cells) {
    Row {
      cells = List.copyOf(cells);
    }

    static Row of(String... texts) {
      return marked("", texts);
    }

    static Row marked(String css, String... texts) {
      List<Cell> cells = new ArrayList<>();
      for (String text : texts) {
        cells.add(new Cell(text, ""));
      }
      return new Row(css, cells);
    }
  }

  /** A cell; {@code chip} is the class of a mark around its text, or empty. */
  record Cell(String text, String chip) {}

  void write(Markup html) {
    html.open("table", "role", "table");
    html.element("caption", caption);
    html.open("thead", "role", "rowgroup").open("tr", "role", "row");
    for (Column column : columns) {
      html.element(
          "th", column.name(), "role", "columnheader", "scope", "col", "class", css(column));
    }
    html.close().close().open("tbody", "role", "rowgroup");
    for (Row row : rows) {
      html.open("tr", "role", "row", "class", row.css());
      for (int i = 0; i < columns.size(); i++) {
        cell(html, columns.get(i), row.cells().get(i), i == 0);
      }
      html.close();
    }
    html.close().close();
  }

  /** The same, on a narrow screen behind its summary until it is asked for. */
  void writeFolded(Markup html, String summary) {
    html.open("details", "class", "fold").element("summary", summary);
    write(html);
    html.close();
  }

  private static void cell(Markup html, Column column, Cell cell, boolean head) {
    if (head) {
      html.open("th", "role", "rowheader", "scope", "row", "class", css(column));
    } else {
      html.open("td", "role", "cell", "data-label", column.name(), "class", css(column));
    }
    if (cell.chip().isEmpty()) {
      html.open("span");
      breakable(html, cell.text());
      html.close();
    } else {
      html.open("span", "class", "chip " + cell.chip()).text(cell.text()).close();
    }
    html.close();
  }

  /** A long word of its parts, such as a path, may break where a part begins. */
  private static void breakable(Markup html, String text) {
    if (text.contains(" ") || text.length() < LONG_WORD) {
      html.text(text);
      return;
    }
    int from = 0;
    for (int i = 1; i < text.length(); i++) {
      boolean part =
          text.charAt(i - 1) == '.' || text.charAt(i - 1) == '-' || text.charAt(i - 1) == ':';
      boolean hump =
          Character.isUpperCase(text.charAt(i)) && Character.isLowerCase(text.charAt(i - 1));
      if (part || hump || i - from >= LONG_WORD) {
        html.text(text.substring(from, i)).leaf("wbr");
        from = i;
      }
    }
    html.text(text.substring(from));
  }

  private static String css(Column column) {
    return column.number() ? "number" : "";
  }
}

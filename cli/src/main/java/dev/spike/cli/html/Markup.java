package dev.spike.cli.html;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;

/**
 * Writes well-formed markup, HTML and the SVG within it. Every text and every attribute value is
 * escaped here, so that nothing from a plan can become markup.
 */
final class Markup {
  private static final Set<String> BLOCKS =
      Set.of("head", "body", "section", "figure", "table", "tr", "ul", "ol", "svg", "g", "dl");

  private final StringBuilder out = new StringBuilder(1 << 16);
  private final Deque<String> open = new ArrayDeque<>();

  /** The first line of every page. */
  Markup doctype() {
    out.append("<!doctype html>\n");
    return this;
  }

  /** Opens an element; the attributes are names and values in turn. */
  Markup open(String tag, String... attributes) {
    start(tag, attributes);
    out.append('>');
    open.push(tag);
    return this;
  }

  /** Closes the element that was opened last. */
  Markup close() {
    String tag = open.pop();
    out.append("</").append(tag).append('>');
    if (BLOCKS.contains(tag)) {
      out.append('\n');
    }
    return this;
  }

  /** An element without content, such as {@code meta} or {@code path}. */
  Markup leaf(String tag, String... attributes) {
    start(tag, attributes);
    out.append("/>");
    return this;
  }

  /** An element that holds only a text. */
  Markup element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close();
  }

  /** An element around what the content writes. */
  Markup in(String tag, Runnable content, String... attributes) {
    open(tag, attributes);
    content.run();
    return close();
  }

  Markup text(String text) {
    escape(text);
    return this;
  }

  /** The style sheet of this program, which is not escaped: HTML reads it as it stands. */
  Markup style(String css) {
    if (css.contains("</")) {
      throw new IllegalArgumentException("a style sheet that ends its own element");
    }
    out.append("<style>").append(css).append("</style>\n");
    return this;
  }

  /** All that was written; every element must be closed. */
  String written() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("still open: " + open);
    }
    return out.toString();
  }

  private void start(String tag, String... attributes) {
    if (attributes.length % 2 != 0) {
      throw new IllegalArgumentException("an attribute of <" + tag + "> has no value");
    }
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      if (attributes[i].equals("class") && attributes[i + 1].isEmpty()) {
        continue;
      }
      out.append(' ').append(attributes[i]).append("=\"");
      escape(attributes[i + 1]);
      out.append('"');
    }
  }

  /** Also drops what no XML or HTML text may hold: control characters but tab and newline. */
  private void escape(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> {
          boolean control = c < ' ' && c != '\n' && c != '\t';
          out.append(control || c == 0x7f ? '\ufffd' : c);
        }
      }
    }
  }
}

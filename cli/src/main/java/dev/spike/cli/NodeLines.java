package dev.spike.cli;

import dev.spike.cli.view.Report;
import dev.spike.cli.view.Words;
import dev.spike.core.resource.NodeOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The nodes of a tier as lines for people. Of a large tier, the nodes of a zone that are in the
 * same state for the same reason share a line, so that the one that differs is seen; {@code -v} has
 * every node, and {@code --json} always has.
 */
final class NodeLines {
  /** A tier of at most so many nodes is told node by node. */
  private static final int EACH = 24;

  /** So many nodes of a kind keep their lines. */
  private static final int FEW = 3;

  private NodeLines() {}

  /**
   * One node.
   *
   * @param counts what is counted of it, by what it is called; the same names for every node
   * @param reason why it is in this state; may be empty
   */
  record Line(String node, String state, Map<String, Long> counts, String reason) {
    private String zone() {
      return NodeOrder.zone(node);
    }
  }

  /** Adds the nodes to what is told. */
  static void add(Report.Draft draft, List<Line> nodes, boolean verbose) {
    List<Line> ordered = new ArrayList<>(nodes);
    ordered.sort(Comparator.comparing(Line::node, NodeOrder.BY_NAME));
    Map<List<String>, List<Line>> alike = new LinkedHashMap<>();
    for (Line node : ordered) {
      List<String> kind =
          verbose || nodes.size() <= EACH
              ? List.of(node.node())
              : List.of(node.zone(), node.state(), node.reason());
      alike.computeIfAbsent(kind, ignored -> new ArrayList<>()).add(node);
    }
    for (List<Line> group : alike.values()) {
      if (group.size() <= FEW) {
        group.forEach(node -> draft.line(line("node", node.node(), node.state(), node)));
      } else {
        Line sum = sum(group);
        draft.line(line("zone", sum.zone(), Words.count(group.size()) + " " + sum.state(), sum));
      }
    }
  }

  private static Line sum(List<Line> group) {
    Map<String, Long> counts = new LinkedHashMap<>();
    group.forEach(
        node -> node.counts().forEach((what, count) -> counts.merge(what, count, Long::sum)));
    Line first = group.getFirst();
    return new Line(first.node(), first.state(), counts, first.reason());
  }

  private static String line(String what, String name, String state, Line node) {
    StringBuilder line =
        new StringBuilder(String.format(Locale.ROOT, "  %-6s %-8s %-9s", what, name, state));
    node.counts()
        .forEach(
            (counted, count) ->
                line.append(String.format(Locale.ROOT, " %8s %s", Words.count(count), counted)));
    return node.reason().isEmpty() ? line.toString() : line + "  " + node.reason();
  }
}

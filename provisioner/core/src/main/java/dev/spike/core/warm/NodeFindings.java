package dev.spike.core.warm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is wrong with which nodes: told once for all nodes that it is true of, however many. */
final class NodeFindings {
  /** Names beyond these are counted. */
  private static final int NAMED = 5;

  private final Map<String, List<String>> nodesByFinding = new LinkedHashMap<>();

  /** Notes that {@code finding}, such as "not warm", is true of a node. */
  void add(String node, String finding) {
    nodesByFinding.computeIfAbsent(finding, ignored -> new ArrayList<>()).add(node);
  }

  boolean isEmpty() {
    return nodesByFinding.isEmpty();
  }

  /** Each finding with the names of its nodes: "switched off: a-1, a-2". */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    nodesByFinding.forEach((finding, nodes) -> sentences.add(finding + ": " + names(nodes)));
    return sentences;
  }

  private static String names(List<String> nodes) {
    // One more than is named would take as much room as its name.
    return nodes.size() <= NAMED + 1
        ? String.join(", ", nodes)
        : String.join(", ", nodes.subList(0, NAMED))
            + " and "
            + (nodes.size() - NAMED)
            + " more nodes";
  }
}

package dev.spike.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.spike.cli.view.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The one node that differs is seen in a tier of hundreds. */
class NodeLinesTest {
  @Test
  void aLargeTierIsToldByZoneAndTheNodesThatDifferByName() {
    assertThat(told(nodes(101), false))
        .containsExactly(
            "  zone   a        100 ready      200 connections",
            "  node   a-7      silent           0 connections  no answer",
            "  zone   b        101 ready      202 connections");
  }

  @Test
  void verboseAndSmallTiersAreToldNodeByNodeInTheOrderOfTheirNumbers() {
    assertThat(told(nodes(101), true)).hasSize(202);
    List<String> small = told(nodes(11), false);
    assertThat(small).hasSize(22);
    assertThat(small.get(1)).startsWith("  node   a-2 ");
    assertThat(small.get(10)).startsWith("  node   a-11 ");
  }

  private static List<NodeLines.Line> nodes(int perZone) {
    List<NodeLines.Line> nodes = new ArrayList<>();
    for (String zone : List.of("b", "a")) {
      for (int node = perZone; node > 0; node--) {
        boolean silent = zone.equals("a") && node == 7;
        nodes.add(
            new NodeLines.Line(
                zone + "-" + node,
                silent ? "silent" : "ready",
                Map.of("connections", silent ? 0L : 2L),
                silent ? "no answer" : ""));
      }
    }
    return nodes;
  }

  private static List<String> told(List<NodeLines.Line> nodes, boolean verbose) {
    Report.Draft draft = Report.of("status").headline("Status");
    NodeLines.add(draft, nodes, verbose);
    return draft.exit(ExitCode.DONE).lines().stream().map(Report.Line::text).toList();
  }
}

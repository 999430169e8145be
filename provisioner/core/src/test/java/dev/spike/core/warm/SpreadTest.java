package dev.spike.core.warm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sound tier passes whatever its size, one with a node left out does not. */
class SpreadTest {
  @ParameterizedTest
  @CsvSource({"3", "30", "303", "1500"})
  void aSoundTierOfAnySizePassesAThousandTimes(int nodes) {
    SplittableRandom random = new SplittableRandom(7);
    Spread bounds = Spread.of(nodes, nodes * 20);
    int failed = 0;
    for (int run = 0; run < 1000; run++) {
      failed += bounds.holds(thrown(random, nodes, nodes * 20).values()) ? 0 : 1;
    }
    assertThat(failed).isLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"2", "3", "303"})
  void aNodeThatGetsNothingAndOneThatGetsAllAreOutside(int nodes) {
    Spread bounds = Spread.of(nodes, nodes * 20);
    Map<String, Long> counts = thrown(new SplittableRandom(7), nodes, nodes * 20);
    counts.put("a-1", 0L);
    assertThat(bounds.holds(counts.values())).isFalse();
    counts.put("a-1", 60L);
    assertThat(bounds.holds(counts.values())).isFalse();
  }

  @Test
  void ofManyNodesTheRangeAndWhatIsOutsideAreTold() {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (int node = 1; node <= 40; node++) {
      counts.put("a-" + node, node == 7 ? 0L : 19L + node % 3);
    }
    assertThat(Spread.of(40, 800).told(counts))
        .isEqualTo("between 0 and 21 a node; 0 connections: a-7");
    assertThat(Spread.of(2, 40).told(Map.of("a-1", 20L))).isEqualTo("a-1 20");
  }

  @Test
  void whatIsTrueOfManyNodesIsSaidOnce() {
    NodeFindings findings = new NodeFindings();
    for (int node = 1; node <= 24; node++) {
      findings.add("a-" + node, "switched off");
    }
    findings.add("b-1", "no answer");
    assertThat(findings.sentences())
        .containsExactly(
            "switched off: a-1, a-2, a-3, a-4, a-5 and 19 more nodes", "no answer: b-1");
  }

  private static Map<String, Long> thrown(SplittableRandom random, int nodes, int probes) {
    long[] counts = new long[nodes];
    for (int probe = 0; probe < probes; probe++) {
      counts[random.nextInt(nodes)]++;
    }
    Map<String, Long> named = new LinkedHashMap<>();
    for (int node = 0; node < nodes; node++) {
      named.put("a-" + (node + 1), counts[node]);
    }
    return named;
  }
}

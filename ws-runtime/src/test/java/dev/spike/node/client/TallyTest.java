package dev.spike.node.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Every node of a large tier is counted by its own name; words that others make up are bounded. */
class TallyTest {
  @Test
  void everyNodeOfALargeTierHasItsOwnCount() {
    Tally nodes = Tally.ofNodes();
    for (int node = 1; node <= 1500; node++) {
      nodes.add("a-" + node);
    }
    assertThat(nodes.byName().size()).isEqualTo(1500);
    assertThat(nodes.byName().path("a-1500").asInt()).isOne();
  }

  @Test
  void errorsAreBoundedAndTheMostFrequentComesFirst() {
    Tally errors = Tally.ofErrors();
    for (int error = 0; error < 1000; error++) {
      errors.add("error " + error);
    }
    assertThat(errors.total()).isEqualTo(1000);
    assertThat(errors.errors().size()).isEqualTo(201);
    assertThat(errors.errors().get(0).path("error").asText()).isEqualTo("other");
    assertThat(errors.errors().get(0).path("count").asInt()).isEqualTo(800);
  }
}
